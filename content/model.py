"""The frozen types of a content pack: what a file may say, and the limits it must keep.

Lengths are counted in characters. A field that a file leaves out has the default given here; a key
that is not named here is refused by the loader with the nearest name that exists.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
OptionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=16)]
Script = Annotated[str, StringConstraints(max_length=20_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


Count = Annotated[int, Field(ge=1, le=10_000)]
"""A number that is counted up by hand."""

Topics = Annotated[tuple[Slug, ...], Field(max_length=40)]
"""Ids of other topics."""


def prose(maximum: int, minimum: int = 1) -> StringConstraints:
    """The rule for a text of ``minimum`` to ``maximum`` characters of Markdown, outer space cut."""
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


class Entry(BaseModel):
    """Base of every content type: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Status(StrEnum):
    """Where a question, prompt or challenge stands. Only ``active`` ones are served."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Reference(Entry):
    """Where a reader can check the claim; ``as_of`` is the day the author read it."""

    title: Line
    url: HttpUrl
    section: Line | None = None
    as_of: dt.date


class Option(Entry):
    """One answer to choose. ``feedback`` speaks to the person who chose it."""

    id: OptionId
    text: Annotated[str, prose(200)]
    correct: bool = False
    feedback: Annotated[str, prose(320)]


class Verify(Entry):
    """How a machine proves the key.

    ``run`` without ``proof``: the question's code runs, and what it prints is the key's text.
    ``run`` or ``http`` with ``proof``: the script runs and prints the ids of the correct options,
    found by experiment, one a line. ``sql``: ``setup`` then ``query`` run on SQLite (and PostgreSQL
    where one is present); the rows, columns joined by " | ", are the key's text. ``doc``: a person
    read the reference; it never counts as verified.
    """

    kind: Literal["run", "sql", "http", "doc"]
    proof: Script | None = None
    setup: Script | None = None
    query: Script | None = None
    engines: Annotated[tuple[Literal["sqlite", "postgresql"], ...], Field(min_length=1, max_length=2)] = (
        "sqlite",
    )

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> Verify:
        if self.kind == "sql" and not self.query:
            raise ValueError("a sql proof needs `query`")
        if self.kind == "http" and not self.proof:
            raise ValueError("an http proof needs `proof`")
        if self.kind != "sql" and (self.setup or self.query):
            raise ValueError("`setup` and `query` belong to a sql proof")
        if self.kind in ("sql", "doc") and self.proof:
            raise ValueError(f"`proof` does not belong to a {self.kind} proof")
        return self


class Code(Entry):
    """A snippet shown with the stem, in a fixed-width block."""

    language: Literal["python", "sql", "http", "html", "javascript", "bash", "nginx", "yaml", "toml"]
    source: Annotated[str, StringConstraints(min_length=1, max_length=900)]


class Bloom(StrEnum):
    """The level of Bloom's revised taxonomy that the question asks for."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"
    EVALUATE = "evaluate"


class Question(Entry):
    """One question with exactly one correct option, in any of the three choosing types.

    ``output`` asks what the code prints. A change of key or meaning takes a new id, and the new
    question names the old in ``replaces``.
    """

    id: Slug
    rev: Count = 1
    status: Status = Status.ACTIVE
    type: Literal["single", "truefalse", "output"]
    objective: Annotated[str, prose(200, 20)]
    bloom: Bloom
    difficulty: Annotated[int, Field(ge=1, le=5)]
    tags: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    stem: Annotated[str, prose(300, 15)]
    code: Code | None = None
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=5)]
    hints: Annotated[tuple[Annotated[str, prose(200)], ...], Field(min_length=2, max_length=2)]
    explanation: Annotated[str, prose(700, 150)]
    references: Annotated[tuple[Reference, ...], Field(min_length=1, max_length=4)]
    corrects_article: bool = False
    replaces: Slug | None = None
    verify: Verify

    @property
    def key(self) -> Option:
        """The correct option."""
        return next(option for option in self.options if option.correct)

    def option(self, option_id: str) -> Option | None:
        """The option with this id, or None when it is not one of this question's."""
        return next((option for option in self.options if option.id == option_id), None)

    @model_validator(mode="after")
    def _one_key_and_matching_shape(self) -> Question:
        ids = [option.id for option in self.options]
        if len(set(ids)) != len(ids):
            raise ValueError("two options share an id")
        if sum(option.correct for option in self.options) != 1:
            raise ValueError("exactly one option must be `correct: true`")
        if self.type == "truefalse" and ids != ["true", "false"]:
            raise ValueError("a truefalse question has the options `true`, `false` in this order")
        if self.type == "output" and self.code is None:
            raise ValueError("an output question needs `code`")
        runs_the_code = self.verify.kind == "run" and self.verify.proof is None
        if runs_the_code and (self.code is None or self.code.language != "python"):
            raise ValueError("a run proof without `proof` needs Python `code`")
        return self


class QuestionFile(Entry):
    """``questions/<topic>.yaml``: the questions of one topic."""

    topic: Slug
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=200)]


class Prompt(Entry):
    """``prompts/<topic>.yaml``: the roadmap post that opens a topic."""

    id: Slug
    rev: Count = 1
    status: Status = Status.ACTIVE
    topic: Slug
    title: Line
    why_it_matters: Annotated[str, prose(600, 80)]
    task_5min: Annotated[str, prose(700, 60)]
    discuss: Annotated[str, prose(300, 20)]
    answer_sketch: Annotated[str, prose(900, 80)]
    article_correction: Annotated[str, prose(500)] | None = None
    references: Annotated[tuple[Reference, ...], Field(min_length=1, max_length=4)]


