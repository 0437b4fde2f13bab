"""Counts of what the questions of a pack are and show: kinds, levels, cases and bias."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import TypedDict

from content.checks.attribution import uncorrected_claims
from content.checks.convergence import cue_score, parts_of_options
from content.checks.figures import choosing, key_positions, longest_keys
from content.checks.wording import is_negative
from content.kinds import (
    MatchQuestion,
    MultiQuestion,
    NumberQuestion,
    OrderQuestion,
    OutputQuestion,
    Question,
    ShortQuestion,
)
from content.model import Pack
from content.parts import Bloom

CASE, OF_A_CASE = "case-", 3
"""The beginning of the tag that the questions of a case share, and how many questions make one."""

_LOWER = (Bloom.REMEMBER, Bloom.UNDERSTAND)
_CONFIGURATIONS = {"apache", "dockerfile", "ini", "nginx", "toml", "yaml"}

Test = Callable[[Question], bool]


class Levels(TypedDict):
    """Questions of one step by level of Bloom's taxonomy, and by difficulty from 1 to 5."""

    bloom: dict[str, int]
    difficulty: dict[str, int]


class Composition(TypedDict):
    """The figures of a pack's questions. Shares are from 0 to 1."""

    kinds: dict[str, int]
    shows: dict[str, int]
    shares: dict[str, float]
    levels: dict[str, Levels]
    per_topic: dict[str, int]
    fewest_per_topic: int
    cases: int
    bias: dict[str, float]
    compared_by_parts: int
    claims_uncorrected: list[str]


SHOWS: dict[str, Test] = {
    "code": lambda question: question.code is not None,
    "tracebacks and logs": lambda question: _language(question) in {"log", "traceback"},
    "SQL results": lambda question: question.verify.kind == "sql",
    "raw HTTP": lambda question: _language(question) == "http",
    "configurations": lambda question: _language(question) in _CONFIGURATIONS,
    "faulty lines and diffs": lambda question: question.type == "line" or _language(question) == "diff",
}
"""Tests of what a question shows or asks about, by name."""


def composition(pack: Pack, questions: list[Question]) -> Composition:
    """Count what the questions of a pack are and show. The result is ready for JSON."""
    per_topic = {topic.id: 0 for topic in pack.topics}
    per_topic.update(Counter(_topic(pack, question) for question in questions))
    compared = [question for question in choosing(questions) if parts_of_options(question)]
    return {
        "kinds": dict(Counter(_kind(question) for question in questions).most_common()),
        "shows": {name: sum(map(test, questions)) for name, test in SHOWS.items()},
        "shares": _shares(questions),
        "levels": _levels(pack, questions),
        "per_topic": per_topic,
        "fewest_per_topic": min(per_topic.values(), default=0),
        "cases": _cases(questions),
        "bias": _bias(questions) | {"convergence": round(cue_score(compared), 3)},
        "compared_by_parts": len(compared),
        "claims_uncorrected": [claim.id for claim in uncorrected_claims(pack, questions)],
    }


def is_constructed(question: Question) -> bool:
    """Tell whether the answer is made rather than chosen: typed, put in order, or put together in pairs."""
    return isinstance(question, ShortQuestion | NumberQuestion | OrderQuestion | MatchQuestion) or (
        isinstance(question, OutputQuestion) and question.answer is not None
    )


def _kind(question: Question) -> str:
    return "typed output" if question.type == "output" and is_constructed(question) else question.type


def _language(question: Question) -> str | None:
    return question.code.language if question.code else None


def _topic(pack: Pack, question: Question) -> str:
    topic = pack.topic_of(question.id)
    return topic.id if topic else ""


def _shares(questions: Collection[Question]) -> dict[str, float]:
    return {
        "constructed": _share(map(is_constructed, questions)),
        "multi": _share(isinstance(question, MultiQuestion) for question in questions),
        "code": _share(map(SHOWS["code"], questions)),
        "above understand": _share(question.bloom not in _LOWER for question in questions),
    }


def _share(tests: Iterable[bool]) -> float:
    held = list(tests)
    return round(sum(held) / len(held), 3) if held else 0


def _levels(pack: Pack, questions: Iterable[Question]) -> dict[str, Levels]:
    levels: dict[str, Levels] = {
        step.id: {
            "bloom": {level.value: 0 for level in Bloom},
            "difficulty": {str(difficulty): 0 for difficulty in range(1, 6)},
        }
        for step in pack.roadmap.steps
    }
    for question in questions:
        step = pack.step_of(_topic(pack, question))
        if step:
            levels[step.id]["bloom"][question.bloom] += 1
            levels[step.id]["difficulty"][str(question.difficulty)] += 1
    return levels


def _cases(questions: Iterable[Question]) -> int:
    """Count the tags of cases that enough questions share."""
    tags = Counter(tag for question in questions for tag in question.tags if tag.startswith(CASE))
    return sum(number >= OF_A_CASE for number in tags.values())


def _bias(questions: list[Question]) -> dict[str, float]:
    positions = key_positions(questions)
    shares = {
        f"key at {letter}": round(positions[place] / (positions.total() or 1), 3)
        for place, letter in enumerate("abcd")
    }
    longest = len(longest_keys(questions)) / (len(choosing(questions)) or 1)
    return shares | {
        "key is longest": round(longest, 3),
        "asks NOT": _share(is_negative(question) for question in questions),
    }
