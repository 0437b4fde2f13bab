"""Texts of others, such as errors of platforms, put into our sentences: each ends with exactly one mark."""

from __future__ import annotations

_CLOSING_QUOTES = "\"'”’»"


def clause(text: str) -> str:
    """Return the text without its full stop, so that a sentence of ours can continue after it.

    >>> clause("I lack a permission.")
    'I lack a permission'
    """
    return text.rstrip(". \t\n")


def sentence(text: str) -> str:
    """Return the text with exactly one mark at its end.

    >>> sentence("I lack a permission"), sentence("Who knows?")
    ('I lack a permission.', 'Who knows?')
    """
    text = text.rstrip()
    text = f"{clause(text)}…" if text.endswith("...") else clause(text)
    said = text.rstrip(_CLOSING_QUOTES)
    closed = said.endswith(("?", "!", "…")) or (said != text and said.endswith("."))
    return text if closed or not text else f"{text}."