class Milestone(Entry):
    """What should exist by the end of a day of the challenge, counted from 1."""

    day: Annotated[int, Field(ge=1, le=60)]
    deliverable: Annotated[str, prose(300)]
    check_in: Annotated[str, prose(200)]


class Hours(Entry):
    """Estimated working time, as a range."""

    low: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
    high: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _low_before_high(self) -> Hours:
        if self.low > self.high:
            raise ValueError("`low` must not be above `high`")
        return self


class Criterion(Entry):
    """One line of the peer rubric with its anchored levels 0 to 3."""

    name: Literal["correctness", "tests", "security", "readability", "docs"]
    levels: Annotated[tuple[Annotated[str, prose(200)], ...], Field(min_length=4, max_length=4)]


class Challenge(Entry):
    """``challenges/<step>/<id>.yaml``: a project for the group, also doable alone."""

    id: Slug
    rev: Count = 1
    status: Status = Status.ACTIVE
    step: Slug
    title: Line
    summary: Annotated[str, prose(500, 60)]
    hours: Hours
    days: Annotated[int, Field(ge=1, le=60)]
    prerequisites: Topics = ()
    starter: Annotated[str, prose(900, 40)]
    milestones: Annotated[tuple[Milestone, ...], Field(min_length=2, max_length=8)]
    acceptance: Annotated[tuple[Annotated[str, prose(250)], ...], Field(min_length=5, max_length=8)]
    pitfalls: Annotated[tuple[Annotated[str, prose(250)], ...], Field(min_length=2, max_length=6)]
    stretch: Annotated[tuple[Annotated[str, prose(250)], ...], Field(min_length=1, max_length=6)]
    share_template: Annotated[str, prose(500, 40)]
    rubric: Annotated[tuple[Criterion, ...], Field(min_length=5, max_length=5)]
    reviewers: Annotated[int, Field(ge=1, le=5)] = 2
    alone: Annotated[str, prose(500, 40)]
    references: Annotated[tuple[Reference, ...], Field(min_length=1, max_length=6)]


class Correction(Entry):
    """A statement of the source article that is wrong, outdated or thin, and what holds instead."""

    kind: Literal["wrong", "outdated"]
    says: Annotated[str, prose(200)]
    instead: Annotated[str, prose(300)]


class Topic(Entry):
    """A stop on the roadmap. ``confusable_with`` names topics that learners mix up with it."""

    id: Slug
    title: Line
    article_term: Line
    prerequisites: Topics = ()
    confusable_with: Topics = ()
    corrections: Annotated[tuple[Correction, ...], Field(max_length=20)] = ()


class Step(Entry):
    """A leg of the roadmap, with its topics in learning order."""

    id: Slug
    title: Line
    goal: Annotated[str, prose(300, 20)]
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=40)]


class Roadmap(Entry):
    """``roadmap.yaml``. Each step is a bar in the progress picture, and costs the time to draw it."""

    source: Line
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=40)]


class PackInfo(Entry):
    """``pack.yaml``."""

    id: Slug
    title: Line
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$", max_length=40)]
    schema_version: Annotated[Literal[1], Field(alias="schema")]
    licence: Line
    as_of: dt.date
    environment: Annotated[dict[Slug, Line], Field(max_length=50)]
    reference_hosts: Annotated[tuple[Annotated[str, prose(253)], ...], Field(max_length=200)]


class Pack(Entry):
    """A whole pack, loaded: every lookup that serving needs, by permanent id.

    ``questions`` and ``prompts`` are keyed by topic id, ``challenges`` by step id. A retired
    challenge leaves its step to its successor and is kept in ``retired_challenges``. The lookups
    answer None for an id that this pack does not hold, and cost O(1) after the first use.
    """

    info: PackInfo
    roadmap: Roadmap
    questions: dict[str, tuple[Question, ...]]
    prompts: dict[str, Prompt]
    challenges: dict[str, Challenge]
    retired_challenges: tuple[Challenge, ...] = ()

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic, in the order of the roadmap."""
        return tuple(topic for step in self.roadmap.steps for topic in step.topics)

    def question(self, question_id: str) -> Question | None:
        """The question with this id, whatever its status."""
        found = self._topic_and_question.get(question_id)
        return found and found[1]

    def topic_of(self, question_id: str) -> Topic | None:
        """The topic that this question belongs to."""
        found = self._topic_and_question.get(question_id)
        return found and self.topic(found[0])

    def topic(self, topic_id: str) -> Topic | None:
        """The topic with this id."""
        found = self._step_and_topic.get(topic_id)
        return found and found[1]

    def step_of(self, topic_id: str) -> Step | None:
        """The step of the roadmap that this topic is on."""
        found = self._step_and_topic.get(topic_id)
        return found and found[0]

    def challenge(self, challenge_id: str) -> Challenge | None:
        """The challenge with this id, whatever its status."""
        return self._challenge_by_id.get(challenge_id)

    @cached_property
    def _topic_and_question(self) -> dict[str, tuple[str, Question]]:
        return {
            question.id: (topic, question)
            for topic, questions in self.questions.items()
            for question in questions
        }

    @cached_property
    def _step_and_topic(self) -> dict[str, tuple[Step, Topic]]:
        return {topic.id: (step, topic) for step in self.roadmap.steps for topic in step.topics}

    @cached_property
    def _challenge_by_id(self) -> dict[str, Challenge]:
        return {each.id: each for each in (*self.challenges.values(), *self.retired_challenges)}
