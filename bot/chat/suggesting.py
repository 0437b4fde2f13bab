"""Suggestions that fit what has been typed so far."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.messages import Choice


def fitting(offered: Iterable[Choice], typed: str) -> list[Choice]:
    """Return the suggestions that contain what was typed, those that begin with it first."""
    wanted = typed.casefold().strip()
    texts = [(choice, (choice.label.casefold(), choice.value.casefold())) for choice in offered]
    found = [(choice, words) for choice, words in texts if any(wanted in word for word in words)]
    found.sort(key=lambda pair: not any(word.startswith(wanted) for word in pair[1]))
    return [choice for choice, _ in found]
