"""Questions of a pack made of what a foreign file says, cut to what a question may be; each cut is told."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container
from typing import Any

from pydantic import ValidationError

from content.formats.base import NO_EXPLANATION, Aspect, Choice, Found, Source
from content.formats.decode import visible
from content.model import Bloom, Question, Reference, parse_question

STEM, OPTION, FEEDBACK, HINT, EXPLANATION, CODE = 300, 200, 320, 200, 700, 900
ITEM, LEFT = 120, 80
SHORTEST_STEM, SHORTEST_EXPLANATION = 15, 40
OPTIONS, ITEMS, PAIRS, ACCEPTED, MISTAKES, HINTS, TAGS, REFERENCES = 5, 6, 5, 20, 8, 2, 20, 4
SHORTEST_OBJECTIVE, OBJECTIVE = 20, 200
SLUG, SHORT_SLUG, PLAIN_SLUG = 60, 16, 48
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


TOO_SHORT = "Say here in more words why the answer is right."
"""Follows an explanation that is shorter than ours may be; the question is a draft."""


class UnfitError(Exception):
    """Error: what was found makes no question; the text says why."""


def built(found: Found, taken: Container[str] = ()) -> tuple[Question, list[str]]:
    """Return a question, and what was left out of it. Raises UnfitError.

    It is a draft where its explanation or the feedback on a wrong answer is missing.
    """
    lost = [*found.lost]
    raw = _common(found, lost) | _answers(found, lost)
    silent = any(not each.get("feedback") and not each.get("correct") for each in raw.get("options", ()))
    if len(found.explanation) < SHORTEST_EXPLANATION or silent:
        raw["status"] = "draft"
    raw["id"] = _id(found, taken)
    try:
        return parse_question(raw), lost
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"][1:])) or "it"
        raise UnfitError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None


def slug(text: str, most: int = SLUG) -> str:
    """Return an id made of a text: small letters and digits of it, joined by hyphens; "" if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:most]
        if len(longer) > most:
            break
        made = longer
    return made


def id_of(stem: str) -> str:
    """Return the id that a stem makes: its words, and where they don't say all of it a digest of it."""
    words = slug(stem, SLUG)
    if words and len(words) <= PLAIN_SLUG:
        return words
    return f"{slug(stem, PLAIN_SLUG) or 'question'}-{_digest(stem)}"


def _id(found: Found, taken: Container[str]) -> str:
    own = found.id if len(found.id) <= SLUG and _SLUG.fullmatch(found.id) else ""
    name = own or id_of(found.stem)
    if name not in taken:
        return name
    all_of_it = f"{found.stem}{found.code}{found.choices}{found.pairs}{found.accept}{found.value}"
    name = f"{slug(name, PLAIN_SLUG)}-{_digest(all_of_it)}"
    if name in taken:
        raise UnfitError("the same question is there already")
    return name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _common(found: Found, lost: list[str]) -> dict[str, Any]:
    stem = found.stem
    if not stem:
        raise UnfitError("it has no question text")
    if len(stem) < SHORTEST_STEM:
        stem = f"What belongs to this: {stem}"
    if len(stem) > STEM:
        raise UnfitError(f"its text has {len(stem)} characters, {STEM} are allowed")
    if found.code and len(found.code.source) > CODE:
        raise UnfitError(f"its code has {len(found.code.source)} characters, {CODE} are allowed")
    explanation = _cut(found.explanation, EXPLANATION, "explanation", lost)
    if explanation and len(explanation) < SHORTEST_EXPLANATION:
        explanation = f"{explanation} {TOO_SHORT}"
    raw: dict[str, Any] = {
        "type": str(found.kind),
        "stem": stem,
        "hints": [_cut(each, HINT, "hint", lost) for each in _first(found.hints, HINTS, "hints", lost)],
        "explanation": explanation or NO_EXPLANATION,
        "tags": _tags(found.tags, lost),
        "references": _references(found.references, lost),
        **_aims(found, lost),
    }
    if found.code:
        raw["code"] = {"language": found.code.language, "source": visible(found.code.source)}
    if found.difficulty is not None:
        raw["difficulty"] = min(max(found.difficulty, 1), 5)
    return raw


def _aims(found: Found, lost: list[str]) -> dict[str, str]:
    """Return the objective and the level of Bloom's taxonomy, as far as they are ones of ours."""
    aims: dict[str, str] = {}
    if SHORTEST_OBJECTIVE <= len(found.objective) <= OBJECTIVE:
        aims["objective"] = found.objective
    elif found.objective:
        lost.append(f"an objective of {len(found.objective)} characters")
    if found.bloom in {*Bloom}:
        aims["bloom"] = found.bloom
    elif found.bloom:
        lost.append(f"the level {found.bloom[:40]}")
    return aims


def _references(sources: tuple[Source, ...], lost: list[str]) -> list[Reference]:
    references: list[Reference] = []
    for each in _first(sources, REFERENCES, "references", lost):
        try:
            references.append(
                Reference.model_validate(
                    {
                        "title": visible(each.title),
                        "url": each.url,
                        "section": visible(each.section) or None,
                        "as_of": each.as_of,
                        "review_by": each.review_by,
                    }
                )
            )
        except ValidationError:
            lost.append("a reference that isn't whole")
    return references


