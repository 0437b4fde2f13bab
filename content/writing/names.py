"""Ids made from what a thing says, since ids are permanent and nobody likes to make them up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import count

_SMALL = frozenset(
    re.findall(
        r"[a-z]+",
        "a an and are as at be by can do does for from how in is it its of on or that the these this those"
        " to was what when where which who why will with you your",
    )
)
"""Words that tell nothing apart."""

_MARKS = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "+": " plus ", "%": " percent "}
)


def slug(text: str, most: int = 60) -> str:
    """Return the words of a text as an id of at most ``most`` characters; empty if it has no Latin letters.

    >>> slug("Which fraction is the same as 1/2?")
    'fraction-same-1-2'
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_MARKS))
    words = re.findall(r"[a-z0-9]+", "".join(each for each in folded if not unicodedata.combining(each)))
    return _joined([word for word in words if word not in _SMALL] or words, most)


def is_id(text: str, most: int = 60) -> bool:
    """Tell if a text can be an id as it is."""
    return len(text) <= most and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) is not None


def free(wanted: str, taken: Collection[str], fallback: str, most: int = 60) -> str:
    """Return ``wanted``, or ``fallback`` if it is empty, with a number behind it where that is taken."""
    base = wanted or fallback
    for number in count(2):
        if base not in taken:
            return base
        tail = f"-{number}"
        base = f"{(wanted or fallback)[: most - len(tail)].rstrip('-')}{tail}"
    raise AssertionError("there is always another number")


def _joined(words: Iterable[str], most: int) -> str:
    """Return as many of the words as fit, and at least the beginning of the first."""
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:most]
        if len(longer) > most:
            break
        name = longer
    return name
