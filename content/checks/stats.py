"""The figures of a pack, for the README and for whatever else states them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypedDict

from content.checks.check import active_questions
from content.checks.composition import Composition, composition
from content.checks.figures import key_positions, longest_keys
from content.checks.findings import Report
from content.checks.proofs import Evidence, State, evidence_of
from content.model import Pack, Question, Status


class StepStats(TypedDict):
    """The figures of one step."""

    topics: int
    questions: int
    verified: int


class Stats(TypedDict):
    """The figures of a pack. Only what is active is counted.

    ``verified`` is how many proofs held on every engine that they name, ``evidence`` how many questions
    have which kind of it, ``proven_on`` how many proofs each database bore out. ``not_run`` counts the
    proofs that could not run here, wholly or on one engine.
    """

    topics: int
    questions: int
    prompts: int
    challenges: int
    verified: int
    tried: int
    steps: dict[str, StepStats]
    by_type: dict[str, int]
    by_verify: dict[str, int]
    verified_by_kind: dict[str, int]
    evidence: dict[str, int]
    proven_on: dict[str, int]
    not_run: int
    corrects_article: int
    key_positions: dict[str, int]
    key_longest: int
    composition: Composition


def content_stats(pack: Pack, report: Report) -> Stats:
    """Count what the pack holds and what the report proved. The result is ready for JSON."""
    questions = active_questions(pack)
    held = [outcome for outcome in report.outcomes if outcome.state is State.HELD]
    positions = key_positions(questions)
    return {
        "topics": len(pack.topics),
        "questions": len(questions),
        "prompts": sum(len(pack.active_prompts(topic.id)) for topic in pack.topics),
        "challenges": sum(len(pack.active_challenges(step.id)) for step in pack.roadmap.steps),
        "verified": report.verified,
        "tried": report.tried,
        "steps": _steps(pack, {outcome.question for outcome in held}),
        "by_type": dict(Counter(question.type for question in questions)),
        "by_verify": dict(Counter(question.verify.kind for question in questions)),
        "verified_by_kind": dict(Counter(outcome.kind for outcome in held)),
        "evidence": _evidence(questions, {outcome.question for outcome in held}),
        "proven_on": dict(Counter(engine for outcome in report.outcomes for engine in outcome.engines)),
        "not_run": len(report.not_run),
        "corrects_article": sum(question.corrects_article for question in questions),
        "key_positions": {letter: positions[place] for place, letter in enumerate("abcd")},
        "key_longest": len(longest_keys(questions)),
        "composition": composition(pack, questions),
    }


def _evidence(questions: Iterable[Question], held: set[str]) -> dict[str, int]:
    """Count the questions with each kind of evidence: what a machine was to show counts when it did."""
    kinds = [evidence_of(question) for question in questions if question.id in held]
    read = sum(question.verify.kind == "doc" for question in questions)
    return {kind.value: read if kind is Evidence.READ else kinds.count(kind) for kind in Evidence}


def _steps(pack: Pack, held: set[str]) -> dict[str, StepStats]:
    stats: dict[str, StepStats] = {}
    for step in pack.roadmap.steps:
        ids = [
            question.id
            for topic in step.topics
            for question in pack.questions[topic.id]
            if question.status is Status.ACTIVE
        ]
        verified = sum(id_ in held for id_ in ids)
        stats[step.id] = {
            "topics": len(step.topics),
            "questions": len(ids),
            "verified": verified,
        }
    return stats
