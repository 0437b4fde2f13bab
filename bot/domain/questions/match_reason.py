"""Results of matching a typed answer."""

from __future__ import annotations

from enum import StrEnum


class MatchReason(StrEnum):
    """Why a typed answer was accepted, found wrong, or could not be read as one answer."""

    EXACT = "exact"
    PATTERN = "pattern"
    TYPO = "typo"
    TOLERANCE = "tolerance"

    WRONG = "wrong"

    EMPTY = "empty"
    TOO_LONG = "too long"
    SEVERAL = "several"
    NO_NUMBER = "no number"
    MISSING_UNIT = "missing unit"
    WRONG_UNIT = "wrong unit"
    DECIMAL_COMMA = "decimal comma"
    AMBIGUOUS = "ambiguous"

    @property
    def accepts(self) -> bool:
        """True when the answer is right."""
        return self in _ACCEPTED

    @property
    def refuses(self) -> bool:
        """True when no single answer could be read: the member is told why, and may type again."""
        return self is not MatchReason.WRONG and self not in _ACCEPTED


_ACCEPTED = frozenset({MatchReason.EXACT, MatchReason.PATTERN, MatchReason.TYPO, MatchReason.TOLERANCE})
