"""Questions that ask nearly the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rapidfuzz import fuzz

from content.checks.findings import Finding, Places, Severity
from content.checks.text import normalised
from content.model import Question

MOST = 1000
"""Questions that are compared with each other, at most: the time grows with their square."""

ALIKE = 90
"""RapidFuzz's ratio from which two questions count as one."""


def check_duplicates(questions: list[Question], places: Places) -> Iterator[Finding]:
    """Each pair whose stem and code, taken together, are nearly the same."""
    if len(questions) > MOST:
        message = f"only the first {MOST} questions are compared with each other"
        yield Finding("pack.yaml", None, message, check="duplicates", severity=Severity.WARNING)
    asked = [(question, _asked(question)) for question in questions[:MOST]]
    for (one, text), (other, its_text) in combinations(asked, 2):
        if fuzz.ratio(text, its_text, score_cutoff=ALIKE):
            place = places.of_question(other.id, "stem")
            message = f"nearly the same question as '{one.id}'"
            yield Finding(*place, message, "Ask something else.", check="duplicates")


def _asked(question: Question) -> str:
    code = question.code.source if question.code else ""
    return f"{normalised(question.stem)} {' '.join(code.split())}"
