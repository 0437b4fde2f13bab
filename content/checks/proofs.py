"""Proofs of the key of one question, in the way that its ``verify`` asks for."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from content.checks.claims import ProofError, names_of, texts_of
from content.checks.keys import Claim, Judge
from content.checks.sandbox import Run, Sandbox, SandboxError
from content.checks.serving import found
from content.checks.sql import EngineError, SqlError, rows_of
from content.checks.text import trimmed
from content.kinds import LineQuestion
from content.model import Question


class State(StrEnum):
    """The outcome of a proof."""

    HELD = "held"
    FAILED = "failed"
    NOT_RUN = "not run here"
    BY_READING = "by reading"


@dataclass(frozen=True)
class Outcome:
    """The outcome of the proof of one question.

    ``detail`` says why it failed, ``key`` in which part of ``verify``, and ``hint`` what to do, where there
    is more to say. ``not_run_here`` says what is missing on this machine: for all of the proof (the state
    is NOT_RUN) or for one of its engines. ``bound_to_ids``: it reported ids, which no learner reads.
    """

    question: str
    kind: str
    state: State
    detail: str = ""
    not_run_here: str | None = None
    key: str | None = None
    hint: str | None = None
    bound_to_ids: bool = False

    @property
    def missed(self) -> str:
        """Return the sentence on what is missing here for the proof; empty when nothing is."""
        if not self.not_run_here:
            return ""
        where = "here" if self.state is State.NOT_RUN else "on every engine"
        return f"did not run {where} ({self.not_run_here})"


@dataclass(frozen=True)
class Bench:
    """The place where proofs run: a judge of typed answers, a sandbox, and a PostgreSQL or None."""

    judge: Judge
    sandbox: Sandbox = field(default_factory=Sandbox)
    postgres_url: str | None = None


class NotRunError(Exception):
    """Error: the proof needs something that this machine has not; the text names it."""


def prove(question: Question, bench: Bench) -> Outcome:
    """Run the proof of a question. A failing proof is an outcome, never an exception."""
    verify = question.verify
    if verify.kind == "doc":
        return Outcome(question.id, verify.kind, State.BY_READING)
    missing, bound_to_ids = None, False
    claim = Claim(question, bench.judge)
    try:
        if verify.kind == "sql":
            missing = _query(claim, bench)
        elif verify.proof and isinstance(question, LineQuestion):
            _faulty_line(question, verify.proof, bench.sandbox)
        elif verify.proof:
            bound_to_ids = _findings(claim, verify.proof, bench.sandbox)
        elif question.code:
            _shown_code(claim, question.code.source, bench.sandbox)
    except NotRunError as reason:
        return Outcome(question.id, verify.kind, State.NOT_RUN, not_run_here=str(reason))
    except ProofError as reason:
        return Outcome(
            question.id, verify.kind, State.FAILED, str(reason), key=reason.key, hint=reason.hint
        )
    except (SandboxError, SqlError) as reason:
        return Outcome(question.id, verify.kind, State.FAILED, str(reason))
    return Outcome(question.id, verify.kind, State.HELD, not_run_here=missing, bound_to_ids=bound_to_ids)


def _shown_code(claim: Claim, source: str, sandbox: Sandbox) -> None:
    """Check that the code of the question prints the key, whatever the hash seed is."""
    outputs = [trimmed(_run(source, sandbox, seed).stdout) for seed in (0, 1)]
    if outputs[0] != outputs[1]:
        raise ProofError("the output changes with the hash seed, as the order of a set does")
    claim.hold_output(outputs[0], "the code prints")


def _findings(claim: Claim, proof: str, sandbox: Sandbox) -> bool:
    """Check that a proof finds the key; return True if it reports it by id."""
    names_of(claim.question)  # claims that do not fit are told before a program runs
    stdout = _run(given(claim.question) + proof, sandbox).stdout
    claim.hold_findings(stdout)
    return claim.prints_ids(stdout)


def given(question: Question) -> str:
    """Return the lines that give a proof what it tries: the shown code, and the texts that learners read.

    The texts are sorted, so that their places tell nothing of the key. A proof that starts servers has the
    module ``serving`` too.
    """
    values: dict[str, str | list[str]] = {
        variable: sorted(texts.values()) for variable, texts in texts_of(question).items()
    }
    if question.code:
        values["code"] = question.code.source
    prelude = _serving() if question.verify.kind == "server" else ""
    return prelude + "".join(f"{name} = {value!r}\n" for name, value in values.items())


@cache
def _serving() -> str:
    """Return the lines that make ``serving`` a module of the script, and its main names known."""
    source = Path(__file__).with_name("serving.py").read_text(encoding="utf-8")
    return (
        "import sys, types\nsys.modules['serving'] = types.ModuleType('serving')\n"
        f"exec(compile({source!r}, 'serving.py', 'exec'), sys.modules['serving'].__dict__)\n"
        "from serving import StartError, ask, serve\n"
    )


def _faulty_line(question: LineQuestion, proof: str, sandbox: Sandbox) -> None:
    """Check that the proof passes with the line fixed and fails with the ``code`` as it is shown."""
    _run(f"code = {question.fixed_source!r}\n{proof}", sandbox)
    if sandbox.python(f"code = {question.code.source!r}\n{proof}").status == 0:
        raise ProofError(f"the proof passes though line {question.line} is not fixed")


def _query(claim: Claim, bench: Bench) -> str | None:
    """Check the rows on every engine that is here; return what is missing if another one answered."""
    missing: list[str] = []
    verify = claim.question.verify
    engines = verify.engines
    for engine in engines:
        try:
            rows = rows_of(verify, engine, bench.sandbox, bench.postgres_url)
        except EngineError as reason:
            missing.append(str(reason))
        else:
            claim.hold_output(trimmed(rows), f"{engine} answers")
    if len(missing) == len(engines):
        raise NotRunError("; ".join(missing))
    return "; ".join(missing) or None


def names_read(proof: str) -> frozenset[str]:
    """Return the variables that a proof reads; none if it is not Python."""
    try:
        tree = ast.parse(proof)
    except SyntaxError:
        return frozenset()
    return frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )


def _run(script: str, sandbox: Sandbox, seed: int = 0) -> Run:
    run = sandbox.python(script, seed=seed)
    if run.status != 0:
        if missing := _missing(run.stderr):
            raise NotRunError(f"{missing} is not installed")
        raise ProofError(f"the script ends with status {run.status}: {run.last_words}")
    return run


def _missing(stderr: str) -> str | None:
    """A package or a server that a failed script asked for and that is not installed, or None.

    The error can be the cause of the last one: a framework may turn it into advice of its own.
    """
    for name in re.findall(r"^ModuleNotFoundError: No module named '(\w+)", stderr, re.MULTILINE):
        if name not in sys.stdlib_module_names and find_spec(name) is None:
            return str(name)
    for name in re.findall(r"^serving\.ProgramNotFoundError: (\w+)$", stderr, re.MULTILINE):
        if found(name) is None:
            return str(name)
    return None
