"""A project challenge, its entries and what was built."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Code,
    Divider,
    Facts,
    Field,
    File,
    Footnote,
    Form,
    Heading,
    Message,
    Style,
    Text,
    literal,
)
from bot.domain.model import Submission
from bot.views.common import bullets, count, numbered, sources
from content.model import Challenge
from content.tries import StarterFile

LEARNED_LENGTH = 600

PART = 2500
"""Characters of a starter file in one message, where a chat shows no files."""


class Stage(StrEnum):
    """The stage of a project in a group: it was POSTED there, comes NEXT, or may come LATER."""

    POSTED = "posted"
    NEXT = "next"
    LATER = "later"


def challenge_message(
    challenge: Challenge, joined: int, built: int, stage: Stage = Stage.POSTED
) -> Message:
    """Return the channel post: what to build, by when, and how to see that it is done."""
    return Message(
        f"Project: {challenge.title}",
        (
            Heading(f"Project · {challenge.title}"),
            Text(challenge.summary),
            Facts(
                (
                    ("Work", f"{challenge.hours.low:g} to {challenge.hours.high:g} hours"),
                    ("Time", count(challenge.days, "day")),
                )
            ),
            Text(f"**Done when**\n\n{bullets(challenge.acceptance)}"),
            _buttons(challenge, stage, details=True),
            Footnote(_figures(joined, built, stage)),
        ),
    )


def challenge_details(challenge: Challenge, stage: Stage = Stage.POSTED) -> Message:
    """Return everything about a project, for one who wants to start."""
    milestones = numbered(f"**Day {m.day}:** {m.deliverable} *{m.check_in}*" for m in challenge.milestones)
    blocks: tuple[Block, ...] = (
        Heading(challenge.title),
        Text(f"**Start here**\n\n{challenge.starter}"),
        Text(f"**Milestones**\n\n{milestones}"),
        Text(f"**Pitfalls**\n\n{bullets(challenge.pitfalls)}"),
        Text(f"**Going further**\n\n{bullets(challenge.stretch)}"),
        Text(f"**Working alone:** {challenge.alone}"),
        Divider(),
        Text(f"**When you share it:** {challenge.share_template}"),
        *sources(challenge.references),
        _buttons(challenge, stage, details=False),
    )
    return Message(f"Project details: {challenge.title}", blocks)


def starter_message(challenge: Challenge, files: Sequence[StarterFile]) -> Message:
    """Return the files that come with a project, and how to run the tests among them."""
    names = ", ".join(f"`{file.name}`" for file in files)
    checks = challenge.checks
    told = f"`{checks.first}` passes at once. You're done when `{checks.run}` passes too." if checks else ""
    instead = "This chat shows no files. Press a button below to read one."
    return Message(
        f"Starter files: {challenge.title}",
        (
            Heading(f"Starter files · {challenge.title}"),
            Text(f"Save {names} in one folder. {told}".strip()),
            *(File(file.name, file.text, file.name, instead) for file in files),
            Actions(
                tuple(
                    Button(f"Read {file.name}", encode("challenge.file", c=challenge.id, n=number, part=1))
                    for number, file in enumerate(files, 1)
                )
            ),
        ),
    )


def starter_part(challenge: Challenge, file: StarterFile, number: int, part: int) -> Message | None:
    """Return one part of a starter file as text, counted from 1; None for one that there isn't.

    ``number`` is the place of the file among the starter files, counted from 1.
    """
    parts = _parts(file.text)
    if not 0 < part <= len(parts):
        return None
    following = Button(
        "Next part", encode("challenge.file", c=challenge.id, n=number, part=part + 1), Style.PRIMARY
    )
    language = "python" if file.name.endswith(".py") else "text"
    return Message(
        f"{file.name}, part {part} of {len(parts)}",
        (
            Heading(f"{file.name} · part {part} of {len(parts)}"),
            Code(parts[part - 1], language),
            *((Actions((following,)),) if part < len(parts) else ()),
        ),
    )


def submission_form(challenge: Challenge, link: str = "", learned: str = "") -> Form:
    """Return the form that asks for the link and what was learned."""
    return Form(
        "Share what you built",
        encode("challenge.built", c=challenge.id),
        (
            Field("link", "Link to what you built", link, "https://", max_length=300),
            Field("learned", "What did you learn?", learned, long=True, max_length=LEARNED_LENGTH),
        ),
        "Share",
    )


def built_message(
    challenge: Challenge,
    built: Sequence[tuple[Submission, str]],
    total: int,
    skip: int = 0,
    stage: Stage = Stage.POSTED,
    *,
    own: bool = False,
) -> Message:
    """Return what members built, newest first: those after the first ``skip`` of ``total``.

    ``own`` says that the reader has shared something, which they can remove.
    """
    lines = [
        f"**{literal(name)}**: <{submission.url}>\n{literal(submission.learned)}"
        for submission, name in built
    ]
    body = bullets(lines) if lines else "Nothing here yet. Yours could be the first."
    last = skip + len(built)
    more = Button("Show more", encode("challenge.list", c=challenge.id, n=last), Style.PRIMARY)
    remove = Button("Remove mine", encode("challenge.remove", c=challenge.id))
    return Message(
        f"{count(total, 'project')} shared: {challenge.title}",
        (
            Heading(f"Projects: {challenge.title}"),
            Text(body),
            *((Text(f"{skip + 1:,} to {last:,} of {total:,}."),) if built and len(built) < total else ()),
            *((Actions((more,)),) if last < total else ()),
            *((Actions((remove,)),) if own else ()),
            _buttons(challenge, stage, details=True),
        ),
    )


def _parts(text: str) -> list[str]:
    """Cut a text at ends of lines into parts that one message shows."""
    parts = [""]
    for line in text.splitlines(keepends=True):
        if parts[-1] and len(parts[-1]) + len(line) > PART:
            parts.append("")
        parts[-1] += line
    return parts


def _figures(joined: int, built: int, stage: Stage) -> str:
    match stage:
        case Stage.POSTED:
            return f"{joined:,} taking part · {built:,} built"
        case Stage.NEXT:
            return f"{joined:,} taking part · not posted yet"
        case Stage.LATER:
            return "Not posted in your group yet"


def _buttons(challenge: Challenge, stage: Stage, *, details: bool) -> Actions:
    """Return the buttons: nobody joins a project far ahead, or shares one that was not posted."""

    def button(label: str, route: str, style: Style = Style.PLAIN) -> Button:
        return Button(label, encode(f"challenge.{route}", c=challenge.id), style)

    return Actions(
        (
            *((button("Join", "join", Style.PRIMARY),) if stage is not Stage.LATER else ()),
            *((button("Details", "details"),) if details else ()),
            *((button("Starter files", "files"),) if challenge.starter_files and not details else ()),
            *((button("Share my project", "submit"),) if stage is Stage.POSTED else ()),
            button("See what others built", "list"),
        )
    )
