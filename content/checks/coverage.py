"""Checks that the pack covers its roadmap, in an order that can be walked, from sources to trust."""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.findings import Finding, Place, Places, Severity
from content.model import Pack, Question, Reference, Status

FEW = 3
"""Questions on a topic below which they come round again too soon."""


def check_coverage(pack: Pack, places: Places) -> Iterator[Finding]:
    """Check each topic for questions and a prompt in use, each step for a challenge, and the order."""
    for topic in pack.topics:
        place = places.of_topic(topic.id)
        count = sum(each.status is Status.ACTIVE for each in pack.questions[topic.id])
        if count < FEW:
            severity = Severity.WARNING if count else Severity.ERROR
            questions = "1 active question" if count == 1 else f"{count} active questions"
            message = f"'{topic.id}' has {questions}, the minimum is {FEW}"
            yield Finding(*place, message, check="coverage", severity=severity)
    yield from _posts(pack, places)
    yield from _order(pack, places)


def check_references(pack: Pack, questions: list[Question], places: Places) -> Iterator[Finding]:
    """Check that each reference is official documentation or a standard: its host is on the pack's list.

    A pack without a list may point anywhere.
    """
    hosts = set(pack.info.reference_hosts)
    if not hosts:
        return
    for file_place, reference in each_reference(pack, questions, places):
        if reference.url.host not in hosts:
            message = f"{reference.url.host} is not among the reference_hosts of pack.yaml"
            yield Finding(*file_place, message, check="references")


def each_reference(
    pack: Pack, questions: list[Question], places: Places
) -> Iterator[tuple[Place, Reference]]:
    """Yield every reference of the questions, and of the pack's prompts and challenges, with its place."""
    for question in questions:
        for index, reference in enumerate(question.references):
            yield places.of_question(question.id, "references", index), reference
    for topic, prompts in pack.prompts.items():
        for number, prompt in enumerate(prompts):
            for index, reference in enumerate(prompt.references):
                yield places.of_prompt(topic, number, "references", index), reference
    for challenge in (each for challenges in pack.challenges.values() for each in challenges):
        for index, reference in enumerate(challenge.references):
            yield places.of_challenge(challenge, "references", index), reference


def check_successors(questions: list[Question], pack: Pack, places: Places) -> Iterator[Finding]:
    """Check that a question that replaces another names one of this pack, and that one is retired."""
    for question in questions:
        if question.replaces is None:
            continue
        place = places.of_question(question.id, "replaces")
        old = pack.question(question.replaces)
        if old is None:
            yield Finding(*place, f"there is no question '{question.replaces}'", check="ids")
        elif old.status is not Status.RETIRED:
            hint = "Give it `status: retired`."
            yield Finding(*place, f"'{old.id}' is replaced but {old.status}", hint, check="ids")


def _posts(pack: Pack, places: Places) -> Iterator[Finding]:
    """Name each topic without an active prompt and each step without an active challenge: a lap has gaps.

    A pack that has none at all does without on purpose.
    """
    if any(pack.active_prompts(topic.id) for topic in pack.topics):
        for topic in pack.topics:
            if not pack.active_prompts(topic.id):
                yield _gap(places.of_topic(topic.id), f"'{topic.id}' has no active prompt")
    if any(pack.active_challenges(step.id) for step in pack.roadmap.steps):
        for number, step in enumerate(pack.roadmap.steps):
            if not pack.active_challenges(step.id):
                place = places.of_file("roadmap.yaml", "steps", number)
                yield _gap(place, f"'{step.id}' has no active challenge")


def _gap(place: Place, message: str) -> Finding:
    return Finding(*place, message, check="coverage", severity=Severity.WARNING)


def _order(pack: Pack, places: Places) -> Iterator[Finding]:
    """Check that a prerequisite comes before the topic that needs it."""
    passed: set[str] = set()
    for topic in pack.topics:
        for index, needed in enumerate(topic.prerequisites):
            if needed not in passed:
                place = places.of_topic(topic.id, "prerequisites", index)
                message = f"'{topic.id}' needs '{needed}', which comes later"
                yield Finding(*place, message, check="coverage")
        passed.add(topic.id)
