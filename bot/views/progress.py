"""A member's progress and streak."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Button,
    Facts,
    Footnote,
    Heading,
    Message,
    Style,
    Text,
)
from bot.chat.text_tokens import TimeStyle, moment, short_date
from bot.domain.mastery import Mastery
from bot.domain.model import TopicTally
from bot.domain.streaks import DayEntry, DayStatus, Risk, Summary, Verdict
from bot.toolkit.text import isolated
from bot.views.common import count, percent
from bot.views.picture import MASTERY, TOPICS_MET, progress_picture
from content.model import Pack

_MARKS = {DayStatus.REST: "rest", DayStatus.NEUTRAL: "rest", DayStatus.FROZEN: "freeze"}
_WORDS = {
    Verdict.ACTIVE: "● active",
    Verdict.REST: "– rest day",
    Verdict.FROZEN: "❄ covered by a freeze",
    Verdict.NOTHING_ASKED: "– day off (no question)",
    Verdict.IN_TIME: "✓ answered in time",
    Verdict.NO_FAULT: "– day off",
    Verdict.SKIPPED: "– not counted: this date was skipped",
    Verdict.SHORT_FIRST: "– not counted: your first, short day",
    Verdict.SHORT: "– not counted: a short day",
    Verdict.TOO_LONG: "○ no activity (gap longer than your freezes)",
    Verdict.NO_FREEZE: "○ no activity (no freeze left)",
    Verdict.NO_STREAK: "○ no activity",
    Verdict.OPEN: "… still open",
}
STARTS_TODAY = "Your streak starts today"
DONE = "Today is done ✓"


def figures(now: Summary, *, own: bool = True) -> tuple[tuple[str, str], ...]:
    """The numbers as they are shown everywhere: what was done first, then the streak.

    The first is of the days that asked something, such as ("Active", "13 of 13 days asked").
    """
    if now.asked_last_30:
        done = ("Active", f"{now.active_last_30} of {count(now.asked_last_30, 'day')} asked")
    elif own and not now.best:
        done = ("Day one", STARTS_TODAY)
    else:
        done = ("Active", "no days asked lately")
    return (
        done,
        ("Best streak", count(now.best, "day")),
        ("Streak", count(now.current, "day")),
        ("Freezes", f"{now.freezes}"),
    )


def today_line(now: Summary, risks: Sequence[Risk], zone: str) -> str:
    """Tell whether today is done, else until when, and by when an earlier day must be answered."""
    if now.today_counted:
        said = DONE
    elif now.current and not any(risk.day == now.today for risk in risks):
        said = "Your streak is safe until the next question."
    else:
        until = f"You have until {moment(now.counts_until, zone, TimeStyle.TIME)}"
        if now.current:
            said = f"{until} to keep your streak."
        else:
            said = f"{until} to start {'a new' if now.best else 'your'} streak."
    for risk in risks:
        if risk.ends_streak and risk.day < now.today:
            by = moment(risk.by, zone)
            return f"{said} To keep your streak, answer the question that's still open, by {by}."
    return said


def progress_message(
    name: str,
    pack: Pack,
    now: Summary,
    days: Mapping[dt.date, Verdict],
    acts: Mapping[dt.date, int],
    mastery: Mapping[str, Mastery],
    tallies: Mapping[str, TopicTally],
    *,
    own: bool,
) -> Message:
    """Return the picture and the figures; kind to a newcomer who has none yet.

    How often a member was right, and their mastery, which comes from that, is for them alone.
    """
    seen = sum(tally.seen for tally in tallies.values())
    right = sum(tally.correct for tally in tallies.values())
    share = f", {percent(right, seen)} right" if own else ""
    answered = f"{seen:,}{share}" if seen else "none yet"
    title = "Your progress" if own else f"Progress of {isolated(name)}"
    numbers = figures(now, own=own)
    brief = f"active {numbers[0][1]}" if now.asked_last_30 else f"streak {count(now.current, 'day')}"
    return Message(
        f"{title}: {brief}",
        (
            Heading(title),
            progress_picture(
                now.today,
                acts,
                _marks(now, days),
                [(step.title, _reached(mastery[step.id], own=own)) for step in pack.roadmap.steps],
                f"Best streak {count(now.best, 'day')}",
                MASTERY if own else TOPICS_MET,
            ),
            Facts((*numbers, ("Questions answered", answered))),
            *(() if seen or not own else (Text("Answer one question and this picture begins to fill."),)),
            *((_next(mastery, pack),) if own else ()),
        ),
    )


def _reached(done: Mastery, *, own: bool) -> int:
    """A step's mastery in percent, or for others the share of its topics that were met."""
    return done.percent if own else round(100 * done.seen / done.topics)


