"""The test of the proofs themselves: each must notice a wrong key, exchanged texts and changed code.

The first two need no second run: what a proof found is held against the wrong question. A proof that has
shown code to look at is run again on changed code, until one change makes it find something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from content.checks.claims import ProofError
from content.checks.experiments import Bench, NotRunError, observe
from content.checks.mutants import (
    Mutant,
    with_code_changed,
    with_key_moved,
    with_line_moved,
    with_texts_exchanged,
)
from content.checks.proofs import Outcome
from content.checks.sandbox import SandboxError
from content.checks.side_by_side import Job, Progress, side_by_side
from content.checks.sql import SqlError
from content.kinds import LineQuestion
from content.model import Question

_SECONDS = 60.0
"""Seconds by the clock for a proof of changed code, which may wait for something that never comes."""


@dataclass(frozen=True)
class Blind:
    """A change that the proof of a question does not notice."""

    question: str
    done: str


@dataclass(frozen=True)
class SelfTest:
    """Numbers of changed questions and of their changes, and the changes that no proof noticed."""

    questions: int = 0
    mutants: int = 0
    blind: tuple[Blind, ...] = ()


def self_test(
    proven: Iterable[tuple[Question, Outcome]],
    bench: Bench,
    *,
    runs: bool = True,
    progress: Progress | None = None,
) -> SelfTest:
    """Change each question whose proof ran, and see that the proof does not hold any more.

    Without ``runs`` no program is started: only keys and texts are changed.
    """
    bench = replace(bench, sandbox=replace(bench.sandbox, seconds=_SECONDS))
    tested = [(question, outcome) for question, outcome in proven if outcome.observation]
    jobs = [
        Job(
            partial(_tested, question, outcome, bench, runs=runs),
            waits=runs and question.verify.kind == "server",
        )
        for question, outcome in tested
    ]
    results = side_by_side(jobs, progress)
    blind = chain.from_iterable(found for _, found in results)
    return SelfTest(len(tested), sum(tried for tried, _ in results), tuple(blind))


def _tested(question: Question, outcome: Outcome, bench: Bench, *, runs: bool) -> tuple[int, list[Blind]]:
    """Return how many mutants of a question were tried, and those that its proof does not notice."""
    still = [*with_texts_exchanged(question), *with_key_moved(question)]
    blind = [Blind(question.id, each.done) for each in still if not _is_noticed(each, outcome, bench)]
    tried = len(still)
    if runs and isinstance(question, LineQuestion):
        moved = list(with_line_moved(question))
        blind += [Blind(question.id, each.done) for each in moved if not _fails(each, bench)]
        tried += len(moved)
    elif runs and question.verify.proof and question.code:
        number, noticed = _code_changes(question, bench)
        tried += number
        if not noticed:
            blind.append(Blind(question.id, f"the shown code is changed, in {number} ways"))
    return tried, blind


def _is_noticed(mutant: Mutant, outcome: Outcome, bench: Bench) -> bool:
    """Tell if what the proof found is not the key of the mutant."""
    try:
        if outcome.observation:
            outcome.observation.hold(mutant.question, bench.judge)
    except ProofError:
        return True
    return False


def _code_changes(question: Question, bench: Bench) -> tuple[int, bool]:
    """Return how many changes of the shown code were tried, and whether the proof noticed one."""
    number = 0
    for number, mutant in enumerate(with_code_changed(question), start=1):
        if _fails(mutant, bench):
            return number, True
    return number, False


def _fails(mutant: Mutant, bench: Bench) -> bool:
    """Tell if the proof of a mutant ends badly or finds another key when it is run."""
    try:
        observe(mutant.question, bench).hold(mutant.question, bench.judge)
    except (ProofError, SandboxError, SqlError, NotRunError):
        return True  # what is missing now was there before the change
    return False
