"""The fields that every kind of question has, and those of kinds that offer options."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from content.parts import Bloom, Code, Count, Entry, Option, Reference, Slug, Status, Verify, prose


class QuestionBase(Entry):
    """Base of every kind of question. Each kind adds its ``type`` and what it asks with.

    A change of key or meaning takes a new id, and the new question names the old in ``replaces``.
    """

    id: Slug
    rev: Count = 1
    status: Status = Status.ACTIVE
    objective: Annotated[str, prose(200, 20)]
    bloom: Bloom
    difficulty: Annotated[int, Field(ge=1, le=5)]
    tags: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    stem: Annotated[str, prose(300, 15)]
    code: Code | None = None
    hints: Annotated[tuple[Annotated[str, prose(200)], ...], Field(min_length=2, max_length=2)]
    explanation: Annotated[str, prose(700, 150)]
    references: Annotated[tuple[Reference, ...], Field(min_length=1, max_length=4)]
    corrects_article: bool = False
    replaces: Slug | None = None
    verify: Verify

    @property
    def choices(self) -> tuple[Option, ...]:
        """The options to choose from; none for a kind that asks in another way."""
        return ()

    def option(self, option_id: str) -> Option | None:
        """The option with this id, or None when it is not one of this question's."""
        return next((option for option in self.choices if option.id == option_id), None)

    def check_shape(self) -> None:
        """Check what a kind asks of its parts together. Raises ValueError with a sentence."""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> QuestionBase:
        self.check_shape()
        runs_the_code = self.verify.kind == "run" and self.verify.proof is None
        if runs_the_code and (self.code is None or self.code.language != "python"):
            raise ValueError("a run proof without `proof` needs Python `code`")
        return self


class ChoiceQuestion(QuestionBase):
    """Base of the kinds with two to five options of which exactly one is correct."""

    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=5)]

    @property
    def choices(self) -> tuple[Option, ...]:
        """The options, in the order of the file."""
        return self.options

    @property
    def key(self) -> Option:
        """The correct option."""
        return next(option for option in self.options if option.correct)

    def check_shape(self) -> None:
        """Raise ValueError unless exactly one of options with distinct ids is correct."""
        require_distinct_ids(self.options)
        if sum(option.correct for option in self.options) != 1:
            raise ValueError("exactly one option must be `correct: true`")


def require_distinct_ids(options: tuple[Option, ...]) -> None:
    """Raise ValueError when two options share an id."""
    ids = [option.id for option in options]
    if len(set(ids)) != len(ids):
        raise ValueError("two options share an id")
