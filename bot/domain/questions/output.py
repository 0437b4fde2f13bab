"""What the shown code prints."""

from __future__ import annotations

from bot.domain.questions.choice import ChoiceKind


class OutputKind(ChoiceKind):
    """Outputs to choose from, each with a letter."""
