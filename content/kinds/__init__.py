"""The kinds of questions, one module each. ``Question`` is any of them, told apart by ``type``.

A new kind is a module here, an entry in ``Question``, and its counterpart in ``bot.domain.questions``.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from content.kinds.base import ChoiceQuestion, QuestionBase
from content.kinds.line import LineQuestion
from content.kinds.match import MatchQuestion
from content.kinds.multi import MultiQuestion
from content.kinds.number import NumberQuestion
from content.kinds.order import OrderQuestion
from content.kinds.output import OutputQuestion
from content.kinds.short import ShortQuestion
from content.kinds.single import SingleQuestion
from content.kinds.truefalse import TrueFalseQuestion

__all__ = [
    "ChoiceQuestion",
    "LineQuestion",
    "MatchQuestion",
    "MultiQuestion",
    "NumberQuestion",
    "OrderQuestion",
    "OutputQuestion",
    "Question",
    "QuestionBase",
    "ShortQuestion",
    "SingleQuestion",
    "TrueFalseQuestion",
    "parse_question",
]

Question = Annotated[
    SingleQuestion
    | TrueFalseQuestion
    | MultiQuestion
    | OutputQuestion
    | ShortQuestion
    | NumberQuestion
    | OrderQuestion
    | MatchQuestion
    | LineQuestion,
    Field(discriminator="type"),
]

_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


def parse_question(data: Any) -> Question:
    """Validate one question as a file states it. Raises pydantic's ValidationError."""
    return _QUESTION.validate_python(data)
