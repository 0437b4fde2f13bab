"""What a member is reminded of, and how they are told of reminders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.border.action_id import encode
from bot.border.message import Actions, Button, Footnote, Heading, Message, Style, Text, literal
from bot.border.moment import TimeStyle, moment
from bot.views.common import bullets

TITLE = "Still open today"


def reminder_message(
    tasks: Sequence[str], counts_until: dt.datetime, zone: str, question: int | None
) -> Message:
    """What is open, and until when today counts; ``question`` is a post to answer from here."""
    until = f"Today counts until {moment(counts_until, zone, TimeStyle.TIME)}."
    show = Button("Show the question", encode("reminder.question", p=question or 0), Style.PRIMARY)
    off = Button("No more reminders", encode("reminder.off"))
    return Message(
        f"{TITLE}: {' and '.join(tasks)}. {until}",
        (
            Heading(TITLE),
            Text(bullets(map(literal, tasks))),
            Text(until),
            Actions((show, off) if question is not None else (off,)),
            Footnote("You asked for this with /preferences. It comes only while a day has no activity."),
        ),
    )
