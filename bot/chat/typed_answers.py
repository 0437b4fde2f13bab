"""Words in a chat that are meant as a press of a button."""

from __future__ import annotations

import re

_ANSWER = re.compile(r"\(?([a-e]|true|false)[).!]?", re.IGNORECASE)


def looks_like_answer(text: str) -> bool:
    """Tell if a text is only the label of a question's button.

    >>> [looks_like_answer(text) for text in ("B", "b)", "maybe B")]
    [True, True, False]
    """
    return bool(_ANSWER.fullmatch(text.strip()))
