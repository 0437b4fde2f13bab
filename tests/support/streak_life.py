"""Random lives: groups that post, change their minds, pause and fail, and a member somewhere else.

A life is made of plain facts. What a group posts is worked out slot by slot, as its organiser would see it;
all times are whole quarters of an hour.
"""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from tests.support.streak_oracle import DAY, TICK, Asked, days_of, duty

PRACTICE = 0
QUESTION = False
"""The kind of a post that is no prompt."""
SIX_HOURS = dt.timedelta(hours=6)
ZONES = (
    "Etc/GMT+12",
    "Pacific/Pago_Pago",
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Atlantic/Azores",
    "Europe/London",
    "Africa/Casablanca",
    "Europe/Berlin",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Tehran",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Kiritimati",
)
STARTS = tuple(dt.datetime(2026, month, day, tzinfo=dt.UTC) for month, day in ((2, 20), (6, 1), (10, 5)))


@dataclass
class Post:
    """Post; ``closings`` are pairs of the time at which a closing was set, and the closing."""

    number: int
    group: int
    date: dt.date
    sent: dt.datetime
    prompt: bool
    closings: list = field(default_factory=list)

    def closes(self, now):
        """Closing of the post as known at an instant; None for a prompt."""
        return next((closes for since, closes in reversed(self.closings) if since <= now), None)


@dataclass
class Life:
    """A member's zone and changes, what their groups posted, and ``acts`` of (at, number)."""

    seed: str
    start: dt.datetime
    end: dt.datetime
    zone: str
    rollover: dt.time
    joined: dt.datetime
    joins: dict
    moves: list
    rests: list
    posts: list
    acts: list = field(default_factory=list)
    happened: list = field(default_factory=list)
    days: object = None
    """Days as the oracle found them, computed once."""

    def known(self, now):
        """Everything that had been posted at an instant, as it stood then."""
        return [asked_as_of(post, self.posts, now) for post in self.posts if post.sent <= now]


def asked_as_of(post, posts, now):
    """A prompt asks until the group's next one, a week at most; a question until it closes."""
    if not post.prompt:
        return Asked(post.number, post.group, post.date, post.sent, post.closes(now), prompt=False)
    week = post.sent + 7 * DAY
    later = [
        each.sent
        for each in posts
        if each.prompt and each.group == post.group and post.sent < each.sent <= now
    ]
    return Asked(post.number, post.group, post.date, post.sent, min([week, *later]), prompt=True)


def life_of(seed, rng):
    """A life of six to nine weeks without acts."""
    start = rng.choice(STARTS) + rng.randrange(20) * DAY
    end = start + rng.randrange(42, 64) * DAY
    joined = start + rng.randrange(96) * TICK
    rollover = dt.time(rng.choice((0, 3, 3, 3, 4)))
    life = Life(seed, start, end, rng.choice(ZONES), rollover, joined, {}, [], [], [])
    for group in range(1, rng.choice((1, 1, 1, 2)) + 1):
        life.joins[group] = joined if group == 1 else joined + rng.randrange(10 * 96) * TICK
        GroupLife(life, group, rng).live()
    life.posts.sort(key=lambda post: post.sent)
    for number, post in enumerate(life.posts, 1):
        post.number = number
    if rng.random() < 0.4:
        life.moves = [(at, rng.choice(ZONES)) for at in spread(life, rng)]
    if rng.random() < 0.3:
        life.rests = [(at, frozenset(rng.sample(range(7), rng.randint(0, 2)))) for at in spread(life, rng)]
    return life


def spread(life, rng):
    """Some instants, far enough apart for changes of zone or rest days to be granted."""
    at, found = life.joined + rng.randrange(1, 10 * 96) * TICK, []
    while at < life.end:
        found.append(at)
        at += 9 * DAY + rng.randrange(20 * 96) * TICK
    return found


