"""``type: multi``: all of the options that are right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from content.kinds.base import (
    Path,
    QuestionBase,
    Rival,
    option_rivals,
    option_texts,
    require_distinct_ids,
    require_experiment,
)
from content.parts import Option


class MultiQuestion(QuestionBase):
    """A question with several correct options and at least one that is wrong, all to be found."""

    type: Literal["multi"]
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=5)]

    @property
    def choices(self) -> tuple[Option, ...]:
        """The options, in the order of the file."""
        return self.options

    @property
    def keys(self) -> tuple[Option, ...]:
        """The correct options."""
        return tuple(option for option in self.options if option.correct)

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that members read, with its path in the file."""
        yield from super().texts()
        yield from option_texts(self.options)

    def rivals(self) -> Iterator[tuple[Rival, ...]]:
        """Yield the options, which must differ from each other."""
        yield option_rivals(self.options)

    def check_shape(self) -> None:
        """Raise ValueError unless several options are correct, but not all."""
        require_distinct_ids(self.options)
        if not 2 <= len(self.keys) < len(self.options):
            raise ValueError("a multi question has two correct options or more, and a wrong one")
        require_experiment(self.verify)
