"""Proofs of the key of one question, in the way that its ``verify`` asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from content.checks.claims import ProofError
from content.checks.experiments import Bench, NotRunError, Observation, observe
from content.checks.sandbox import SandboxError
from content.checks.sql import SqlError
from content.model import Question


class State(StrEnum):
    """The outcome of a proof. PARTLY: it held on one engine, and another one is not here."""

    HELD = "held"
    PARTLY = "held, but not on every engine"
    FAILED = "failed"
    NOT_RUN = "not run here"
    BY_READING = "by reading"


class Evidence(StrEnum):
    """Evidence for a key, from the strongest to the weakest."""

    PRINTED = "printed"
    """The shown code ran, or the shown SQL, and printed the key."""
    TRIED = "tried"
    """A script found the key by experiment."""
    MODELLED = "modelled"
    """A script found the key on a substitute for the real thing."""
    READ = "read"
    """A person read the reference."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of the proof of one question.

    ``detail`` says why it failed, ``key`` in which part of ``verify``, and ``hint`` what to do, where there
    is more to say. ``not_run_here`` says what is missing on this machine: for all of the proof (the state
    is NOT_RUN) or for one of its engines (PARTLY). ``engines`` are the databases that answered.
    ``observation`` is what a proof that ran found, or None.
    """

    question: str
    kind: str
    state: State
    detail: str = ""
    not_run_here: str | None = None
    key: str | None = None
    hint: str | None = None
    engines: tuple[str, ...] = ()
    observation: Observation | None = field(default=None, compare=False, repr=False)

    @property
    def missed(self) -> str:
        """Return the sentence on what is missing here for the proof; empty when nothing is."""
        if not self.not_run_here:
            return ""
        where = "here" if self.state is State.NOT_RUN else "on every engine"
        return f"did not run {where} ({self.not_run_here})"


def evidence_of(question: Question) -> Evidence:
    """Return what the proof of a question gives when it holds."""
    verify = question.verify
    if verify.kind == "doc":
        return Evidence.READ
    if verify.modelled:
        return Evidence.MODELLED
    shows_what_runs = verify.kind in ("run", "shell") or (
        question.code is not None and question.code.language == "sql"
    )
    return Evidence.PRINTED if verify.proof is None and shows_what_runs else Evidence.TRIED


def prove(question: Question, bench: Bench) -> Outcome:
    """Run the proof of a question. A failing proof is an outcome, never an exception."""
    kind = question.verify.kind
    if kind == "doc":
        return Outcome(question.id, kind, State.BY_READING)
    try:
        observation = observe(question, bench)
        observation.hold(question, bench.judge)
    except NotRunError as reason:
        return Outcome(question.id, kind, State.NOT_RUN, not_run_here=str(reason))
    except ProofError as reason:
        return Outcome(question.id, kind, State.FAILED, str(reason), key=reason.key, hint=reason.hint)
    except (SandboxError, SqlError) as reason:
        return Outcome(question.id, kind, State.FAILED, str(reason))
    return Outcome(
        question.id,
        kind,
        State.PARTLY if observation.missing else State.HELD,
        not_run_here=observation.missing,
        engines=tuple(subject.split()[0] for subject in observation.outputs) if kind == "sql" else (),
        observation=observation,
    )
