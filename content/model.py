"""The frozen types of a content pack: what a file may say, and the limits it must keep.

Lengths are counted in characters. A field that a file leaves out has the default given here; a key
that is not named here is refused by the loader with the nearest name that exists. What each kind of
question says for itself is in ``content.kinds``.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from content.article import Article
from content.kinds import Question, parse_question
from content.parts import (
    Bloom,
    Code,
    ContentModel,
    Count,
    Line,
    Option,
    Reference,
    Slug,
    Slugs,
    Status,
    Verify,
    prose,
)
from content.tries import Checks, FileName, StarterFile, Try

__all__ = [
    "Bloom",
    "Challenge",
    "Code",
    "ContentModel",
    "Correction",
    "Hours",
    "Milestone",
    "Option",
    "Pack",
    "PackInfo",
    "Prompt",
    "PromptFile",
    "Question",
    "QuestionFile",
    "Reference",
    "Roadmap",
    "Status",
    "Step",
    "Topic",
    "Verify",
    "parse_question",
]


class QuestionFile(ContentModel):
    """``questions/<topic>.yaml``: the questions of one topic."""

    topic: Slug
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=200)]


class Prompt(ContentModel):
    """A roadmap post that opens a topic: something to do in about ``task_minutes``, and to talk about.

    ``code`` belongs to the task and is shown under it. ``tries`` are what the checker runs of the task.
    """

    id: Slug
    rev: Count = 1
    status: Status = Status.ACTIVE
    title: Line
    why_it_matters: Annotated[str, prose(600, 80)]
    task: Annotated[str, prose(900, 60)]
    task_minutes: Annotated[int, Field(ge=5, le=60, multiple_of=5)]
    code: Code | None = None
    tries: Annotated[tuple[Try, ...], Field(max_length=6)] = ()
    discuss: Annotated[str, prose(300, 20)]
    answer_sketch: Annotated[str, prose(900, 80)]
    article_correction: Annotated[str, prose(500)] | None = None
    article_claims: Slugs = ()
    review_by: dt.date | None = None
    references: Annotated[tuple[Reference, ...], Field(max_length=4)] = ()


class PromptFile(ContentModel):
    """``prompts/<topic>.yaml``: the prompts of one topic. A group gets one of them on each lap."""

    topic: Slug
    prompts: Annotated[tuple[Prompt, ...], Field(min_length=1, max_length=50)]


class Milestone(ContentModel):
    """A result that should exist by the end of a day of the challenge, counted from 1."""

    day: Annotated[int, Field(ge=1, le=60)]
    deliverable: Annotated[str, prose(300)]
    check_in: Annotated[str, prose(200)]


class Hours(ContentModel):
    """Estimated working time, as a range."""

    low: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
    high: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _low_before_high(self) -> Hours:
        if self.low > self.high:
            raise ValueError("`low` must not be above `high`")
        return self


class Challenge(ContentModel):
    """``challenges/<step>/<id>.yaml``: a project for the group, also doable alone.

    ``starter_files`` are in the folder ``<id>/starter`` next to it, and handed out to members. A solution
    for the checker may be in ``<id>/solution``; it is shown to nobody.
    """

    id: Slug
    rev: Count = 1
    status: Status = Status.ACTIVE
    step: Slug
    title: Line
    summary: Annotated[str, prose(500, 60)]
    hours: Hours
    days: Annotated[int, Field(ge=1, le=60)]
    prerequisites: Slugs = ()
    starter: Annotated[str, prose(900, 40)]
    starter_files: Annotated[tuple[FileName, ...], Field(max_length=6)] = ()
    checks: Checks | None = None
    milestones: Annotated[tuple[Milestone, ...], Field(min_length=2, max_length=8)]
    acceptance: Annotated[tuple[Annotated[str, prose(250)], ...], Field(min_length=5, max_length=8)]
    pitfalls: Annotated[tuple[Annotated[str, prose(250)], ...], Field(min_length=2, max_length=6)]
    stretch: Annotated[tuple[Annotated[str, prose(250)], ...], Field(min_length=1, max_length=6)]
    share_template: Annotated[str, prose(500, 40)]
    alone: Annotated[str, prose(500, 40)]
    references: Annotated[tuple[Reference, ...], Field(max_length=6)] = ()


class Correction(ContentModel):
    """A statement of the source article that is wrong, outdated or thin, and what holds instead."""

    kind: Literal["wrong", "outdated"]
    says: Annotated[str, prose(200)]
    instead: Annotated[str, prose(300)]
    article_claims: Slugs = ()
    review_by: dt.date | None = None


class Topic(ContentModel):
    """A stop on the roadmap. ``confusable_with`` names topics that learners mix up with it.

    ``article_term`` is what the source calls it; empty where that is the title.
    """

    id: Slug
    title: Line
    article_term: Line = ""
    prerequisites: Slugs = ()
    confusable_with: Slugs = ()
    corrections: Annotated[tuple[Correction, ...], Field(max_length=20)] = ()


class Step(ContentModel):
    """A leg of the roadmap, with its topics in learning order."""

    id: Slug
    title: Line
    goal: Annotated[str, prose(300, 20)]
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=40)]


class Roadmap(ContentModel):
    """``roadmap.yaml``. Each step is a bar in the progress picture, and costs the time to draw it."""

    source: Line
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=40)]


class PackInfo(ContentModel):
    """``pack.yaml``."""

    id: Slug
    title: Line
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$", max_length=40)]
    schema_version: Annotated[Literal[1], Field(alias="schema")]
    licence: Line
    as_of: dt.date
    environment: Annotated[dict[Slug, Line], Field(default_factory=dict, max_length=50)]
    reference_hosts: Annotated[tuple[Annotated[str, prose(253)], ...], Field(max_length=200)] = ()


class Pack(ContentModel):
    """A whole pack, loaded: every lookup that serving needs, by permanent id.

    ``questions`` and ``prompts`` are keyed by topic id, ``challenges`` by step id, whatever their status,
    ``starters`` by the id of a challenge that has starter files.
    A topic may have no prompt and a step no challenge. The lookups answer None for an id that this pack
    does not hold, and cost O(1) after the first use.
    """

    info: PackInfo
    roadmap: Roadmap
    article: Article | None = None
    questions: dict[str, tuple[Question, ...]]
    prompts: dict[str, tuple[Prompt, ...]]
    challenges: dict[str, tuple[Challenge, ...]]
    starters: dict[str, tuple[StarterFile, ...]] = {}  # noqa: RUF012  frozen, as pydantic copies it

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

    def prompt(self, prompt_id: str) -> Prompt | None:
        """The prompt with this id, whatever its status."""
        return self._prompt_by_id.get(prompt_id)

    def challenge(self, challenge_id: str) -> Challenge | None:
        """The challenge with this id, whatever its status."""
        return self._challenge_by_id.get(challenge_id)

    def active_questions(self, topic_id: str) -> tuple[Question, ...]:
        """The questions that this topic asks, in the order of the file; none for an unknown topic."""
        return self._active_questions.get(topic_id, ())

    def active_prompts(self, topic_id: str) -> tuple[Prompt, ...]:
        """The prompts that open this topic, in the order of the file; none for an unknown topic."""
        return self._active_prompts.get(topic_id, ())

    def active_challenges(self, step_id: str) -> tuple[Challenge, ...]:
        """The challenges of this step, the shortest first; none for an unknown step."""
        return self._active_challenges.get(step_id, ())

    @cached_property
    def asked_topics(self) -> tuple[str, ...]:
        """Ids of the topics with an active question, in the order of the roadmap."""
        return tuple(topic.id for topic in self.topics if self.active_questions(topic.id))

    @cached_property
    def prompted_topics(self) -> tuple[str, ...]:
        """Ids of the topics with an active prompt, in the order of the roadmap."""
        return tuple(topic.id for topic in self.topics if self.active_prompts(topic.id))

    @cached_property
    def _active_questions(self) -> dict[str, tuple[Question, ...]]:
        return {
            topic: tuple(each for each in found if each.status is Status.ACTIVE)
            for topic, found in self.questions.items()
        }

    @cached_property
    def _active_prompts(self) -> dict[str, tuple[Prompt, ...]]:
        return {
            topic: tuple(each for each in found if each.status is Status.ACTIVE)
            for topic, found in self.prompts.items()
        }

    @cached_property
    def _active_challenges(self) -> dict[str, tuple[Challenge, ...]]:
        return {
            step: tuple(
                sorted(
                    (each for each in found if each.status is Status.ACTIVE),
                    key=lambda each: (each.hours.low, each.hours.high, each.id),
                )
            )
            for step, found in self.challenges.items()
        }

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
        return {each.id: each for challenges in self.challenges.values() for each in challenges}

    @cached_property
    def _prompt_by_id(self) -> dict[str, Prompt]:
        return {each.id: each for prompts in self.prompts.values() for each in prompts}
