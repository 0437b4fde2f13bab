"""The next posts of a group, as its members see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.messages import Block, Footnote, Heading, Message, Text, literal
from bot.chat.text_tokens import in_words, moment, short_date
from bot.domain.model import Group, PostKind
from bot.views.common import bullets, long_date, plain

NOTHING = "Nothing is scheduled."
_KINDS = {PostKind.QUIZ: "Question", PostKind.PROMPT: "Prompt", PostKind.RECAP: "Weekly recap"}


@dataclass(frozen=True, slots=True)
class Project:
    """The project to come: the ``step`` at whose end it comes, and the date on which that is likely."""

    step: str
    expected: dt.date | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A group's next posts: an instant for each kind that is planned.

    ``prompt`` is the topic of the next prompt. ``running`` is a project with its last day, ``project`` the
    next one. ``skipped`` are dates to come soon that have no posts. Each may be empty.
    """

    title: str
    group: Group
    times: Mapping[PostKind, dt.datetime]
    prompt: str = ""
    running: tuple[str, dt.date] | None = None
    project: Project | None = None
    skipped: Sequence[dt.date] = ()


def coming_message(places: Sequence[Ahead], zone: str) -> Message:
    """Return the next posts of each group; ``zone`` is the reader's where their platform shows no times."""
    several = len(places) > 1
    lines = [_lines(place, zone) for place in places]
    blocks: list[Block] = [Heading("Coming up")]
    for place, told in zip(places, lines, strict=True):
        heading = f"**{literal(place.title)}**\n\n" if several else ""
        blocks.append(Text(heading + (bullets(told) if len(told) > 1 else told[0])))
    said = [
        (f"{place.title}: " if several else "") + "; ".join(plain(in_words(line)) for line in told)
        for place, told in zip(places, lines, strict=True)
    ]
    return Message(
        f"Coming up. {' '.join(said)}",
        (*blocks, Footnote("Get a reminder on days you haven't taken part: /preferences")),
    )


def _lines(place: Ahead, zone: str) -> list[str]:
    if place.group.paused_at is not None:
        until = place.group.resume_on
        return [f"Paused until {long_date(until)}." if until else "Paused. An organiser can resume it."]
    planned = sorted((at, kind) for kind, at in place.times.items() if kind in _KINDS)
    lines = [f"**{_KINDS[kind]}**: {moment(at, zone)}{_about(place, kind)}" for at, kind in planned]
    lines += _project_lines(place)
    if place.skipped:
        lines.append(f"**No posts on** {', '.join(map(short_date, place.skipped))}")
    return lines or [NOTHING]


def _about(place: Ahead, kind: PostKind) -> str:
    return f", on {literal(place.prompt)}" if kind is PostKind.PROMPT and place.prompt else ""


def _project_lines(place: Ahead) -> list[str]:
    lines = []
    if place.running:
        title, until = place.running
        lines.append(f"**Project**: {literal(title)}, until {short_date(until)}")
    if place.project:
        when = f", around {short_date(place.project.expected)}" if place.project.expected else ""
        lines.append(f"**Next project**: at the end of “{literal(place.project.step)}”{when}")
    return lines
