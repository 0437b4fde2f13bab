"""The whole check of a pack, and the test that the check itself can fail."""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from content.checks.answers import check_answers
from content.checks.attribution import check_attribution
from content.checks.convergence import check_convergence
from content.checks.coverage import check_coverage, check_references, check_successors
from content.checks.duplicates import check_duplicates
from content.checks.english import check_english
from content.checks.figures import check_figures
from content.checks.findings import Finding, Places, Report, Severity, Tried
from content.checks.freshness import check_freshness
from content.checks.giveaways import check_giveaways
from content.checks.keys import Judge
from content.checks.likeness import check_likeness
from content.checks.lock import check_ids
from content.checks.mutants import with_wrong_key
from content.checks.proofs import Bench, Outcome, State, names_read, prove
from content.checks.reading import each_text
from content.checks.sandbox import Sandbox
from content.checks.tries import check_tasks, findings_of, prompt_tries, try_prompt
from content.checks.wording import check_code, check_wording
from content.errors import bounded
from content.kinds import MatchQuestion
from content.model import Pack, Question, Status

T = TypeVar("T")

TRY_SECONDS = 60.0
"""Seconds for all steps of one try."""

Progress = Callable[[int, int], None]
"""Called after each proof with how many are done, and of how many."""

Rendered = Callable[[Question], Iterable[str]]
"""Yields a sentence for each limit of a platform that the question breaks once it is rendered."""


def check_pack(
    pack: Pack,
    folder: Path,
    judge: Judge,
    *,
    progress: Progress | None = None,
    rendered: Rendered | None = None,
    postgres_url: str | None = None,
    released_lock: str | None = None,
    today: dt.date | None = None,
) -> Report:
    """Check a loaded pack against the files in ``folder``, running the proof of every question.

    ``judge`` tells which typed answers are accepted.
    Only active questions are checked: a draft may be wrong, and a retired one is history.
    Without ``postgres_url`` the environment's MILEPOST_TEST_POSTGRES_URL is used; without both,
    PostgreSQL proofs are reported as not run here. ``released_lock`` is the text of the last
    released ``ids.lock``, from which nothing may be missing. ``today`` is the day against which
    ``review_by`` is held; without it no date is looked at.
    """
    questions = active_questions(pack)
    places = Places(pack, folder)
    bench = Bench(judge, postgres_url=postgres_url or os.environ.get("MILEPOST_TEST_POSTGRES_URL"))
    outcomes = prove_all(questions, bench, progress)
    tries = _try_all(pack, places)
    findings = [
        *check_ids(pack, folder, released_lock),
        *_told(check_successors(questions, pack, places)),
        *_told(check_coverage(pack, places)),
        *_told(check_references(pack, questions, places)),
        *(_told(check_freshness(pack, questions, places, today)) if today else ()),
        *bounded(check_duplicates(questions, places)),
        *_told(check_likeness(questions, pack, places)),
        *_told(check_figures(questions, places)),
        *_told(check_convergence(questions, places)),
        *_other_python(pack, places),
        *_told(chain.from_iterable(check_wording(question, places) for question in questions)),
        *_told(chain.from_iterable(check_giveaways(question, places) for question in questions)),
        *_told(chain.from_iterable(check_answers(question, places, judge) for question in questions)),
        *_told(check_attribution(pack, questions, places)),
        *_told(check_english(each_text(pack, questions, places))),
        *_told(check_code(questions, places)),
        *_told(_of_rendering(questions, rendered, places)),
        *_told(_of_proofs(outcomes, questions, places)),
        *_told(check_tasks(pack, places)),
        *_told(each for each in findings_of(tries) if each.severity is not Severity.NOTE),
    ]
    findings.sort(key=lambda each: (each.file, each.line or 0))
    notes = [
        *_of_missed(outcomes, places),
        *(each for each in findings_of(tries) if each.severity is Severity.NOTE),
    ]
    return Report(tuple(findings), outcomes, tuple(notes), tries)


def active_questions(pack: Pack) -> list[Question]:
    """The questions that are served, in the order of the roadmap and of their files."""
    return [
        question
        for topic in pack.topics
        for question in pack.questions[topic.id]
        if question.status is Status.ACTIVE
    ]


