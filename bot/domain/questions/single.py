"""One of several options is right."""

from __future__ import annotations

from bot.domain.questions.choice import ChoiceKind


class SingleKind(ChoiceKind):
    """A button with a letter for each option."""
