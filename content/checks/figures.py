"""Checks for bias that shows only in a whole pack: where keys stand, and how long they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from content.checks.findings import Finding, Places
from content.checks.wording import is_negative
from content.kinds import ChoiceQuestion, Question

ENOUGH = 20
"""Questions below which a share says nothing, and none is judged."""

FAIR_SHARE = (0.15, 0.35)
"""The least and the largest share of keys at one of four places."""

LONGEST, NEGATIVE = 0.30, 0.03
"""The largest share of questions whose key is the longest option, and of those that ask NOT."""

_LETTERS = "abcd"


def check_figures(questions: list[Question], places: Places) -> Iterator[Finding]:
    """Check that keys spread over the positions, are not the longest option too often, and NOT is rare."""
    yield from _positions(questions, places)
    yield from _longest(questions, places)
    yield from _negatives(questions, places)


def longest_keys(questions: list[Question]) -> list[ChoiceQuestion]:
    """The questions whose key is longer than each other option, as a reader sees them."""
    return [
        question
        for question in choosing(questions)
        if all(
            _seen(question.key.text) > _seen(option.text)
            for option in question.choices
            if not option.correct
        )
    ]


def key_positions(questions: list[Question]) -> Counter[int]:
    """Count how often the key stands at each place, counted from 0, where there are four options."""
    return Counter(
        next(place for place, option in enumerate(question.choices) if option.correct)
        for question in choosing(questions)
        if len(question.choices) == len(_LETTERS)
    )


def _positions(questions: list[Question], places: Places) -> Iterator[Finding]:
    counts = key_positions(questions)
    total = counts.total()
    for place, letter in enumerate(_LETTERS):
        share = counts[place] / total if total else 0
        if total >= ENOUGH and not FAIR_SHARE[0] <= share <= FAIR_SHARE[1]:
            message = f"the key is at {letter} in {share:.0%} of the questions with four options"
            yield _of_pack(places, message, "15 to 35 % at each place is fair.")


def _longest(questions: list[Question], places: Places) -> Iterator[Finding]:
    total = len(choosing(questions))
    share = len(longest_keys(questions)) / total if total else 0
    if total >= ENOUGH and share > LONGEST:
        message = f"the key is the longest option in {share:.0%} of the questions"
        yield _of_pack(places, message, "Keep it to 30 %: lengthen distractors or cut keys.")


def _negatives(questions: list[Question], places: Places) -> Iterator[Finding]:
    negative = [question for question in questions if is_negative(question)]
    share = len(negative) / len(questions) if questions else 0
    if len(questions) >= ENOUGH and share > NEGATIVE:
        message = f"{share:.0%} of the questions ask for what is NOT so"
        yield _of_pack(places, message, "Keep it to 3 %: ask for what is so.")


def choosing(questions: list[Question]) -> list[ChoiceQuestion]:
    """Return the questions with one key among options, but not true/false ones, whose options are given."""
    return [
        question
        for question in questions
        if isinstance(question, ChoiceQuestion) and question.options and question.type != "truefalse"
    ]


def _seen(text: str) -> int:
    return len(text.replace("`", "").strip())


def _of_pack(places: Places, message: str, hint: str) -> Finding:
    return Finding(*places.of_file("pack.yaml"), message, hint, check="bias")
