"""A member's progress and streak."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.border.action_id import encode
from bot.border.clean import isolated
from bot.border.message import (
    Actions,
    Button,
    Facts,
    Footnote,
    Heading,
    Message,
    Style,
    Text,
)
from bot.border.moment import TimeStyle, moment, short_date
from bot.domain.mastery import Mastery
from bot.domain.reasons import NoFault
from bot.domain.records import (
    TopicTally,
)
from bot.domain.streak_walk import DayEntry, Status
from bot.domain.streaks import Ledger, Summary
from bot.views.common import count, percent
from bot.views.picture import progress_picture
from content.model import Pack

LEDGER_DAYS = 14
_MARKS = {Status.REST: "rest", Status.NEUTRAL: "rest", Status.FROZEN: "freeze"}
_WORDS = {
    Status.ACTIVE: "● active",
    Status.REST: "– rest day",
    Status.FROZEN: "❄ covered by a freeze",
    Status.NEUTRAL: "– nobody's fault",
    Status.MISSED: "○ no activity",
    Status.OPEN: "… still open",
}


_NO_FAULT: Mapping[str, str] = {NoFault.NOTHING_POSTED: "nothing was posted"}


def figures(now: Summary) -> tuple[tuple[str, str], ...]:
    """The numbers as they are shown everywhere: what was done first, then the streak."""
    return (
        ("Active", f"{now.active_last_30} of the last {count(now.window_days, 'day')}"),
        ("Best streak", count(now.best, "day")),
        ("Streak", count(now.current, "day")),
        ("Freezes", f"{now.freezes}"),
    )


def progress_message(
    name: str,
    pack: Pack,
    ledger: Ledger,
    acts: Mapping[dt.date, int],
    mastery: Mapping[str, Mastery],
    tallies: Mapping[str, TopicTally],
    *,
    own: bool,
) -> Message:
    """The picture and the figures; kind to a newcomer who has none yet."""
    seen = sum(tally.seen for tally in tallies.values())
    right = sum(tally.correct for tally in tallies.values())
    answered = f"{seen:,}, {percent(right, seen)} right" if seen else "none yet"
    title = "Your progress" if own else f"Progress of {isolated(name)}"
    return Message(
        f"{title}: active {ledger.active_last_30} of the last {count(ledger.window_days, 'day')}",
        (
            Heading(title),
            progress_picture(
                ledger.today,
                acts,
                {day.local_date: _MARKS[day.status] for day in ledger.days if day.status in _MARKS},
                [(step.title, mastery[step.id].percent) for step in pack.roadmap.steps],
                f"Best streak {count(ledger.best, 'day')}",
            ),
            Facts((*figures(ledger), ("Questions answered", answered))),
            *(() if seen or not own else (Text("Answer one question and this picture begins to fill."),)),
            *((_next(mastery, pack),) if own else ()),
        ),
    )


def _next(mastery: Mapping[str, Mastery], pack: Pack) -> Actions:
    """Practise where there is most to gain: the met topic with the least mastery."""
    met = [topic for topic in pack.topics if mastery[topic.id].seen]
    weakest = min(met, key=lambda topic: mastery[topic.id].percent, default=None)
    label = f"Practise {isolated(weakest.title)}" if weakest else "Try a question"
    topic = {"t": weakest.id} if weakest else {}
    return Actions((Button(label, encode("quiz.topic", **topic), Style.PRIMARY),))


def streak_message(ledger: Ledger, zone: str) -> Message:
    """The last days one by one, newest first, and the rules in a line."""
    days = ledger.days[-LEDGER_DAYS:]
    until = moment(ledger.counts_until, zone, TimeStyle.TIME)
    today = "Today counts already." if ledger.today_counted else f"Today counts until {until}."
    return Message(
        f"Streak: {count(ledger.current, 'day')}, best {count(ledger.best, 'day')}. {today}",
        (
            Heading("Your streak"),
            Facts(figures(ledger)),
            Text(
                "  \n".join(map(_day_line, reversed(days)))
                or "Your first day begins with your first answer."
            ),
            Text(today),
            Footnote(
                f"Your zone: {zone}. Seven active days earn a freeze, two are kept at most, and they are "
                "spent by themselves. Rest days and days without a post cost nothing."
            ),
        ),
    )


def _day_line(day: DayEntry) -> str:
    why = _NO_FAULT.get(day.note, "") if day.status is Status.NEUTRAL else ""
    note = f" ({why})" if why else ""
    return f"`{short_date(day.local_date)}` {_WORDS[day.status]}{note} · {day.streak_after}"
