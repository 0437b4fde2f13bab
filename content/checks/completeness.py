"""Checks for what a pack may leave out and its members miss: hints, feedback, sources, a longer why.

A small pack is served without them, so each lack is a warning. The shipped pack has all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.findings import Finding, Place, Places, Severity
from content.kinds import LineQuestion, MatchQuestion, OrderQuestion, ShortQuestion
from content.kinds.number import NumberQuestion
from content.model import Pack, Question, Status

HINTS = 2
"""Hints of a question in practice: a nudge, then a narrowing."""

EXPLAINED = 150
"""Characters below which an explanation seldom says why."""


def check_completeness(pack: Pack, questions: list[Question], places: Places) -> Iterator[Finding]:
    """Yield a warning for each question, prompt and challenge in use that lacks something members miss."""
    for question in questions:
        if lacks := [*_lacks(question)]:
            yield _warning(places.of_question(question.id), question.id, lacks)
    for topic, prompts in pack.prompts.items():
        for number, prompt in enumerate(prompts):
            if prompt.status is Status.ACTIVE and not prompt.references:
                yield _warning(places.of_prompt(topic, number), prompt.id, ["a reference"])
    for step in pack.roadmap.steps:
        for challenge in pack.active_challenges(step.id):
            if not challenge.references:
                yield _warning(places.of_challenge(challenge), challenge.id, ["a reference"])


def _lacks(question: Question) -> Iterator[str]:
    """Yield what the question lacks, in words that follow "lacks"."""
    if not question.objective:
        yield "an objective"
    if "bloom" not in question.model_fields_set:
        yield "a level (bloom)"
    if "difficulty" not in question.model_fields_set:
        yield "a difficulty"
    if len(question.hints) < HINTS:
        yield "two hints" if not question.hints else "a second hint"
    if silent := _without_feedback(question):
        yield f"feedback on {', '.join(silent)}"
    if isinstance(question, ShortQuestion | NumberQuestion) and not question.mistakes:
        yield "likely mistakes"
    if len(question.explanation) < EXPLAINED:
        yield f"an explanation of {EXPLAINED} characters or more"
    if not question.references:
        yield "a reference"
    if "verify" not in question.model_fields_set:
        yield "a word on how its key was checked (verify)"


def _without_feedback(question: Question) -> list[str]:
    """Return the ids of the wrong options, the items or pairs that say nothing to those who choose them."""
    match question:
        case LineQuestion():
            return [] if question.feedback else ["the faulty line"]
        case OrderQuestion():
            return [item.id for item in question.items if not item.feedback]
        case MatchQuestion():
            return [pair.id for pair in question.pairs if not pair.feedback]
    return [option.id for option in question.choices if not (option.feedback or option.correct)]


def _warning(place: Place, name: str, lacks: list[str]) -> Finding:
    *others, last = lacks
    listed = f"{', '.join(others)} and {last}" if others else last
    message = f"'{name}' lacks {listed}"
    return Finding(
        *place, message, "It is served without.", check="completeness", severity=Severity.WARNING
    )
