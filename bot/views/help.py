"""What Milepost can do, made from the commands' one declaration."""

from __future__ import annotations

from collections.abc import Iterable

from bot.border.action_id import encode
from bot.border.command import Command
from bot.border.message import Actions, Button, Heading, Message, Style, Text, literal
from bot.border.naming import naming
from bot.views.common import bullets

HOW = (
    "Questions, prompts and projects are posted here on a schedule. Press a letter under a question: "
    "**only you see whether you were right**, and its points are added when it closes. Any honest try "
    "counts for your streak, right or wrong."
)


PAUSED = "This study group is paused right now, so nothing is posted. You can still practise."


def help_message(commands: Iterable[Command], *, organiser: bool, paused: bool = False) -> Message:
    """The commands that this person may use; ``paused`` while the group here is."""
    shown = [c for c in commands if not c.hidden and (organiser or not c.organiser_only)]
    lines = bullets(f"`{naming(c.usage)}` {literal(c.summary)}" for c in shown)
    return Message(
        "What Milepost can do",
        (
            Heading("Milepost"),
            Text(HOW),
            *((Text(f"**{PAUSED}**"),) if paused else ()),
            Text(lines),
            Actions(
                (
                    Button("Try a question", encode("quiz.topic"), Style.PRIMARY),
                    Button("My progress", encode("progress.mine")),
                )
            ),
        ),
    )