def _answers(found: Found, lost: list[str]) -> dict[str, Any]:
    match found.kind:
        case Aspect.SINGLE | Aspect.MULTI:
            return {"options": _options(_fitting(found.choices, lost), lost)}
        case Aspect.TRUEFALSE:
            return {"options": _true_and_false(found.choices, lost)}
        case Aspect.ORDER:
            items = _first(found.choices, ITEMS, "items", lost)
            ids = _ids([each.text for each in items])
            return {
                "items": [
                    {
                        "id": name,
                        "text": _short(each.text, ITEM, "an item"),
                        **_feedback(each.feedback, lost),
                    }
                    for name, each in zip(ids, items, strict=True)
                ]
            }
        case Aspect.MATCH:
            pairs = _first(found.pairs, PAIRS, "pairs", lost)
            ids = _ids([each.left for each in pairs])
            return {
                "pairs": [
                    {
                        "id": name,
                        "left": _short(each.left, LEFT, "a left side"),
                        "right": _short(each.right, ITEM, "a right side"),
                        **_feedback(each.feedback, lost),
                    }
                    for name, each in zip(ids, pairs, strict=True)
                ]
            }
        case Aspect.NUMBER:
            answer: dict[str, Any] = {"value": found.value}
            if found.tolerance:
                answer["tolerance"] = {"absolute": found.tolerance}
            return {"answer": answer, "mistakes": _mistakes(found.mistakes, lost)}
    accept = _first(tuple(dict.fromkeys(map(visible, found.accept))), ACCEPTED, "accepted answers", lost)
    return {"answer": {"accept": list(accept)}, "mistakes": _mistakes(found.mistakes, lost)}


def _fitting(choices: tuple[Choice, ...], lost: list[str]) -> tuple[Choice, ...]:
    """Return the options, five at most, in their order: wrong ones give way first."""
    if len(choices) <= OPTIONS:
        return choices
    wrong = [each for each in choices if not each.right]
    keep = max(OPTIONS - (len(choices) - len(wrong)), 1)
    lost.append(f"{len(choices) - OPTIONS} of {len(choices)} options")
    left_out = wrong[keep:]
    return tuple(each for each in choices if each not in left_out)


def _options(choices: tuple[Choice, ...], lost: list[str]) -> list[dict[str, Any]]:
    if len({each.text for each in choices}) != len(choices):
        raise UnfitError("two of its options read alike")
    ids = _ids([each.text for each in choices])
    return [
        {
            "id": name,
            "text": _short(each.text, OPTION, "an option"),
            "correct": each.right,
            **_feedback(each.feedback, lost),
        }
        for name, each in zip(ids, choices, strict=True)
    ]


def _true_and_false(choices: tuple[Choice, ...], lost: list[str]) -> list[dict[str, Any]]:
    if len(choices) != 2:
        raise UnfitError("a statement has the options true and false")
    names = zip(("true", "false"), choices, strict=True)
    return [
        {
            "id": name,
            "text": each.text or name.title(),
            "correct": each.right,
            **_feedback(each.feedback, lost),
        }
        for name, each in names
    ]


def _mistakes(mistakes: tuple[Choice, ...], lost: list[str]) -> list[dict[str, Any]]:
    """Return the likely wrong answers, those with one feedback together."""
    together: dict[str, list[str]] = {}
    for each in mistakes:
        if each.feedback:
            together.setdefault(_cut(each.feedback, FEEDBACK, "feedback", lost), []).append(
                visible(each.text)
            )
        else:
            lost.append(f"the wrong answer {each.text[:40]}, which has no feedback")
    groups = _first(tuple(together.items()), MISTAKES, "mistakes", lost)
    return [{"answers": answers[:10], "feedback": feedback} for feedback, answers in groups]


def _ids(texts: list[str]) -> list[str]:
    """Return a distinct short id for each text."""
    ids: list[str] = []
    for number, text in enumerate(texts, start=1):
        name = slug(text, SHORT_SLUG) or f"n{number}"
        ids.append(name if name not in ids else f"{slug(name, SHORT_SLUG - 3) or 'n'}-{number}")
    return ids


def _tags(tags: tuple[str, ...], lost: list[str]) -> list[str]:
    slugs = tuple(dict.fromkeys(each for each in map(slug, tags) if each))
    return list(_first(slugs, TAGS, "tags", lost))


def _first(things: tuple[Any, ...], most: int, name: str, lost: list[str]) -> tuple[Any, ...]:
    if len(things) > most:
        lost.append(f"{len(things) - most} of {len(things)} {name}")
    return things[:most]


def _cut(text: str, most: int, name: str, lost: list[str]) -> str:
    if len(text) <= most:
        return text
    lost.append(f"the end of a text of {len(text)} characters ({name})")
    return f"{text[: most - 1].rstrip()}…"


def _short(text: str, most: int, name: str) -> str:
    if not text:
        raise UnfitError(f"{name} is empty")
    if len(text) > most:
        raise UnfitError(f"{name} has {len(text)} characters, {most} are allowed")
    return text


def _feedback(text: str, lost: list[str]) -> dict[str, str]:
    return {"feedback": cut} if (cut := _cut(text, FEEDBACK, "feedback", lost)) else {}
