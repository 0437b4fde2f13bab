"""Everything that members read of a pack, as texts with their places."""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.findings import Place, Places
from content.checks.yaml_source import Key
from content.model import Pack, Question, Status

_NOT_READ = {
    "article_claims",
    "article_term",
    "code",
    "id",
    "kind",
    "name",
    "prerequisites",
    "references",
    "review_by",
    "rev",
    "status",
    "step",
    "tries",
}
"""Fields whose texts are names, sources or settings."""

Read = tuple[Place, str]
"""A text and the place that it has in the files."""


def each_text(pack: Pack, questions: list[Question], places: Places) -> Iterator[Read]:
    """Yield the texts of the questions, and of the pack's active prompts, challenges and roadmap."""
    for question in questions:
        objective = [(("objective",), question.objective)] if question.objective else []
        for path, text in (*objective, *question.texts()):
            yield places.of_question(question.id, *path), text
    for topic, prompts in pack.prompts.items():
        for number, prompt in enumerate(prompts):
            if prompt.status is Status.ACTIVE:
                for path, text in _leaves(prompt.model_dump(exclude=_NOT_READ)):
                    yield places.of_prompt(topic, number, *path), text
    for step in pack.roadmap.steps:
        for challenge in pack.active_challenges(step.id):
            for path, text in _leaves(challenge.model_dump(exclude=_NOT_READ)):
                yield places.of_challenge(challenge, *path), text
    yield from _of_roadmap(pack, places)


def _of_roadmap(pack: Pack, places: Places) -> Iterator[Read]:
    yield places.of_file("pack.yaml", "title"), pack.info.title
    for number, step in enumerate(pack.roadmap.steps):
        for path, text in _leaves(step.model_dump(include={"title", "goal"})):
            yield places.of_file("roadmap.yaml", "steps", number, *path), text
    for topic in pack.topics:
        yield places.of_topic(topic.id, "title"), topic.title
        for index, correction in enumerate(topic.corrections):
            for path, text in _leaves(correction.model_dump(include={"says", "instead"})):
                yield places.of_topic(topic.id, "corrections", index, *path), text


def _leaves(value: object, path: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], str]]:
    """Yield every text inside a value of mappings, lists and texts, with the keys that lead to it."""
    match value:
        case str():
            yield path, value
        case dict():
            for key, inner in value.items():
                if key not in _NOT_READ:
                    yield from _leaves(inner, (*path, key))
        case list() | tuple():
            for index, inner in enumerate(value):
                yield from _leaves(inner, (*path, index))
