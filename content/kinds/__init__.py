"""The kinds of questions, one module each. ``Question`` is any of them, told apart by ``type``.

A new kind is a module here, an entry in ``Question``, and its counterpart in ``bot.domain.questions``.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from content.kinds.base import ChoiceQuestion, QuestionBase
from content.kinds.output import OutputQuestion
from content.kinds.single import SingleQuestion
from content.kinds.truefalse import TrueFalseQuestion

__all__ = [
    "ChoiceQuestion",
    "OutputQuestion",
    "Question",
    "QuestionBase",
    "SingleQuestion",
    "TrueFalseQuestion",
    "parse_question",
]

Question = Annotated[
    SingleQuestion | TrueFalseQuestion | OutputQuestion,
    Field(discriminator="type"),
]

_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


def parse_question(data: Any) -> Question:
    """Validate one question as a file states it. Raises pydantic's ValidationError."""
    return _QUESTION.validate_python(data)
