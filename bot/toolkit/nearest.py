"""Names that a mistyped one may have meant; none for text that is like none of them.

The one place that decides what "Did you mean …?" asks: commands, topics, steps, packs, zones, settings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.toolkit.text import isolated

ALIKE = 0.75
"""Likeness from which a name may be meant: a slip in four letters, two in eight."""

_MARKS = re.compile(r"[^a-z0-9]")
_LONGEST = 100
_SHORTEST_WORD = 4
_BEGINNING = 0.8
_PARTLY = 0.95


def nearest(
    typed: str, names: Iterable[str], most: int = 2, *, words: bool = True, alike: float = ALIKE
) -> tuple[str, ...]:
    """Return the names that are most like ``typed``; none if none is, or if too many are alike so.

    The whole name may be meant, or with ``words`` some words of it. Among thousands of names something is
    always a little like what was typed: then ``alike`` asks for more.

    >>> nearest("databses", ["Databases", "Data types", "Deployment"])
    ('Databases',)
    """
    wanted = _folded(typed) if len(typed) <= _LONGEST else ""
    known = {name: _folded(name) for name in names} if wanted else {}
    likeness = _likeness_of_wholes(wanted, known, alike)
    if words:
        typed_words = wanted.split()
        for name, folded in known.items():
            of_words = _PARTLY * _likeness_of_words(typed_words, folded.split())
            likeness[name] = max(of_words, likeness.get(name, 0.0))
    best = max(likeness.values(), default=0.0)
    found = [name for name in known if likeness.get(name, 0.0) == best]
    return tuple(found) if best >= ALIKE * _PARTLY and len(found) <= most else ()


def did_you_mean(typed: str, names: Iterable[str], show: str = "“{}”", *, words: bool = True) -> str:
    """Return " Did you mean “Databases”?" with a space before it, or nothing."""
    found = nearest(typed, names, words=words)
    return f" Did you mean {' or '.join(show.format(isolated(name)) for name in found)}?" if found else ""


def _likeness_of_wholes(wanted: str, known: Mapping[str, str], alike: float) -> dict[str, float]:
    found = process.extract(wanted, known, scorer=OSA.normalized_similarity, score_cutoff=alike, limit=None)
    return {name: value for _, value, name in found}


def _likeness_of_words(wanted: Sequence[str], words: Sequence[str]) -> float:
    """Return how like the typed words are to words of the name, or to their beginnings; 0 for too few."""
    if not any(len(word) >= _SHORTEST_WORD for word in wanted):
        return 0.0
    each = [max((_likeness_of_word(word, known) for known in words), default=0.0) for word in wanted]
    return sum(each) / len(each) if min(each) >= ALIKE else 0.0


def _likeness_of_word(word: str, known: str) -> float:
    if len(word) >= _SHORTEST_WORD and known.startswith(word):
        return max(_BEGINNING, OSA.normalized_similarity(word, known))
    return OSA.normalized_similarity(word, known)


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    """Return the text in lower case, without accents and with a space for each mark."""
    if text.isascii():
        return " ".join(_MARKS.sub(" ", text.lower()).split())
    letters = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())
