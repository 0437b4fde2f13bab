"""The help message, made from the commands' one declaration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from bot.chat.action_ids import encode
from bot.chat.commands import Command
from bot.chat.messages import Actions, Button, Heading, Message, Style, Text, literal
from bot.chat.text_tokens import naming
from bot.views.common import bullets

PRIVATE = (
    "Answer with the buttons or the menu under a question: **only you see whether you were right**, and "
    "its points are added when it closes. Any honest try counts for your streak, right or wrong."
)


class HelpPlace(Enum):
    """Places where help is asked for; each value says what is posted there."""

    GROUP = "Questions, prompts and projects are posted here on a schedule."
    DIRECT = "Questions, prompts and projects are posted in your group's channel, and you can answer there."
    ELSEWHERE = (
        "This channel isn't a study group, so nothing is posted here. You can practise with /quiz, and an "
        "organiser can start a group with /study setup."
    )
    ALONE = (
        "You aren't in a study group yet. You can practise with /quiz here. To join a group, answer a "
        "question in its channel."
    )


PAUSED = "This study group is paused right now, so nothing is posted. You can still practise."

TAKE_PART = ("quiz", "challenge join", "challenge submit", "preferences", "leave")


def help_message(
    commands: Iterable[Command],
    *,
    organiser: bool,
    place: HelpPlace = HelpPlace.GROUP,
    paused: bool = False,
) -> Message:
    """Return the commands that this person may use, by purpose; ``paused`` while the group here is."""
    shown = [c for c in commands if not c.hidden and (organiser or not c.organiser_only)]
    grouped = place in (HelpPlace.GROUP, HelpPlace.DIRECT)
    how = f"{place.value} {PRIVATE}" if grouped else place.value
    return Message(
        "What Milepost can do",
        (
            Heading("Milepost"),
            Text(naming(how)),
            *((Text(f"**{PAUSED}**"),) if paused else ()),
            *_sections(shown),
            Actions(
                (
                    Button("Try a question", encode("quiz.topic"), Style.PRIMARY),
                    Button("My progress", encode("progress.mine")),
                )
            ),
        ),
    )


def _sections(commands: Iterable[Command]) -> Iterator[Text]:
    """A heading and a list for each kind of command; none for a kind that has no command."""
    sections: dict[str, list[Command]] = {"Take part": [], "See": [], "Organise": []}
    for command in commands:
        part = "Take part" if command.name in TAKE_PART else "See"
        sections["Organise" if command.organiser_only else part].append(command)
    for title, found in sections.items():
        if found:
            lines = bullets(f"`{naming(c.usage)}` {literal(c.summary)}" for c in found)
            yield Text(f"**{title}**\n\n{lines}")
