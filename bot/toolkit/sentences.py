"""Texts of others, such as errors of platforms, put into our sentences: each ends with exactly one mark."""

from __future__ import annotations

_CLOSING_QUOTES = "\"'”’»"


def clause(text: str) -> str:
    """The text without its full stop, so that ours can continue: "I lack a permission"."""
    return text.rstrip(". \t\n")


def sentence(text: str) -> str:
    """The text with exactly one mark at its end: "I lack a permission.", "Who knows?", "wait…"."""
    text = text.rstrip()
    text = f"{clause(text)}…" if text.endswith("...") else clause(text)
    said = text.rstrip(_CLOSING_QUOTES)
    closed = said.endswith(("?", "!", "…")) or (said != text and said.endswith("."))
    return text if closed or not text else f"{text}."
