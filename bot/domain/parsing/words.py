"""Normalisation of typed text before it is read, and its quotation in a refusal."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from bot.toolkit.text import echoed

MOST_QUOTED = 40
_MOST_LOOKED_AT = 400
_FULL_FORMS = {"<wide>", "<narrow>", "<small>", "<square>"}
_LIKE_ASCII = {
    "\u2236": ":", "\ua789": ":", "\u02d0": ":",
    "\u2024": ".", "\u3002": ".",
    "\u2026": "..", "\u2212": "-", "\u2192": "-",
    "\u3001": ",", "\u060c": ",", "\u2044": "/", "\u2215": "/",
    "\u2018": "'", "\u2019": "'",
}  # fmt: skip


def plain(text: str) -> str:
    """Return ``text`` in lower case with ASCII digits, dashes and colons, and single spaces.

    Phones put a narrow no-break space before PM, other keyboards digits of other scripts or of full width:
    they mean the same. Characters that show nothing are dropped.

    >>> plain("Mon–Fri,  9:30 PM")
    'mon-fri, 9:30 pm'
    """
    return " ".join("".join(map(_plain_character, text)).casefold().split())


def quote(text: str) -> str:
    """Return what somebody wrote, safe to repeat in a sentence: one line, in quotes, and not long."""
    return f"“{echoed(text[:_MOST_LOOKED_AT], MOST_QUOTED)}”"


def either(choices: tuple[str, ...]) -> str:
    """Return the choices as a sentence has them.

    >>> either(("A", "B", "C"))
    'A, B or C'
    """
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))


@lru_cache(maxsize=1024)
def _plain_character(character: str) -> str:
    if character < "\x80":
        return " " if character.isspace() else character
    if character in _LIKE_ASCII:
        return _LIKE_ASCII[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd":
        return "-"
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    if category in {"Cf", "Cc", "Mn"} and unicodedata.combining(character) == 0:
        return ""
    if unicodedata.decomposition(character).partition(" ")[0] in _FULL_FORMS:
        return unicodedata.normalize("NFKC", character)
    return character