class GroupLife:
    """One group's schedules, and what its organiser and its fate do to them."""

    def __init__(self, life, number, rng):
        self.life, self.number, self.rng = life, number, rng
        self.zone = rng.choice(ZONES)
        self.rules = {prompt: (self._days(), self._time()) for prompt in (False, True)}
        if rng.random() < 0.5:  # as a group begins: the prompt comes with every second question
            days, at = self.rules[False]
            self.rules[True] = frozenset(sorted(days)[::2]), at
        if rng.random() < 0.15:
            self.rules[rng.choice((False, True))] = None
        self.skipped, self.paused, self.down = set(), None, None
        self.posts = []

    def live(self):
        deeds = self._deeds()
        now = self.life.start - 9 * DAY
        while now < self.life.end:
            while deeds and deeds[0][0] <= now:
                self._do(deeds.pop(0)[1], now)
            local = now.astimezone(ZoneInfo(self.zone))
            for prompt in (False, True):
                date = self._slot_at(prompt, now, local)
                if date is not None and not self._is_served(prompt, date):
                    self._post(prompt, date, now)
            now += TICK
        self.life.posts += [post for post in self.posts if post.sent < self.life.end]

    def _deeds(self):
        names = ("change", "change", "skip", "pause", "outage", "hand", "hand", "off")
        some = self.rng.randint(0, 5)
        span = (self.life.end - self.life.start) // TICK
        return sorted(
            (self.life.start + self.rng.randrange(span) * TICK, self.rng.choice(names)) for _ in range(some)
        )

    def _do(self, deed, now):
        self.life.happened.append(deed)
        rng = self.rng
        if deed in ("change", "off"):
            kind = rng.choice((False, True))
            self.rules[kind] = None if deed == "off" else (self._days(), self._time())
        elif deed == "skip":
            today = now.astimezone(ZoneInfo(self.zone)).date()
            self.skipped |= {today + rng.randrange(1, 12) * DAY for _ in range(rng.randint(1, 4))}
        elif deed == "pause" and self.paused is None:
            self.paused = now, now + rng.randrange(4, 12 * 96) * TICK
        elif deed == "outage":
            self.down = now, now + rng.randrange(1, 4 * 96) * TICK
        elif deed == "hand" and not self._is_away(now):
            kind = rng.choice((False, True))
            self._send(kind, now.astimezone(ZoneInfo(self.zone)).date(), now, at_least=SIX_HOURS)
        self._close_anew(now)

    def _is_away(self, now):
        return any(span and span[0] <= now < span[1] for span in (self.paused, self.down))

    def _post(self, prompt, date, now):
        """A slot: left out in a pause, made up for on the same date after an outage."""
        if self.paused and self.paused[0] <= now < self.paused[1]:
            return
        sent = now
        if self.down and self.down[0] <= now < self.down[1]:
            sent = self.down[1]
            if sent.astimezone(ZoneInfo(self.zone)).date() != date:
                self.life.happened.append("post missed")
                return
        self._send(prompt, date, sent)

    def _send(self, prompt, date, sent, at_least=dt.timedelta()):
        closes = None if prompt else self._slot_after(sent + at_least, sent)
        if prompt or closes > sent:
            closings = [] if prompt else [(sent, closes)]
            self.posts.append(Post(0, self.number, date, sent, prompt, closings))

    def _close_anew(self, now):
        """Move the closing of open posts to the group's next slot; during a pause it stays."""
        if self.rules[False] is None or (self.paused and self.paused[0] <= now < self.paused[1]):
            return
        for post in self.posts:
            if not post.prompt and post.sent <= now < post.closes(now):
                closes = self._slot_after(now, now)
                if closes != post.closes(now):
                    post.closings.append((now, closes))

    def _slot_after(self, after, known):
        """The next slot of the questions; a day later where there is none."""
        if self.rules[False] is None:
            return after + DAY
        date = after.astimezone(ZoneInfo(self.zone)).date() - DAY
        for _ in range(40):
            slot = self._slot_of(QUESTION, date)
            if slot and slot > after and not self._is_served(QUESTION, date):
                return slot
            date += DAY
        return known + 7 * DAY

    def _slot_at(self, prompt, now, local):
        """The date whose slot is now; None without one."""
        rule = self.rules[prompt]
        if (
            rule is None
            or (local.hour * 60 + local.minute - rule[1].hour * 60 - rule[1].minute) % 1440 > 60
        ):
            return None  # a gap of the clocks puts a slot off by an hour at most
        for date in (local.date() - DAY, local.date()):
            if self._slot_of(prompt, date) == now:
                return date
        return None

    def _slot_of(self, prompt, date):
        rule = self.rules[prompt]
        if rule is None or date.weekday() not in rule[0] or date in self.skipped:
            return None
        local = dt.datetime.combine(date, rule[1], ZoneInfo(self.zone))
        return local.astimezone(dt.UTC)

    def _is_served(self, prompt, date):
        return any(post.prompt == prompt and post.date == date for post in self.posts)

    def _days(self):
        return frozenset(self.rng.sample(range(7), self.rng.randint(1, 7)))

    def _time(self):
        return dt.time(self.rng.randrange(24), self.rng.choice((0, 0, 30)))


