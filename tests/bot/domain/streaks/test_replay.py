"""Lives of members against an oracle that only reads clocks: nobody who does their share loses a streak.

A sample at each run, with a seed that a failure names. LIVES=10000 takes so many, a quarter of each habit,
and STREAK_SEED repeats a run.
"""

import os
import random
import re
import sys
from collections import Counter

import pytest

from bot.domain.model import AskedPost, PostKind
from bot.domain.streaks import (
    Acted,
    Joined,
    NeedsReplay,
    RestDaysSet,
    State,
    StreakSettings,
    ZoneChanged,
    advance,
    last_days,
    rebuild,
    summary,
    up_to_date,
    verdicts,
    windows_of,
)
from bot.domain.streaks.rules import LOOK_BACK, roll
from tests.support import streak_oracle
from tests.support.streak_life import HABITS, PRACTICE, life_of
from tests.support.streak_oracle import TICK

LIVES = int(os.environ.get("LIVES", "60")) // len(HABITS)
SEED = int(os.environ.get("STREAK_SEED") or random.SystemRandom().randrange(10**6))
LOOKS = 4
WORDS = {"neutral": "off"}


class Kept:
    """A member's streak as Milepost keeps it: one state, advanced act by act, always through its JSON."""

    def __init__(self, life):
        self.life = life
        self.settings = StreakSettings(rollover=life.rollover, zone=life.zone)
        self.events = sorted(
            (
                Joined(life.joined),
                *(ZoneChanged(at, zone) for at, zone in life.moves),
                *(RestDaysSet(at, days) for at, days in life.rests),
                *(Acted(at, "x", key_of(life, n, number)) for n, (at, number) in enumerate(life.acts)),
            ),
            key=lambda event: event.at,
        )
        self.taken, self.done = [], {}
        self.json = State.new(self.settings).to_json()

    def goes_on(self, until):
        """Take every event up to an instant, each after a look at the streak."""
        while self.events and self.events[0].at <= until:
            event = self.events.pop(0)
            self.taken.append(event)
            if isinstance(event, Acted) and event.key[:8] != "practice":
                self.done[int(event.key.rpartition(":")[2])] = event.at
            try:
                state = advance(State.from_json(self.json), event, self.settings)
            except NeedsReplay:
                state = rebuild(self.taken, self.settings, self.windows(event.at), event.at)
            self.json = self.judged(state, event.at).to_json()

    def looks(self, now):
        return self.judged(State.from_json(self.json), now)

    def judged(self, state, now):
        """As Milepost does it: what was asked is looked up where a day is over without a verdict."""
        state = roll(state, now, self.settings)
        since = state.blank_since
        return up_to_date(state, now, self.settings, self.windows(now, since - LOOK_BACK) if since else ())

    def windows(self, now, since=None):
        """Windows of the posts, as they were known at an instant."""
        return windows_of(
            [
                self._row(post, now)
                for post in self.life.posts
                if post.sent <= now and (since is None or post.date >= since.date())
            ]
        )

    def _row(self, post, now):
        kind = PostKind.PROMPT if post.prompt else PostKind.QUIZ
        joined, done = self.life.joins[post.group], self.done.get(post.number)
        when = post.date, post.sent, post.closes(now)
        return AskedPost(post.number, post.group, kind, *when, joined, done)


def key_of(life, place, number):
    """As Milepost names acts: an answer to a question, a prompt done or replied to, practice."""
    if number == PRACTICE:
        return f"practice:{place}"
    prompt = next(post.prompt for post in life.posts if post.number == number)
    return f"{('prompt', 'reply')[place % 2] if prompt else 'post'}:{number}"


def check(life, rng):
    """Compare at some instants of the life; returns what each day came to at its end."""
    life.acts = first_of_each(life)
    kept, final = Kept(life), {}
    span = (life.end - life.joined) // TICK
    looks = sorted(life.joined + rng.randrange(span) * TICK for _ in range(LOOKS))
    for now in (*looks, life.end):
        kept.goes_on(now)
        compare(life, kept, now, final)
    return kept


def first_of_each(life):
    """Acts since joining, each only once, oldest first; practice always counts."""
    seen, acts = set(), []
    for at, number in sorted(life.acts):
        if at >= life.joined and (number == PRACTICE or number not in seen):
            seen.add(number)
            acts.append((at, number))
    return acts


def compare(life, kept, now, final):
    where = f"STREAK_SEED={SEED}, life {life.seed}, {now:%d %b %H:%M}"
    state = kept.looks(now)
    days, found, active = streak_oracle.kinds(life, life.known(now), life.acts, now)
    streak, best, freezes, shown_as = streak_oracle.scored(found, active)
    told = verdicts(state, kept.settings)
    statuses = [WORDS.get(told[date].status, str(told[date].status)) for date in days.dates[:-1]]
    assert statuses == shown_as, (where, differing(days.dates, statuses, shown_as))
    numbers = summary(state, now, kept.settings, kept.windows(now))  # looking again changes nothing
    assert (numbers.current, numbers.best, numbers.freezes) == (streak, best, freezes), where
    assert numbers.today == days.dates[-1], where
    window = [*shown_as, "active"] if active else shown_as
    asked = [kind for kind in window[-30:] if kind in ("active", "missed", "frozen")]
    assert (numbers.active_last_30, numbers.asked_last_30) == (asked.count("active"), len(asked)), where
    for date, kind in zip(days.dates, found, strict=False):
        if date in final:
            assert kind == final[date], (where, date, "was final")
        elif kind != "open":
            final[date] = kind
    again = rebuild(kept.taken, kept.settings, kept.windows(now), now)
    assert again == state, where
    assert last_days(again, kept.settings) == last_days(state, kept.settings), where


def differing(dates, told, right):
    return [line for line in zip(map(str, dates), told, right, strict=False) if line[1] != line[2]]


@pytest.mark.parametrize("habit", HABITS)
def test_lives_are_counted_as_the_clocks_say(habit, capsys):
    counts = Counter()
    for number in range(LIVES):
        seed = f"{SEED}-{habit}-{number}"
        rng = random.Random(seed)
        life = life_of(f"{habit} {number}", rng)
        HABITS[habit](life, rng)
        kept = check(life, rng)
        _, found, active = streak_oracle.kinds(life, life.known(life.end), life.acts, life.end)
        counts.update(found)
        counts.update(life.happened)
        numbers = summary(kept.looks(life.end), life.end, kept.settings, kept.windows(life.end))
        keeps_its_promise(habit, found, active, numbers, f"STREAK_SEED={SEED}, life {number}")
    assert counts["off"] > LIVES, "the lives are too empty to prove anything"
    with capsys.disabled():
        told = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
        sys.stderr.write(f"\nseed {SEED}: {LIVES:,} lives of somebody who {habit}: {told}\n")


def keeps_its_promise(habit, found, active, numbers, where):
    active_days = found.count("active") + active
    if habit in ("answers everything", "acts on each duty day"):
        assert "missed" not in found, where
        assert numbers.current == numbers.best == active_days, where
        assert numbers.freezes >= 1, where
    if habit == "does neither":
        letters = "".join({"missed": "m", "active": "a"}.get(kind, "") for kind in found)
        kept = re.split("a*mmm+", letters)[-1]  # more than two freezes have never been anybody's
        assert numbers.current <= kept.count("a") + active, where
