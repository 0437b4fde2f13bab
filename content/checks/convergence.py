"""The cue of convergence: a key that shares more with the other options than any of them does.

An author who makes each distractor by changing one part of the key gives it away: whoever chooses what the
options have most in common is right without reading the question (Haladyna and Rodriguez, 2013).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from content.checks.figures import ENOUGH, choosing
from content.checks.findings import Finding, Places, Severity
from content.checks.text import printed
from content.kinds import ChoiceQuestion, Question

PARTS = range(2, 7)
"""Counts of parts for which options are compared part by part."""

LIMIT = 0.35
"""The largest share of questions that the cue may answer; chance answers a quarter."""

_SEPARATORS = (
    re.compile(r"\n"),
    re.compile(r"\s*[;|→>]\s*|,\s+(?:and |but |or )?|\s+and\s+"),
    re.compile(r"[\s,;|=:()\[\]{}]+"),
)
"""Ends of a part: of a line, else of a clause, else of a word."""

Parts = tuple[str, ...]


def check_convergence(questions: list[Question], places: Places) -> Iterator[Finding]:
    """Check that the cue answers few questions.

    Name those it answers alone, while they are too many or there are too few questions to tell.
    """
    comparable = [each for each in choosing(questions) if parts_of_options(each)]
    share = cue_score(comparable)
    too_good = share > LIMIT
    if too_good and len(comparable) >= ENOUGH:
        message = (
            "'what the options have most in common' is the key"
            f" in {share:.0%} of {len(comparable)} questions"
        )
        hint = f"Keep it to {LIMIT:.0%}: let a distractor differ from the key in two parts."
        yield Finding(*places.of_file("pack.yaml"), message, hint, check="bias")
    for question in comparable:
        if (too_good or len(comparable) < ENOUGH) and chance_of_cue(question) == 1:
            place = places.of_question(question.id, "options")
            message = f"{question.id}: the key shares most parts with the other options"
            hint = "Let a distractor differ from it in two parts, or vary two parts both ways."
            yield Finding(*place, message, hint, check="bias", severity=Severity.WARNING)


def cue_score(comparable: Sequence[ChoiceQuestion]) -> float:
    """Return the share of the questions that the cue alone would answer, on average."""
    return sum(map(chance_of_cue, comparable)) / len(comparable) if comparable else 0


def chance_of_cue(question: ChoiceQuestion) -> float:
    """Return the chance of choosing the key by the cue: 1, a share if others share as much, or 0."""
    options = parts_of_options(question)
    at_each_place = [Counter(place) for place in zip(*options, strict=True)]
    shared = [
        sum(counts[part] for counts, part in zip(at_each_place, option, strict=True)) for option in options
    ]
    best = [option for option, score in zip(question.choices, shared, strict=True) if score == max(shared)]
    return 1 / len(best) if question.key in best else 0


def parts_of_options(question: ChoiceQuestion) -> list[Parts]:
    """Return the parts of each option, as many in each; an empty list where they cannot be compared.

    They can where all options have the same number of parts, from 2 to 6, and some part is in
    several of them but not in all.
    """
    for separator in _SEPARATORS:
        options = [_parts(option.text, separator) for option in question.choices]
        places = list(zip(*options, strict=False))
        alike = {len(option) for option in options} == {len(places)}
        if alike and len(places) in PARTS and any(1 < len(set(place)) < len(place) for place in places):
            return options
    return []


def _parts(text: str, separator: re.Pattern[str]) -> Parts:
    seen = printed(text).replace("`", "").casefold().strip(" .()[]{}")
    return tuple(part.strip() for part in separator.split(seen) if part.strip())
