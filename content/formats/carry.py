"""Questions narrowed to the kinds and parts that a format says it carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from content.formats.base import Aspect, Found


def narrowed(found: Found, carries: frozenset[Aspect]) -> tuple[Found | None, list[str]]:
    """Return a question as far as a format carries it, and what it leaves out; None if all of it."""
    if found.kind not in carries:
        return None, [f"the whole question: the format has no place for the kind {found.kind}"]
    if found.code and Aspect.CODE not in carries:
        return None, ["the whole question: the format has no place for its code"]
    lost: list[str] = []
    for aspect, name in _PARTS.items():
        value = getattr(found, name)
        if aspect not in carries and value:
            lost.append(_told(aspect, value))
    found = _without({_PARTS[aspect] for aspect in _PARTS if aspect not in carries}, found)
    aspect = _FEEDBACK.get(found.kind, Aspect.FEEDBACK)
    if aspect not in carries and any(_feedback(found)):
        found = _silenced(found)
        lost.append(str(aspect))
    return found, lost


_FEEDBACK = {Aspect.ORDER: Aspect.ITEM_FEEDBACK, Aspect.MATCH: Aspect.PAIR_FEEDBACK}

_PARTS = {
    Aspect.ID: "id",
    Aspect.TOPIC: "topic",
    Aspect.CODE: "code",
    Aspect.MISTAKES: "mistakes",
    Aspect.TOLERANCE: "tolerance",
    Aspect.HINTS: "hints",
    Aspect.EXPLANATION: "explanation",
    Aspect.TAGS: "tags",
    Aspect.DIFFICULTY: "difficulty",
    Aspect.OBJECTIVE: "objective",
    Aspect.BLOOM: "bloom",
    Aspect.REFERENCES: "references",
}
_DEFAULTS = {each.name: each.default for each in fields(Found)}


def _without(names: set[str], found: Found) -> Found:
    """Return a question with these parts as if nobody had given them."""
    changes: dict[str, Any] = {name: _DEFAULTS[name] for name in names}
    return replace(found, **changes)


def _told(aspect: Aspect, value: object) -> str:
    if isinstance(value, tuple) and aspect not in {Aspect.TAGS, Aspect.REFERENCES}:
        return f"{len(value)} {aspect if len(value) > 1 else str(aspect).rstrip('s')}"
    return str(aspect)


def _feedback(found: Found) -> Iterator[str]:
    yield from (each.feedback for each in found.choices)
    yield from (each.feedback for each in found.pairs)


def _silenced(found: Found) -> Found:
    return replace(
        found,
        choices=tuple(replace(each, feedback="") for each in found.choices),
        pairs=tuple(replace(each, feedback="") for each in found.pairs),
    )
