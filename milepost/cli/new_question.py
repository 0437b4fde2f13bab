"""The parts of a new question, asked for one after the other in plain words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from content.kinds import QuestionBase
from content.kinds.match import Pair
from content.kinds.matching import NumberMatching, TextMatching
from content.kinds.order import Item
from content.model import Option, Reference
from content.writing.fields import require
from content.writing.names import free, slug
from milepost.cli.asking import Asker, Check

KINDS: Mapping[str, str] = {
    "single": "choose the one right answer",
    "truefalse": "say whether a statement is true",
    "multi": "choose all right answers",
    "short": "type a word or a few",
    "number": "type a number",
    "order": "put things in order",
    "match": "find what belongs together",
}
"""The kinds that are asked for, by what members do. Those about code are written by hand."""

ID, OPTION_ID = 60, 16
"""Characters of an id, and of that of an option, at most."""

WORD = 'What to say to somebody who chooses "{}" (Enter: nothing)'


def ask_question(
    asker: Asker, topic: str, taken: Collection[str], hosts: Collection[str], today: dt.date, place: int
) -> dict[str, Any]:
    """Return a new question of ``topic`` as a file has it. Raises SetupError if it is broken off.

    ``taken`` are ids that it can't have, ``hosts`` those that a source may be on (any, if there are none).
    ``place`` counts the questions before it: the right option takes another place each time.
    """
    kind = asker.choice("kind", "How is it answered", KINDS, "single")
    stem = asker.one("stem", "The question", fits(QuestionBase, "stem"))
    own = _OWN[kind](asker, place)
    said = "Why? Everybody sees this after answering"
    explanation = asker.one("explanation", said, fits(QuestionBase, "explanation"))
    hints = asker.many("hint", "Hint", fits(QuestionBase, "hints", listed=True), most=2)
    references = _references(asker, hosts, today)
    difficulty = asker.one("difficulty", "Difficulty, from 1 (easy) to 5 (hard)", _is_difficulty, "2")
    wanted = free(slug(f"{topic} {stem}", ID), taken, f"{topic}-question", ID)
    id_ = asker.one("id", "Its permanent name", partial(_is_new_id, taken), wanted)
    extra: dict[str, Any] = {"hints": hints, "references": references}
    if references:
        extra["verify"] = {"kind": "doc"}
    return {
        "id": id_,
        "type": kind,
        "difficulty": int(difficulty),
        "stem": stem,
        **own,
        "explanation": explanation,
        **{key: value for key, value in extra.items() if value},
    }


def fits(kind: type[Any], key: str, *, listed: bool = False) -> Check:
    """Return a check that an answer fits a field of a content type, or an entry of it (``listed``)."""

    def check(answer: str) -> None:
        require(kind, key, (answer,) if listed else answer)

    return check


def _single(asker: Asker, place: int) -> dict[str, Any]:
    right = asker.one("right", "The right answer", fits(Option, "text"))
    wrong = _wrong(asker, [right], least=1, most=4)
    return {"options": _options(asker, [right], wrong, place)}


def _multi(asker: Asker, place: int) -> dict[str, Any]:
    right = asker.many("right", "Right answer", fits(Option, "text"), least=2, most=4)
    wrong = _wrong(asker, right, least=max(1, 3 - len(right)), most=5 - len(right))
    return {"options": _options(asker, right, wrong, place)}


def _truefalse(asker: Asker, _place: int) -> dict[str, Any]:
    right = asker.choice("right", "Is it true", {"true": "", "false": ""})
    wrong = {"true": "false", "false": "true"}[right]
    word = _feedback(asker, wrong, 0)
    return {
        "options": [
            {"id": each, "text": each.title(), **({"correct": True} if each == right else word)}
            for each in ("true", "false")
        ]
    }


def _short(asker: Asker, _place: int) -> dict[str, Any]:
    accept = asker.many(
        "right", "Accepted answer", fits(TextMatching, "accept", listed=True), least=1, most=20
    )
    return {"answer": {"accept": accept}}


def _number(asker: Asker, _place: int) -> dict[str, Any]:
    value = asker.one("right", "The number", fits(NumberMatching, "value"))
    unit = asker.one("unit", "Its unit, such as km (Enter: none)", default="")
    return {"answer": {"value": value, **({"unit": {"name": unit}} if unit else {})}}


def _order(asker: Asker, _place: int) -> dict[str, Any]:
    texts = asker.many("item", "In the right order, number", fits(Item, "text"), least=3, most=6)
    return {"items": [{"id": id_, "text": text} for id_, text in _named(texts)]}


def _match(asker: Asker, _place: int) -> dict[str, Any]:
    pairs = asker.many("pair", "Pair, such as cat = Katze, number", _is_pair, least=3, most=5)
    sides = [_sides(pair) for pair in pairs]
    ids = [id_ for id_, _ in _named([left for left, _ in sides])]
    return {
        "pairs": [
            {"id": id_, "left": left, "right": right} for id_, (left, right) in zip(ids, sides, strict=True)
        ]
    }


_OWN: Mapping[str, Callable[[Asker, int], dict[str, Any]]] = {
    "single": _single,
    "truefalse": _truefalse,
    "multi": _multi,
    "short": _short,
    "number": _number,
    "order": _order,
    "match": _match,
}
"""The part of a question that only its kind has: how it is asked for, by the name of the kind."""


def _wrong(asker: Asker, right: Collection[str], *, least: int, most: int) -> list[str]:
    def check(answer: str) -> None:
        require(Option, "text", answer)
        if answer in right:
            raise ValueError("That is a right answer already.")

    return asker.many("wrong", "Wrong answer", check, least=least, most=most)


def _options(asker: Asker, right: list[str], wrong: list[str], place: int) -> list[dict[str, Any]]:
    """Return the options, turned so that the right ones begin at another place each time."""
    words = {text: _feedback(asker, text, number) for number, text in enumerate(wrong)}
    found = [
        {"id": id_, "text": text, **({"correct": True} if text in right else words[text])}
        for id_, text in _named([*right, *wrong])
    ]
    turn = place % len(found)
    return found[len(found) - turn :] + found[: len(found) - turn]


def _feedback(asker: Asker, text: str, index: int) -> dict[str, str]:
    word = asker.one("feedback", WORD.format(text), fits(Option, "feedback"), "", index=index)
    return {"feedback": word} if word else {}


def _named(texts: list[str]) -> list[tuple[str, str]]:
    """Return each text with an id that says what it says."""
    ids: list[str] = []
    for number, text in enumerate(texts, start=1):
        ids.append(free(slug(text, OPTION_ID), ids, f"option-{number}", OPTION_ID))
    return list(zip(ids, texts, strict=True))


def _references(asker: Asker, hosts: Collection[str], today: dt.date) -> list[dict[str, Any]]:
    def check(answer: str) -> None:
        require(Reference, "url", answer)
        host = urlsplit(answer).hostname
        if hosts and host not in hosts:
            raise ValueError(f"{host} isn't among the reference_hosts of pack.yaml: {', '.join(hosts)}.")

    url = asker.one("source", "A web page that says so (Enter: none)", check, "")
    if not url:
        return []
    shown = urlsplit(url).hostname or url
    title = asker.one("source_title", "The title of that page", fits(Reference, "title"), shown)
    return [{"title": title, "url": url, "as_of": today}]


def _is_difficulty(answer: str) -> None:
    if answer not in {"1", "2", "3", "4", "5"}:
        raise ValueError("Type a number from 1 to 5.")


def _is_new_id(taken: Collection[str], answer: str) -> None:
    require(QuestionBase, "id", answer)
    if answer in taken:
        raise ValueError(f"The name {answer} is taken.")


def _is_pair(answer: str) -> None:
    if not re.search(r"\S\s+=\s+\S", answer):
        raise ValueError("Type both sides with a = between them, such as: cat = Katze")
    left, right = _sides(answer)
    require(Pair, "left", left)
    require(Pair, "right", right)


def _sides(pair: str) -> tuple[str, str]:
    left, _, right = re.sub(r"\s+=\s+", " = ", pair).partition(" = ")
    return left.strip(), right.strip()
