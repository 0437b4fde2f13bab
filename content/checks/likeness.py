"""Questions of different topics that ask the same thing in other words.

Each question is a vector of its words, weighted by how rare they are in the pack (TF-IDF). The cosine
of two vectors is 1 for the same words and 0 for none in common.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from content.checks.duplicates import MOST
from content.checks.findings import Finding, Places, Severity
from content.model import Pack, Question

ALIKE = 0.5
"""The cosine from which somebody should look at a pair."""

_WORD = re.compile(r"\w\w+")

Vector = Mapping[str, float]


def check_likeness(questions: list[Question], pack: Pack, places: Places) -> Iterator[Finding]:
    """Warn of pairs from different topics that are alike and don't name each other in ``distinct_from``."""
    for question in questions:
        for index, other_id in enumerate(question.distinct_from):
            if other_id == question.id or pack.question(other_id) is None:
                place = places.of_question(question.id, "distinct_from", index)
                yield Finding(*place, f"there is no other question '{other_id}'", check="duplicates")
    compared = questions[:MOST]
    for one, other, cosine in alike_pairs([_text(question) for question in compared], ALIKE):
        first, second = compared[one], compared[other]
        looked_at = second.id in first.distinct_from or first.id in second.distinct_from
        if not looked_at and pack.topic_of(first.id) != pack.topic_of(second.id):
            place = places.of_question(second.id, "stem")
            message = f"'{second.id}' has much in common with '{first.id}' ({cosine:.2f})"
            hint = "Ask something else, or list that id under `distinct_from` and say why in a comment."
            yield Finding(*place, message, hint, check="duplicates", severity=Severity.WARNING)


def alike_pairs(texts: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    """Yield the places of each two texts whose cosine is ``least`` or more, and that cosine."""
    vectors = _vectors(texts)
    holders: dict[str, list[int]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        cosines: dict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            for earlier in holders[word]:
                cosines[earlier] += weight * vectors[earlier][word]
            holders[word].append(place)
        for earlier, cosine in sorted(cosines.items()):
            if cosine >= least:
                yield earlier, place, cosine


def _vectors(texts: Sequence[str]) -> list[Vector]:
    """Return a vector of length 1 for each text.

    A word weighs more the fewer texts it is in. How often it is in one counts by its logarithm: else a
    table of True and False would look like any other.
    """
    counts = [Counter(_WORD.findall(text.casefold())) for text in texts]
    holding = Counter(word for count in counts for word in count)
    rarity = {word: math.log((1 + len(texts)) / (1 + number)) + 1 for word, number in holding.items()}
    weighted = [
        {word: (1 + math.log(number)) * rarity[word] for word, number in count.items()} for count in counts
    ]
    return [_of_length_1(vector) for vector in weighted]


def _of_length_1(vector: Vector) -> Vector:
    length = math.hypot(*vector.values())
    return {word: weight / length for word, weight in vector.items()}


def _text(question: Question) -> str:
    options = (option.text for option in question.choices)
    return " ".join((question.stem, *options, question.explanation))
