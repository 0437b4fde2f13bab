"""Questions that ask nearly the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rapidfuzz import fuzz

from content.checks.findings import Finding, Places
from content.checks.text import normalised
from content.model import Question

ALIKE = 90
"""RapidFuzz's ratio from which two questions count as one."""


def check_duplicates(questions: list[Question], places: Places) -> Iterator[Finding]:
    """Each pair whose stem and code, taken together, are nearly the same."""
    asked = [(question, _asked(question)) for question in questions]
    for (one, text), (other, its_text) in combinations(asked, 2):
        if fuzz.ratio(text, its_text, score_cutoff=ALIKE):
            place = places.of_question(other.id, "stem")
            message = f"nearly the same question as '{one.id}'"
            yield Finding(*place, message, "Ask something else.", check="duplicates")


def _asked(question: Question) -> str:
    code = question.code.source if question.code else ""
    return f"{normalised(question.stem)} {' '.join(code.split())}"
