"""The common part of the kinds whose answer is typed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from content.kinds.base import Path, QuestionBase
from content.kinds.matching import Accepted, Matching
from content.parts import ContentModel, prose


class Mistake(ContentModel):
    """Wrong answers that people are likely to type, with a word to those who do."""

    answers: Annotated[tuple[Accepted, ...], Field(min_length=1, max_length=10)]
    feedback: Annotated[str, prose(320)]


Mistakes = Annotated[tuple[Mistake, ...], Field(max_length=8)]


class TypedQuestion(QuestionBase):
    """Base of the kinds that are always typed. Each adds its ``answer``."""

    mistakes: Mistakes = ()

    @property
    @abstractmethod
    def matching(self) -> Matching:
        """Return the rule for which typed answers are accepted."""

    @property
    def known_mistakes(self) -> tuple[Mistake, ...]:
        """Wrong answers that have feedback of their own."""
        return self.mistakes

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that members read, with its path in the file."""
        yield from super().texts()
        yield from mistake_texts(self.mistakes)


def mistake_texts(mistakes: tuple[Mistake, ...]) -> Iterator[tuple[Path, str]]:
    """Yield the feedback on mistakes, with its path in the file."""
    for place, mistake in enumerate(mistakes):
        yield ("mistakes", place, "feedback"), mistake.feedback
