"""Checks of hints that say the answer, and of stems that name a version for no reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.checks.findings import Finding, Places, Severity
from content.kinds import LineQuestion, MatchQuestion, NumberQuestion, Question, TrueFalseQuestion

SHORTEST = 3
"""Letters and digits from which a text can give something away."""

VERSION_TAG = "version"
"""The tag of a question whose answer depends on the version that its stem names."""

_GAPS = re.compile(r"[\W_]+")
_PYTHON = re.compile(r"\b[Ii]n (?:CPython|Python) 3(?:\.\d+)?\b")


def check_giveaways(question: Question, places: Places) -> Iterator[Finding]:
    """Check that no hint contains the answer, and that the stem names a version only where it matters."""
    for index, hint in enumerate(question.hints):
        if told := _told(question, hint):
            place = places.of_question(question.id, "hints", index)
            advice = "A hint narrows the choice, it doesn't make it."
            yield Finding(*place, f"the hint contains the answer '{told}'", advice, check="bias")
    if VERSION_TAG not in question.tags and (found := _PYTHON.search(question.stem)):
        place = places.of_question(question.id, "stem")
        advice = f"Leave it out, or add the tag `{VERSION_TAG}` if the answer depends on it."
        yield Finding(
            *place, f"the stem says '{found[0]}'", advice, check="wording", severity=Severity.WARNING
        )


def _told(question: Question, hint: str) -> str:
    """Return the answer that a hint contains, or an empty text. Typed texts have a check of their own."""
    match question:
        case LineQuestion():
            return _first_in(hint, (question.fixed,))
        case MatchQuestion():
            pairs = (pair for pair in question.pairs if _first_in(hint, (pair.left,)))
            return next((pair.right for pair in pairs if _first_in(hint, (pair.right,))), "")
        case NumberQuestion():
            shown = question.answer.value
            given = f"{question.stem} {question.code.source if question.code else ''}"
            pattern = re.compile(rf"(?<![\w.]){re.escape(f'{shown:f}')}(?![\w]|\.\d)")
            return f"{shown:f}" if pattern.search(hint) and not pattern.search(given) else ""
        case TrueFalseQuestion():
            return ""
    if _first_in(hint, (option.text for option in question.choices if not option.correct)):
        return ""  # a hint that names wrong options as well narrows the choice
    return _first_in(hint, (option.text for option in question.choices if option.correct))


def _first_in(hint: str, texts: Iterator[str] | tuple[str, ...]) -> str:
    """Return the first of the texts that the hint contains, whatever their case and punctuation."""
    words = f" {_words(hint)} "
    found = (text for text in texts if len(_words(text)) >= SHORTEST and f" {_words(text)} " in words)
    return next(found, "")


def _words(text: str) -> str:
    return _GAPS.sub(" ", text).strip().casefold()
