"""Names under which proofs report the texts that learners read: the texts themselves, or words for them.

``verify.claims`` maps a phrase of a text to the word that the proof prints for it. Without claims a text is
reported as itself, with the one pair of ticks around it removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from content.checks.text import printed
from content.kinds import Question
from content.kinds.base import Path

ARROW, BEFORE = " => ", " > "
"""Signs between the sides of a pair, and between items in their order, in what a proof prints."""

Names = Mapping[str, str]
"""Names of texts, by the id of the option, item or pair that the text belongs to."""


class ProofError(Exception):
    """Error: a proof ran and does not support the key; the text says what came out instead.

    ``key`` is the part of ``verify`` to look at and ``hint`` a whole sentence of advice, or both are None.
    """

    def __init__(self, message: str, *, key: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.key = key
        self.hint = hint


def texts_of(question: Question) -> dict[str, dict[str, str]]:
    """Return the texts that a proof tries, by its variable (such as ``options``) and then by id.

    A question that is typed has none. One that matches methods with what they do has, say,
    ``{'lefts': {'get': 'GET'}, 'rights': {'get': 'reads'}}``.
    """
    return {
        f"{path[-1]}s" if path[0] == "pairs" else str(path[0]): {
            id_: printed(text) for _, id_, text in group
        }
        for group in question.rivals()
        if group
        for path in [group[0][0]]
    }


def names_of(question: Question) -> dict[str, dict[str, str]]:
    """Return the names that a proof prints, by variable and id. Raises ProofError if claims do not fit."""
    texts = texts_of(question)
    claims = question.verify.claims
    if not claims:
        return texts
    owners = {phrase: _owner(phrase, question) for phrase in claims}
    named = {
        variable: {id_: claims[phrase] for phrase, (owned, id_) in owners.items() if owned == variable}
        for variable in texts
    }
    _require_one_claim_each(owners.values(), texts)
    for words in named.values():
        _require_distinct(words.values())
    return {variable: named[variable] or texts[variable] for variable in texts}


def _variable(path: Path) -> str:
    """Return the name that a proof has for the texts at a path, such as ``options`` or ``lefts``."""
    return f"{path[-1]}s" if path[0] == "pairs" else str(path[0])


def _owner(phrase: str, question: Question) -> tuple[str, str]:
    """Return the variable and the id of the only text with the phrase in it."""
    texts = chain.from_iterable(question.rivals())
    holding = [(_variable(path), id_) for path, id_, text in texts if phrase in text]
    if len(holding) != 1:
        where = ", ".join(f"'{id_}'" for _, id_ in holding) or "none of the texts"
        raise ProofError(
            f"the claim '{phrase}' is in {where}",
            key="claims",
            hint="Use words that are in the text of exactly one option, item or side of a pair.",
        )
    return holding[0]


def _require_one_claim_each(owners: Iterable[tuple[str, str]], texts: Mapping[str, Names]) -> None:
    """Raise ProofError unless every text of each group that has claims is claimed once."""
    counts = Counter(owners)
    for variable in {variable for variable, _ in counts}:
        for id_ in texts[variable]:
            if counts[variable, id_] != 1:
                how = "has no claim" if not counts[variable, id_] else "has two claims"
                raise ProofError(
                    f"'{id_}' {how}", key="claims", hint=f"Claim each of the {variable} exactly once."
                )


def _require_distinct(words: Iterable[str]) -> None:
    repeated = [word for word, count in Counter(words).items() if count > 1]
    if repeated:
        raise ProofError(
            f"two claims share the word '{repeated[0]}'",
            key="claims",
            hint="Give each claim a word of its own: only then can the proof tell them apart.",
        )


def recognised(stdout: str, names: Sequence[str]) -> list[str] | None:
    """Return the names that were printed one after another; None if anything else was printed.

    A name may have several lines. Space at the ends of lines does not count.
    """
    lines = [line.rstrip() for line in stdout.splitlines()]
    longest_first = sorted(
        {name: name.splitlines() for name in names}.items(), key=lambda each: -len(each[1])
    )
    found: list[str] = []
    while lines:
        if not lines[0]:
            lines = lines[1:]
            continue
        name, size = next(
            ((name, len(own)) for name, own in longest_first if lines[: len(own)] == own), ("", 0)
        )
        if not size:
            return None
        found.append(name)
        lines = lines[size:]
    return found
