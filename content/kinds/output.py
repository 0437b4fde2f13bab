"""``type: output``: what the code prints."""

from __future__ import annotations

from typing import Literal

from content.kinds.base import ChoiceQuestion


class OutputQuestion(ChoiceQuestion):
    """A question that asks what the shown code prints; the options are outputs to choose from."""

    type: Literal["output"]

    def check_shape(self) -> None:
        """Raise ValueError without code, or unless one of the outputs is correct."""
        super().check_shape()
        if self.code is None:
            raise ValueError("an output question needs `code`")