def _marks(now: Summary, days: Mapping[dt.date, Verdict]) -> dict[dt.date, str]:
    """Return the signs of the picture. Today has none: it is not over."""
    return {
        day: _MARKS[verdict.status]
        for day, verdict in days.items()
        if verdict.status in _MARKS and day < now.today
    }


def _next(mastery: Mapping[str, Mastery], pack: Pack) -> Actions:
    """Return a button to practise where there is most to gain: the met topic with the least mastery."""
    met = [topic for topic in pack.topics if mastery[topic.id].seen]
    weakest = min(met, key=lambda topic: mastery[topic.id].percent, default=None)
    label = f"Practise {isolated(weakest.title)}" if weakest else "Try a question"
    topic = {"t": weakest.id} if weakest else {}
    return Actions((Button(label, encode("quiz.topic", **topic), Style.PRIMARY),))


def streak_message(now: Summary, days: Sequence[DayEntry], risks: Sequence[Risk], zone: str) -> Message:
    """The last days one by one, newest first, and the rules in a line."""
    today = today_line(now, risks, zone)
    return Message(
        f"Streak: {count(now.current, 'day')}, best {count(now.best, 'day')}. {today}",
        (
            Heading("Your streak"),
            Facts(figures(now)),
            Text(
                "  \n".join(_day_line(day, now.today) for day in reversed(days))
                or "Your first day begins with your first answer."
            ),
            Text(today),
            Footnote(
                f"Your zone: {zone}. Every 7 active days earn a freeze (2 at most). Freezes are used "
                "automatically. Rest days and days without a question never break your streak, nor does a "
                "question that you answer while it's open. “Active” is about the last 30 days."
            ),
        ),
    )


def _day_line(day: DayEntry, today: dt.date) -> str:
    open_question = day.verdict.status is DayStatus.OPEN and day.local_date < today
    more = ": you can still answer" if open_question else ""
    return f"`{short_date(day.local_date)}` {_WORDS[day.verdict]}{more} · {day.streak_after}"


MILESTONES = frozenset({7, 30, 100, 365})
"""Days in a row that are celebrated."""

PRACTICE = "Practice counts for your streak and earns no points"


def gain(points: int, now: Summary, days: Sequence[DayEntry]) -> str:
    """Return one line such as "+3 points · 7 days in a row 🎉 · you earned a freeze ❄".

    ``days`` are the member's last days with today last. It tells of the day rather than of the click, so
    that a click that is delivered again is answered alike.
    """
    said = [f"+{count(points, 'point')}" if points else PRACTICE]
    if now.current <= 1:
        said.append("day 1 of your streak")
    else:
        said.append(f"{now.current:,} days in a row{' 🎉' if now.current in MILESTONES else ''}")
    if now.today_counted and len(days) > 1:
        covered: list[str] = []
        for day in reversed(days[:-1]):  # back to the last active one
            if day.verdict.status in (DayStatus.ACTIVE, DayStatus.MISSED):
                break
            if day.verdict.status is DayStatus.FROZEN:
                covered.insert(0, short_date(day.local_date))
        if covered:
            said.append(f"a freeze covered {', '.join(covered)} ❄")
        if days[-1].freezes_after > days[-2].freezes_after:
            said.append("you earned a freeze ❄")
    return " · ".join(said)
