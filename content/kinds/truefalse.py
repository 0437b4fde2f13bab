"""``type: truefalse``: a statement that is true or false."""

from __future__ import annotations

from typing import Literal

from content.kinds.base import ChoiceQuestion


class TrueFalseQuestion(ChoiceQuestion):
    """A statement with the options ``true`` and ``false``, in this order."""

    type: Literal["truefalse"]

    def check_shape(self) -> None:
        """Raise ValueError unless the options are true and false, one of them correct."""
        super().check_shape()
        if [option.id for option in self.options] != ["true", "false"]:
            raise ValueError("a truefalse question has the options `true`, `false` in this order")