def answers_everything(life, rng):
    """Each question while it is open, at any time of it; a prompt only where it comes alone."""
    for post in life.posts:
        if post.sent <= life.joins[post.group]:
            continue
        last = asked_as_of(post, life.posts, life.end)
        together = [each for each in life.posts if (each.group, each.date) == (post.group, post.date)]
        if post.prompt and any(not each.prompt and each.sent > life.joins[each.group] for each in together):
            continue
        at = post.sent + rng.randrange(max((closing(post, last) - post.sent) // TICK, 1)) * TICK
        if at < life.end:
            life.acts.append((at, post.number))


def closing(post, last):
    """The first instant at which it was closed, as closings were known at the time."""
    now = post.sent
    while not post.prompt and post.closes(now) > now:
        later = [since for since, _ in post.closings if now < since < post.closes(now)]
        now = min(later, default=post.closes(now))
    return last.until if post.prompt else now


def acts_on_each_duty_day(life, rng):
    """Practice on each day that something asked for, and on no other."""
    days = days_of(life, life.end)
    last = [asked_as_of(post, life.posts, life.end) for post in life.posts]
    owed = {duty(asked, days) for asked in last if asked.sent > life.joins[asked.group]} - {None}
    life.acts += [(a_time_of(days, place, rng), PRACTICE) for place in owed]


def does_neither(life, rng):
    """Active on days on which nothing is owed, and on no duty day; nothing is answered."""
    days = days_of(life, life.end)
    last = [asked_as_of(post, life.posts, life.end) for post in life.posts]
    owed = {duty(asked, days) for asked in last}
    free = [place for place in range(len(days.dates) - 1) if place not in owed]
    lived = [place for place in free if days.begins[place] < days.begins[place + 1]]
    life.acts += [(a_time_of(days, place, rng), PRACTICE) for place in lived if rng.random() < 0.8]


def does_anything(life, rng):
    """Answers some, in time or not, practises now and then, and does some prompts."""
    eagerness = rng.random()
    for post in life.posts:
        if rng.random() < eagerness:
            at = post.sent + rng.randrange(8 * 96 if rng.random() < 0.2 else 120) * TICK
            if life.joined <= at < life.end and (post.prompt or at < closing(post, None)):
                life.acts.append((at, post.number))
    days = (life.end - life.joined) // TICK
    life.acts += [(life.joined + rng.randrange(days) * TICK, PRACTICE) for _ in range(rng.randrange(12))]


def a_time_of(days, place, rng):
    begin, end = days.begins[place], days.begins[place + 1]
    return begin + rng.randrange(max((end - begin) // TICK, 1)) * TICK


HABITS = {
    "answers everything": answers_everything,
    "acts on each duty day": acts_on_each_duty_day,
    "does neither": does_neither,
    "does anything": does_anything,
}
