"""The whole check of a pack, and the test that the check itself can fail."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from content.checks.answers import check_answers
from content.checks.attribution import check_attribution
from content.checks.completeness import check_completeness
from content.checks.convergence import check_convergence
from content.checks.coverage import check_coverage, check_references, check_successors
from content.checks.duplicates import check_duplicates
from content.checks.english import check_english
from content.checks.experiments import Bench
from content.checks.figures import check_figures
from content.checks.findings import Finding, Places, Report, Severity, Tried
from content.checks.folder import PackFolder
from content.checks.forks import Forks
from content.checks.freshness import check_freshness
from content.checks.giveaways import check_giveaways
from content.checks.keys import Judge
from content.checks.likeness import check_likeness
from content.checks.lock import check_ids
from content.checks.loose_ends import loose_ends
from content.checks.projects import PROJECT_SECONDS, check_projects, project_trials, try_project
from content.checks.proofs import Outcome, State, prove
from content.checks.reading import each_text
from content.checks.sandbox import Sandbox
from content.checks.selftest import SelfTest, self_test
from content.checks.side_by_side import Job, Progress, side_by_side
from content.checks.tries import check_tasks, findings_of, prompt_tries, seconds_of, try_prompt
from content.checks.wording import check_code, check_wording
from content.errors import bounded
from content.model import Pack, Question, Status

T = TypeVar("T")

TRY_SECONDS = 60.0
"""Seconds for all steps of one try."""

Rendered = Callable[[Question], Iterable[str]]
"""Yields a sentence for each limit of a platform that the question breaks once it is rendered."""


def check_pack(
    pack: Pack,
    folder: Path,
    judge: Judge,
    *,
    progress: Progress | None = None,
    rendered: Rendered | None = None,
    change_code: bool = False,
    postgres_url: str | None = None,
    released_lock: str | None = None,
    today: dt.date | None = None,
    only: Collection[str] | None = None,
) -> Report:
    """Check a loaded pack against the files in ``folder``, running the proof of every question.

    ``judge`` tells which typed answers are accepted.
    Keys and texts are changed too, to see that proofs notice it; with ``change_code`` the shown code as
    well, which runs each proof that looks at it several times.
    Only active questions are checked: a draft may be wrong, and a retired one is history.
    Without ``postgres_url`` the environment's MILEPOST_TEST_POSTGRES_URL is used; without both,
    PostgreSQL proofs are reported as not run here. ``released_lock`` is the text of the last
    released ``ids.lock``, from which nothing may be missing. ``today`` is the day against which
    ``review_by`` is held; without it no date is looked at. With ``only``, programs run of these files of
    the pack alone, such as ``questions/sql.yaml``; whatever takes no program is checked in all of them.
    """
    questions = active_questions(pack)
    places = Places(pack, folder)
    postgres_url = postgres_url or os.environ.get("MILEPOST_TEST_POSTGRES_URL")
    run = [each for each in questions if only is None or places.of_question(each.id)[0] in only]
    with Forks() as forks:
        bench = Bench(judge, Sandbox(forks=forks), postgres_url)
        trying = Sandbox(seconds=TRY_SECONDS, forks=forks)
        outcomes, tries = _run_all(
            run, bench, _tries(pack, places, PackFolder(folder), only, trying), progress
        )
        tells = progress if change_code else None
        tested = self_test(zip(run, outcomes, strict=True), bench, runs=change_code, progress=tells)
    findings = [
        *check_ids(pack, folder, released_lock),
        *_told(check_successors(questions, pack, places)),
        *_told(check_coverage(pack, places)),
        *_told(check_references(pack, questions, places)),
        *_told(check_completeness(pack, questions, places)),
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
        *_told(_of_proofs(outcomes, run, places)),
        *_told(_of_blind_proofs(tested, places)),
        *_told(check_tasks(pack, places)),
        *_told(check_projects(pack, places, PackFolder(folder))),
        *_told(each for each in findings_of(tries) if each.severity is not Severity.NOTE),
    ]
    findings.sort(key=lambda each: (each.file, each.line or 0))
    notes = [
        *_of_missed(outcomes, places),
        *(each for each in findings_of(tries) if each.severity is Severity.NOTE),
    ]
    return Report(tuple(findings), outcomes, tuple(notes), tries, tested)


def active_questions(pack: Pack) -> list[Question]:
    """The questions that are served, in the order of the roadmap and of their files."""
    return [
        question
        for topic in pack.topics
        for question in pack.questions[topic.id]
        if question.status is Status.ACTIVE
    ]


def prove_all(questions: Sequence[Question], bench: Bench) -> tuple[Outcome, ...]:
    """Return the outcome of each question, in their order; as many run at once as there are cores."""
    return _run_all(questions, bench, ())[0]


def _run_all(
    questions: Sequence[Question],
    bench: Bench,
    tries: Sequence[Job[Tried]],
    progress: Progress | None = None,
) -> tuple[tuple[Outcome, ...], tuple[Tried, ...]]:
    """Return the outcomes of proofs and of tries, in their order. What waits leaves its core to others."""
    proofs: list[Job[Outcome | Tried]] = [
        Job(partial(prove, question, bench), waits=question.verify.kind == "server")
        for question in questions
    ]
    done = side_by_side([*proofs, *tries], progress)
    return (
        tuple(each for each in done if isinstance(each, Outcome)),
        tuple(each for each in done if isinstance(each, Tried)),
    )


def _tries(
    pack: Pack, places: Places, folder: PackFolder, only: Collection[str] | None, sandbox: Sandbox
) -> list[Job[Tried]]:
    trials = (
        (trial, places.of_challenge(trial.challenge, "checks")) for trial in project_trials(pack, folder)
    )
    projects = (
        Job(partial(try_project, trial, place, sandbox), PROJECT_SECONDS, waits=True)
        for trial, place in trials
        if only is None or place[0] in only
    )
    prompts = (
        Job(partial(try_prompt, prompt, tried, place, sandbox), seconds_of(tried), waits=True)
        for prompt, tried, place in prompt_tries(pack, places)
        if only is None or place[0] in only
    )
    return [*prompts, *projects]


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
        for end in loose_ends(question):
            severity = Severity.ERROR if end.fatal else Severity.WARNING
            yield Finding(
                *place, f"{question.id}: {end.message}", end.hint, check="proof", severity=severity
            )


def _of_blind_proofs(tested: SelfTest, places: Places) -> Iterator[Finding]:
    """Yield an error for each change that a proof does not notice."""
    for blind in tested.blind:
        place = places.of_question(blind.question, "verify")
        message = f"{blind.question}: the proof does not notice that {blind.done}"
        yield Finding(*place, message, "Have it print what it found, as text.", check="proof")


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
