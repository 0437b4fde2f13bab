"""``type: output``: what the code prints, chosen from options or typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from content.kinds.base import ChoiceQuestion, Path
from content.kinds.matching import TextMatching
from content.kinds.typed import Mistake, mistake_texts
from content.parts import Option


class OutputQuestion(ChoiceQuestion):
    """A question that asks what the shown code prints.

    It has either ``options`` to choose from, or an ``answer`` to type and likely ``mistakes``.
    """

    type: Literal["output"]
    options: Annotated[tuple[Option, ...], Field(max_length=5)] = ()
    answer: TextMatching | None = None
    mistakes: Annotated[tuple[Mistake, ...], Field(max_length=8)] = ()

    @property
    def matching(self) -> TextMatching | None:
        """Which typed answers are accepted; None where options are offered."""
        return self.answer

    @property
    def known_mistakes(self) -> tuple[Mistake, ...]:
        """Wrong answers that have feedback of their own."""
        return self.mistakes

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that members read, with its path in the file."""
        yield from super().texts()
        yield from mistake_texts(self.mistakes)

    def check_shape(self) -> None:
        """Raise ValueError unless there are options or an answer, and code."""
        if self.code is None:
            raise ValueError("an output question needs `code`")
        if self.answer is None:
            if self.mistakes:
                raise ValueError("`mistakes` belong to an `answer` that is typed")
            if len(self.options) < 2:
                raise ValueError("an output question has at least two `options`, or an `answer` to type")
            super().check_shape()
        elif self.options:
            raise ValueError("an output question has either `options` or an `answer` to type")
        elif self.answer.form != "code" or not self.mistakes:
            raise ValueError("a typed output needs `form: code` and `mistakes`")
