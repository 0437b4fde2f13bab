"""The parts of a new prompt and of a new project, asked for one after the other."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from functools import partial
from typing import Any

from content.model import Challenge, Hours, Milestone, Prompt
from content.writing.fields import require
from content.writing.names import free, slug
from milepost.cli.asking import Asker
from milepost.cli.new_question import ask_references, fits

SHARED = "I built “{}”. What I learned, and what was harder than I thought:"


def ask_prompt(
    asker: Asker, wanted: str, taken: Collection[str], hosts: Collection[str], today: dt.date
) -> dict[str, Any]:
    """Return a new prompt as a file has it, with an id like ``wanted``. Raises SetupError if broken off."""
    title = asker.one("title", "Its title", fits(Prompt, "title"))
    why = asker.one("why", "Why does the topic matter", fits(Prompt, "why_it_matters"))
    task = asker.one("task", "Something to do", fits(Prompt, "task"))
    minutes = asker.one("minutes", "Minutes that it takes", partial(_whole, Prompt, "task_minutes"), "10")
    discuss = asker.one("discuss", "A question to talk about", fits(Prompt, "discuss"))
    sketch = asker.one("sketch", "What does a good answer have in it", fits(Prompt, "answer_sketch"))
    references = ask_references(asker, hosts, today)
    id_ = asker.one("id", "Its permanent name", partial(is_free, taken), free(wanted, taken, "prompt"))
    return {
        "id": id_,
        "title": title,
        "why_it_matters": why,
        "task": task,
        "task_minutes": int(minutes),
        "discuss": discuss,
        "answer_sketch": sketch,
        **({"references": references} if references else {}),
    }


def ask_challenge(
    asker: Asker, step: str, taken: Collection[str], hosts: Collection[str], today: dt.date
) -> dict[str, Any]:
    """Return a new project as a file has it. Raises SetupError if it is broken off."""
    title = asker.one("title", "Its title", fits(Challenge, "title"))
    summary = asker.one("summary", "What is built", fits(Challenge, "summary"))
    low, high = _range(asker.one("hours", "Hours of work, such as 2-5", _is_range))
    days = int(asker.one("days", "Days that members have for it", partial(_whole, Challenge, "days"), "7"))
    starter = asker.one("starter", "How to begin", fits(Challenge, "starter"))
    ends = asker.many(
        "milestone",
        "What is there at some point, in order, number",
        fits(Milestone, "deliverable"),
        least=2,
        most=8,
    )
    entries = {
        key: asker.many(name, words, fits(Challenge, key, listed=True), least=least, most=most)
        for key, name, words, least, most in (
            ("acceptance", "acceptance", "It is done when (five or more), number", 5, 8),
            ("pitfalls", "pitfall", "What goes wrong easily, number", 2, 6),
            ("stretch", "stretch", "A goal beyond, number", 1, 6),
        )
    }
    alone = asker.one("alone", "How to do it without a group", fits(Challenge, "alone"))
    references = ask_references(asker, hosts, today)
    wanted = free(slug(title), taken, "project")
    id_ = asker.one("id", "Its permanent name", partial(is_free, taken), wanted)
    return {
        "id": id_,
        "step": step,
        "title": title,
        "summary": summary,
        "hours": {"low": low, "high": high},
        "days": days,
        "starter": starter,
        "milestones": [
            {"day": _day(number, len(ends), days), "deliverable": end, "check_in": "What is still missing?"}
            for number, end in enumerate(ends, start=1)
        ],
        **entries,
        "share_template": SHARED.format(title[:200]),
        "alone": alone,
        **({"references": references} if references else {}),
    }


def is_free(taken: Collection[str], answer: str) -> None:
    """Raise ValueError unless an id is well formed and free."""
    require(Prompt, "id", answer)
    if answer in taken:
        raise ValueError(f"The name {answer} is taken.")


def _day(number: int, of: int, days: int) -> int:
    """Return the day of a milestone: they are spread evenly over the days."""
    return max(1, round(number * days / of))


def _whole(kind: type[Any], key: str, answer: str) -> None:
    if not answer.isdecimal():
        raise ValueError("Type a whole number.")
    require(kind, key, int(answer))


def _is_range(answer: str) -> None:
    try:
        low, high = _range(answer)
    except ValueError:
        raise ValueError("Type two numbers with a hyphen between them, such as 2-5.") from None
    require(Hours, "low", low)
    require(Hours, "high", high)
    if low > high:
        raise ValueError("Type the smaller number first.")


def _range(answer: str) -> tuple[float, float]:
    low, _, high = answer.partition("-")
    return _figure(low), _figure(high)


def _figure(text: str) -> float:
    if not re.fullmatch(r"\s*\d+(\.\d+)?\s*", text):
        raise ValueError("not a number")
    figure = float(text)
    return int(figure) if figure.is_integer() else figure
