"""Rules that hold the files of a pack together. Only these keep a pack from loading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import Any

from content.checks.files import Files, present
from content.checks.schema import Read, nearest
from content.checks.yaml_source import Key
from content.errors import Problem
from content.model import PromptFile, QuestionFile, Roadmap, Topic


def structural_problems(files: Files, *, needs_questions: bool = True) -> Iterator[Problem]:
    """Everything that stands between well-formed files and a whole pack.

    ``needs_questions=False`` allows topics without a file of questions.
    The rules about topics and steps rest while ``roadmap.yaml`` itself does not read.
    """
    yield from _repeated_ids(files)
    if files.roadmap is not None:
        outline = _Outline(files.roadmap)
        yield from _repeated_steps(outline)
        if needs_questions:
            yield from _missing_questions(files, outline)
        yield from _topic_files(files.questions, outline)
        yield from _topic_files(files.prompts, outline)
        yield from _challenge_files(files, outline)
        yield from _unknown_topics(files, outline)
        yield from _circle(outline)


@dataclass(frozen=True)
class _Outline:
    """The roadmap, with the place of each topic and step in its file."""

    read: Read[Roadmap]

    @cached_property
    def topics(self) -> dict[str, tuple[Key, ...]]:
        return {topic.id: path for topic, path in self.each_topic()}

    @cached_property
    def steps(self) -> dict[str, tuple[Key, ...]]:
        return {step.id: ("steps", place) for place, step in enumerate(self.read.value.steps)}

    def each_topic(self) -> Iterator[tuple[Topic, tuple[Key, ...]]]:
        for number, step in enumerate(self.read.value.steps):
            for place, topic in enumerate(step.topics):
                yield topic, ("steps", number, "topics", place)


def _entries(files: Files) -> Iterator[tuple[str, str, Read[Any], tuple[Key, ...]]]:
    """Yield each thing whose id is unique in the pack: its kind, its id, its file and place."""
    if files.roadmap is not None:
        for topic, path in _Outline(files.roadmap).each_topic():
            yield "topic", topic.id, files.roadmap, path
    for asked in present(files.questions).values():
        for place, question in enumerate(asked.value.questions):
            yield "question", question.id, asked, ("questions", place)
    for given in present(files.prompts).values():
        for place, prompt in enumerate(given.value.prompts):
            yield "prompt", prompt.id, given, ("prompts", place)
    for challenge in present(files.challenges).values():
        yield "challenge", challenge.value.id, challenge, ()


def _repeated_ids(files: Files) -> Iterator[Problem]:
    holders: dict[str, tuple[str, Read[Any], tuple[Key, ...]]] = {}
    for what, id_, read, path in _entries(files):
        if holder := holders.get(id_):
            kind, first, place = holder
            hint = f"It is that of the {kind} at {first.source.file}:{first.source.line((*place, 'id'))}."
            yield read.problem(f"the id '{id_}' is taken", *path, "id", hint=hint)
        else:
            holders[id_] = what, read, path


def _repeated_steps(outline: _Outline) -> Iterator[Problem]:
    steps = outline.read.value.steps
    for id_, count in Counter(step.id for step in steps).items():
        if count > 1:
            path = outline.steps[id_]
            yield outline.read.problem(f"the step id '{id_}' is taken", *path, "id")


def _missing_questions(files: Files, outline: _Outline) -> Iterator[Problem]:
    """Check that each topic has a file of questions. A file of prompts may be left out."""
    for topic, path in outline.topics.items():
        if f"questions/{topic}.yaml" not in files.questions:
            hint = f"Add one with `milepost content new question --topic {topic}`."
            yield outline.read.problem(f"the topic has no questions/{topic}.yaml", *path, hint=hint)


def _topic_files(
    reads: dict[str, Read[QuestionFile] | None] | dict[str, Read[PromptFile] | None],
    outline: _Outline,
) -> Iterator[Problem]:
    """Check that each file is named after a topic of the roadmap, and says so itself."""
    for file, read in reads.items():
        name = PurePosixPath(file).stem
        if name not in outline.topics:
            hint = nearest(name, outline.topics)
            yield Problem(file, 1, f"the roadmap has no topic '{name}'", hint)
        if read is not None and read.value.topic != name:
            hint = "The file is named after its topic."
            yield read.problem(f"the topic is '{read.value.topic}'", "topic", hint=hint)


def _challenge_files(files: Files, outline: _Outline) -> Iterator[Problem]:
    """Check that files are at ``challenges/<step>/<id>.yaml``."""
    for file, read in files.challenges.items():
        step = PurePosixPath(file).parent.name
        if step not in outline.steps:
            hint = nearest(step, outline.steps)
            yield Problem(file, 1, f"the roadmap has no step '{step}'", hint)
        if read is not None and file != f"challenges/{read.value.step}/{read.value.id}.yaml":
            hint = "Its place is challenges/<step>/<id>.yaml."
            yield read.problem("the step or the id is not that of the file", "step", hint=hint)


def _unknown_topics(files: Files, outline: _Outline) -> Iterator[Problem]:
    """Check that every topic named as a prerequisite or as confusable is on the roadmap."""
    for topic, path in outline.each_topic():
        named = {"prerequisites": topic.prerequisites, "confusable_with": topic.confusable_with}
        for key, ids in named.items():
            yield from _unknown(ids, outline, outline.read, (*path, key))
    for challenge in present(files.challenges).values():
        yield from _unknown(challenge.value.prerequisites, outline, challenge, ("prerequisites",))


def _unknown(
    ids: tuple[str, ...], outline: _Outline, read: Read[Any], path: tuple[Key, ...]
) -> Iterator[Problem]:
    for place, id_ in enumerate(ids):
        if id_ not in outline.topics:
            hint = nearest(id_, outline.topics)
            yield read.problem(f"the roadmap has no topic '{id_}'", *path, place, hint=hint)


def _circle(outline: _Outline) -> Iterator[Problem]:
    """Check that no topic waits for itself. One circle is named at a time."""
    graph = {topic.id: topic.prerequisites for topic, _ in outline.each_topic()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        path = outline.topics[circle[0]]
        message = f"the prerequisites go in a circle: {' -> '.join(circle)}"
        yield outline.read.problem(message, *path, "prerequisites")
