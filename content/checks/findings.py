"""Findings of the checker, with the place of each in the files."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from content.checks.folder import PackFolder
from content.checks.proofs import Outcome, State
from content.checks.selftest import SelfTest
from content.checks.yaml_source import Key, Source, SourceError, read_source
from content.errors import Problem
from content.model import Challenge, Pack


class Severity(StrEnum):
    """The weight of a finding.

    An error keeps a pack from release, a warning asks for a second look, a note says what was not checked.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


Place = tuple[str, int | None]
"""A file of a pack and a line in it, counted from 1; None where no line can be named."""


@dataclass(frozen=True, kw_only=True)
class Finding(Problem):
    """A problem found by one of the checks; ``check`` is the name of that check."""

    check: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} [{self.check}]: {self.advice}"


@dataclass(frozen=True)
class Tried:
    """The outcome of one try of what learners are told to run.

    ``name`` is the id of the prompt or challenge. ``detail`` says why it failed, or what it needs that is
    not here.
    """

    name: str
    place: Place
    state: State
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """The result of a whole check: the findings, how each proof came out, and how each try.

    ``notes`` has one for each proof that could not run here, wholly or on one engine. ``tested`` says how
    well proofs notice what is wrong.
    """

    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    notes: tuple[Finding, ...] = ()
    tries: tuple[Tried, ...] = ()
    tested: SelfTest = field(default_factory=SelfTest)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the pack from release."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that ask for a second look."""
        return tuple(each for each in self.findings if each.severity is Severity.WARNING)

    @property
    def verified(self) -> int:
        """Return how many questions have a proof that ran here and held, on every engine that it names."""
        return sum(each.state is State.HELD for each in self.outcomes)

    @property
    def tried(self) -> int:
        """Return how many tries of prompts and challenges ran here and came out as declared."""
        return sum(each.state is State.HELD for each in self.tries)

    @property
    def not_run(self) -> tuple[Outcome, ...]:
        """The proofs that could not run here, wholly or on one engine; ``not_run_here`` says why."""
        return tuple(each for each in self.outcomes if each.not_run_here)


@dataclass
class Places:
    """An index that finds the file and line of anything in a pack.

    A file is read once, when its lines are first asked for; if it is gone the line is None.
    """

    pack: Pack
    folder: Path
    _sources: dict[str, Source | None] = field(default_factory=dict)

    def of_question(self, question_id: str, *path: Key) -> Place:
        """The place of a question, or of what lies at ``path`` inside it."""
        topic, index = self._questions[question_id]
        return self.of_file(f"questions/{topic}.yaml", "questions", index, *path)

    def of_topic(self, topic_id: str, *path: Key) -> Place:
        """The place of a topic on the roadmap, or of what lies at ``path`` inside it."""
        return self.of_file("roadmap.yaml", *self._topics[topic_id], *path)

    def of_prompt(self, topic_id: str, number: int, *path: Key) -> Place:
        """The place of a prompt of a topic, counted from 0, or of what lies at ``path`` inside it."""
        return self.of_file(f"prompts/{topic_id}.yaml", "prompts", number, *path)

    def of_challenge(self, challenge: Challenge, *path: Key) -> Place:
        """The place of a challenge, or of what lies at ``path`` inside it."""
        return self.of_file(f"challenges/{challenge.step}/{challenge.id}.yaml", *path)

    def of_file(self, file: str, *path: Key) -> Place:
        """The place of what lies at ``path`` in a file of the pack."""
        if file not in self._sources:
            try:
                self._sources[file] = read_source(self._files, file)
            except SourceError:
                self._sources[file] = None
        source = self._sources[file]
        return file, source.line(path) if source else None

    @cached_property
    def _files(self) -> PackFolder:
        return PackFolder(self.folder)

    @cached_property
    def _questions(self) -> dict[str, tuple[str, int]]:
        return {
            question.id: (topic, index)
            for topic, questions in self.pack.questions.items()
            for index, question in enumerate(questions)
        }

    @cached_property
    def _topics(self) -> dict[str, tuple[Key, ...]]:
        return {
            topic.id: ("steps", number, "topics", index)
            for number, step in enumerate(self.pack.roadmap.steps)
            for index, topic in enumerate(step.topics)
        }
