"""Questions on the output of code."""

from __future__ import annotations

from bot.domain.questions.choice import ChoiceKind


class OutputKind(ChoiceKind):
    """Outputs to choose from, each with a letter."""
