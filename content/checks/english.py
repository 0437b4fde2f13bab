"""A check of the English that members read: phrases that look translated, and what to write instead.

The phrases are in ``english.tsv``, each with its advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from content.checks.findings import Finding
from content.checks.reading import Read
from content.checks.text import without_code


@dataclass(frozen=True)
class Phrase:
    """A pattern for what to avoid, and the words to choose from instead."""

    pattern: re.Pattern[str]
    better: str


def check_english(texts: Iterable[Read]) -> Iterator[Finding]:
    """Yield an error for each phrase of the list that a text contains, with what to write instead."""
    for place, text in texts:
        for found, better in translated(text):
            yield Finding(*place, f"'{found}' doesn't read well", f"Better: {better}.", check="english")


def translated(text: str) -> Iterator[tuple[str, str]]:
    """Yield each phrase in a text that a native reader stumbles over, and the advice.

    >>> list(translated("This mends the bug; `mend()` does not."))
    [('mends', 'fix, repair')]
    """
    prose = " ".join(without_code(text).split())
    for phrase in phrases():
        for found in phrase.pattern.finditer(prose):
            yield found[0], phrase.better


@lru_cache(maxsize=1)
def phrases() -> tuple[Phrase, ...]:
    """The phrases of the list, in its order."""
    lines = Path(__file__).with_name("english.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(Phrase(re.compile(rf"\b(?:{each})", re.IGNORECASE), better) for each, better in pairs)
