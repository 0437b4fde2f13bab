"""A project challenge, its entries and what was built."""

from __future__ import annotations

from collections.abc import Sequence

from bot.border.action_id import encode
from bot.border.message import (
    Actions,
    Block,
    Button,
    Divider,
    Facts,
    Field,
    Footnote,
    Form,
    Heading,
    Message,
    Style,
    Text,
    literal,
)
from bot.domain.records import Submission
from bot.views.common import bullets, count, numbered, sources
from content.model import Challenge

LEARNED_LENGTH = 600


def challenge_message(challenge: Challenge, joined: int, built: int) -> Message:
    """The channel post: what to build, by when, and how to see that it is done."""
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
            _buttons(challenge, details=True),
            Footnote(f"{joined:,} taking part · {built:,} built"),
        ),
    )


def challenge_details(challenge: Challenge) -> Message:
    """Everything about it, for one who wants to start."""
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
        sources(challenge.references),
        _buttons(challenge, details=False),
    )
    return Message(f"Project details: {challenge.title}", blocks)


def submission_form(challenge: Challenge, link: str = "", learned: str = "") -> Form:
    """Asks for the link and what was learned."""
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
            _buttons(challenge, details=True),
        ),
    )


def _buttons(challenge: Challenge, *, details: bool) -> Actions:
    def button(label: str, route: str, style: Style = Style.PLAIN) -> Button:
        return Button(label, encode(f"challenge.{route}", c=challenge.id), style)

    return Actions(
        (
            button("Join", "join", Style.PRIMARY),
            *((button("Details", "details"),) if details else ()),
            button("Share my project", "submit"),
            button("See what others built", "list"),
        )
    )
