"""Stars in Moodle's short answers: a bare one stands for any text, one behind a backslash for itself."""

from __future__ import annotations

import re

_BARE = re.compile(r"(?<!\\)\*")


def is_wildcard(answer: str) -> bool:
    """Tell whether an answer stands for more than one text."""
    return bool(_BARE.search(answer))


def literal(answer: str) -> str:
    """Return the text that an answer without a bare star stands for."""
    return answer.replace("\\*", "*")


def guarded(text: str) -> str:
    """Return an answer that stands for this text alone."""
    return text.replace("*", "\\*")
