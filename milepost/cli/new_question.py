"""The parts of a new question, asked for one after the other in plain words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from content.kinds import QuestionBase
from content.kinds.match import Pair
from content.kinds.matching import NumberMatching, TextMatching
from content.kinds.order import Item
from content.kinds.typed import Mistake
from content.model import Option, Reference
from content.parts import Bloom, Code, Language
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
    "output": "choose what shown code prints",
}
"""The kinds that are asked for, by what members do. The faulty line of a code is written by hand."""

ID, OPTION_ID = 60, 16
"""Characters of an id, and of that of an option, at most."""

WORD = 'What to say to somebody who chooses "{}" (Enter: nothing)'
MISTAKE = "A wrong answer that people type, number"
PLACE = 'Why does "{}" come there (Enter: nothing)'
TOGETHER = 'Why does "{}" belong to "{}" (Enter: nothing)'
LEVELS = tuple(level.value for level in Bloom)


def ask_question(
    asker: Asker, topic: str, taken: Collection[str], hosts: Collection[str], today: dt.date, place: int
) -> dict[str, Any]:
    """Return a new question of ``topic`` as a file has it. Raises SetupError if it is broken off.

    ``taken`` are ids that it can't have, ``hosts`` those that a source may be on (any, if there are none).
    ``place`` counts the questions before it: the right option takes another place each time.
    """
    kind = asker.choice("kind", "How is it answered", KINDS, "single")
    stem = asker.one("stem", "The question", fits(QuestionBase, "stem"))
    code = _code(asker, needed=kind == "output")
    own = _OWN[kind](asker, place)
    said = "Why? Everybody sees this after answering"
    explanation = asker.one("explanation", said, fits(QuestionBase, "explanation"))
    hints = asker.many("hint", "Hint", fits(QuestionBase, "hints", listed=True), most=2)
    references = ask_references(asker, hosts, today)
    difficulty = asker.one("difficulty", "Difficulty, from 1 (easy) to 5 (hard)", _is_difficulty, "2")
    objective = asker.one(
        "objective", "What it tests, in a sentence (Enter: none)", fits(QuestionBase, "objective"), ""
    )
    level = asker.one("level", f"What it asks for ({', '.join(LEVELS)})", _is_level, Bloom.UNDERSTAND.value)
    wanted = free(slug(f"{topic} {stem}", ID), taken, f"{topic}-question", ID)
    id_ = asker.one("id", "Its permanent name", partial(_is_new_id, taken), wanted)
    extra: dict[str, Any] = {"hints": hints, "references": references}
    if references:
        extra["verify"] = {"kind": "doc"}
    return {
        "id": id_,
        "type": kind,
        **({"objective": objective} if objective else {}),
        "bloom": level,
        "difficulty": int(difficulty),
        "stem": stem,
        **code,
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
    return {"answer": {"accept": accept}} | _mistakes(asker, accept)


def _number(asker: Asker, _place: int) -> dict[str, Any]:
    value = asker.one("right", "The number", fits(NumberMatching, "value"))
    unit = asker.one("unit", "Its unit, such as km (Enter: none)", default="")
    answer = {"value": value, **({"unit": {"name": unit}} if unit else {})}
    return {"answer": answer} | _mistakes(asker, [value])


def _order(asker: Asker, _place: int) -> dict[str, Any]:
    texts = asker.many("item", "In the right order, number", fits(Item, "text"), least=3, most=6)
    words = [_word(asker, PLACE.format(text), Item, number) for number, text in enumerate(texts)]
    return {
        "items": [
            {"id": id_, "text": text, **word}
            for (id_, text), word in zip(_named(texts), words, strict=True)
        ]
    }


def _match(asker: Asker, _place: int) -> dict[str, Any]:
    pairs = asker.many("pair", "Pair, such as cat = Katze, number", _is_pair, least=3, most=5)
    sides = [_sides(pair) for pair in pairs]
    ids = [id_ for id_, _ in _named([left for left, _ in sides])]
    words = [
        _word(asker, TOGETHER.format(right, left), Pair, number)
        for number, (left, right) in enumerate(sides)
    ]
    return {
        "pairs": [
            {"id": id_, "left": left, "right": right, **word}
            for id_, (left, right), word in zip(ids, sides, words, strict=True)
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
    "output": _single,
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
    return _word(asker, WORD.format(text), Option, index)


def _word(asker: Asker, question: str, kind: type[Any], index: int) -> dict[str, str]:
    word = asker.one("feedback", question, fits(kind, "feedback"), "", index=index)
    return {"feedback": word} if word else {}


def _mistakes(asker: Asker, right: Collection[str]) -> dict[str, Any]:
    """Return the wrong answers that people type, each with the word to those who do, which it needs."""

    def check(answer: str) -> None:
        require(Mistake, "answers", (answer,))
        if answer in right:
            raise ValueError("That is a right answer already.")

    answers = asker.many("mistake", MISTAKE, check, most=8)
    word = 'What to say to somebody who types "{}"'
    mistakes = [
        {
            "answers": [answer],
            "feedback": asker.one("feedback", word.format(answer), fits(Mistake, "feedback"), index=number),
        }
        for number, answer in enumerate(answers)
    ]
    return {"mistakes": mistakes} if mistakes else {}


def _code(asker: Asker, *, needed: bool) -> dict[str, Any]:
    """Return the code that is shown, from a file; nobody is asked for it where it isn't needed."""
    if not needed and not asker.given.get("code"):
        return {}
    path = asker.one("code", "The file with the code", _is_code)
    language = asker.one("language", "Its language", _is_language, "python")
    return {"code": {"language": language, "source": Path(path).read_text("utf-8")}}


def _is_code(answer: str) -> None:
    try:
        source = Path(answer).read_text("utf-8")
    except OSError as error:
        raise ValueError(f"{answer} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ValueError(f"{answer} can't be read: it isn't UTF-8.") from None
    require(Code, "source", source)


def _is_language(answer: str) -> None:
    if answer not in (known := get_args(Language)):
        raise ValueError(f"Choose one of {', '.join(known)}.")


def _is_level(answer: str) -> None:
    if answer not in LEVELS:
        raise ValueError(f"Choose one of {', '.join(LEVELS)}.")


def _named(texts: list[str]) -> list[tuple[str, str]]:
    """Return each text with an id that says what it says."""
    ids: list[str] = []
    for number, text in enumerate(texts, start=1):
        ids.append(free(slug(text, OPTION_ID), ids, f"option-{number}", OPTION_ID))
    return list(zip(ids, texts, strict=True))


def ask_references(asker: Asker, hosts: Collection[str], today: dt.date) -> list[dict[str, Any]]:
    """Return the source that somebody names, as a list of references; an empty one for none."""

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