def prove_all(
    questions: Sequence[Question], bench: Bench, progress: Progress | None = None
) -> tuple[Outcome, ...]:
    """Return the outcome of each question, in their order; as many run at once as there are cores."""
    return _side_by_side([partial(prove, question, bench) for question in questions], progress)


def _try_all(pack: Pack, places: Places) -> tuple[Tried, ...]:
    """Return the outcome of each try; they get longer than proofs, since servers start in them."""
    sandbox = Sandbox(seconds=TRY_SECONDS)
    return _side_by_side([partial(try_prompt, *each, sandbox) for each in prompt_tries(pack, places)])


def _side_by_side(jobs: Sequence[Callable[[], T]], progress: Progress | None = None) -> tuple[T, ...]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = [pool.submit(job) for job in jobs]
        try:
            for done, _ in enumerate(as_completed(futures), start=1):
                if progress:
                    progress(done, len(futures))
        except BaseException:
            # Ctrl-C: without this the pool would first run all that is still in its queue.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return tuple(future.result() for future in futures)


def self_test(pack: Pack, judge: Judge, *, sample: int = 24, seed: int = 0) -> tuple[str, ...]:
    """Give a sample of questions a wrong key; return the ids whose proof stayed green.

    An empty answer means that the check can tell a wrong key from a right one.
    """
    provable = [each for each in active_questions(pack) if each.verify.kind != "doc"]
    chance = random.Random(seed)  # noqa: S311  a repeatable sample, not a secret
    chosen = chance.sample(provable, min(sample, len(provable)))
    swapped = [with_wrong_key(question, chance) for question in chosen]
    outcomes = prove_all(swapped, Bench(judge))
    return tuple(outcome.question for outcome in outcomes if outcome.state is State.HELD)


def _told(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings of one check, up to a limit; warnings never take the place of errors."""
    found = list(findings)
    for severity in Severity:
        yield from bounded(each for each in found if each.severity is severity)


def _of_rendering(
    questions: Iterable[Question], rendered: Rendered | None, places: Places
) -> Iterator[Finding]:
    for question in questions:
        for sentence in rendered(question) if rendered else ():
            yield Finding(*places.of_question(question.id), sentence, check="rendered")


def _of_proofs(
    outcomes: Iterable[Outcome], questions: Iterable[Question], places: Places
) -> Iterator[Finding]:
    for outcome, question in zip(outcomes, questions, strict=True):
        place = places.of_question(question.id, "verify", *filter(None, [outcome.key]))
        if outcome.state is State.FAILED:
            yield Finding(*place, f"{question.id}: {outcome.detail}", outcome.hint, check="proof")
        for message, hint in _loose_ends(outcome, question):
            yield Finding(
                *place, f"{question.id}: {message}", hint, check="proof", severity=Severity.WARNING
            )


def _loose_ends(outcome: Outcome, question: Question) -> Iterator[tuple[str, str]]:
    """Yield what a proof leaves open, with advice: what it is not bound to, and what it does not try."""
    proof, claims = question.verify.proof, question.verify.claims
    if proof is None:
        return
    if outcome.bound_to_ids:
        hint = "Print the texts that hold, or words for them that stand in `claims`."
        yield "the proof is bound to ids, not to what learners read", hint
    names = names_read(proof)
    if question.code and "code" not in names:
        yield "the proof ignores the shown code", "Run or read the variable `code`."
    if isinstance(question, MatchQuestion) and not claims and "rights" not in names:
        yield "the proof does not try the right sides", "Try each of `rights` with each of `lefts`."


def _of_missed(outcomes: Iterable[Outcome], places: Places) -> Iterator[Finding]:
    """Yield a note for each proof that could not run here, wholly or on one engine."""
    for outcome in outcomes:
        if outcome.missed:
            place = places.of_question(outcome.question, "verify")
            message = f"{outcome.question}: the proof {outcome.missed}"
            yield Finding(*place, message, check="proof", severity=Severity.NOTE)


def _other_python(pack: Pack, places: Places) -> Iterator[Finding]:
    """Yield a note where the pack was written for another Python: proofs run on this interpreter."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    written_for = pack.info.environment.get("python", here)
    if written_for != here:
        place = places.of_file("pack.yaml", "environment", "python")
        message = f"the pack is written for Python {written_for}, its proofs ran on {here}"
        yield Finding(*place, message, check="proof", severity=Severity.WARNING)
