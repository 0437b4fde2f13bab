"""The daily reminder as a message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.action_ids import encode
from bot.chat.messages import Actions, Button, Footnote, Heading, Message, Style, Text, literal
from bot.chat.text_tokens import TimeStyle, moment
from bot.domain.streaks import Summary
from bot.views.common import bullets, count

TITLE = "Still open today"


LAST = (
    "I've reminded you seven times without hearing from you, so this is my last reminder. "
    "You can turn them back on in /preferences whenever you like."
)


def reminder_message(
    tasks: Sequence[str], now: Summary, zone: str, question: int | None, *, is_last: bool
) -> Message:
    """Return what is open, and until when today counts; ``question`` is a post to answer from here.

    The last reminder says that no more will come.
    """
    goal = f"keep your streak of {count(now.current, 'day')}" if now.current else "start a streak"
    until = f"You have until {moment(now.counts_until, zone, TimeStyle.TIME)} to {goal}."
    show = Button("Show the question", encode("reminder.question", p=question or 0), Style.PRIMARY)
    off = Button("No more reminders", encode("reminder.off"))
    return Message(
        f"{TITLE}: {' and '.join(tasks)}. {until}{f' {LAST}' if is_last else ''}",
        (
            Heading(TITLE),
            Text(bullets(map(literal, tasks))),
            Text(until),
            *((Text(LAST),) if is_last else ()),
            Actions((show, off) if question is not None else (off,)),
            Footnote(
                "You turned this on in /preferences. It comes only when something new is open or your "
                "streak would end."
            ),
        ),
    )
