"""Runs the proof of a question and returns what it found, before that is held against the key."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from content.checks.claims import ProofError, names_of, texts_of
from content.checks.keys import Claim, Judge
from content.checks.sandbox import Run, Sandbox
from content.checks.serving import found
from content.checks.sql import EngineError, rows_of
from content.checks.text import trimmed
from content.kinds import LineQuestion
from content.model import Question


@dataclass(frozen=True)
class Bench:
    """The place where proofs run: a judge of typed answers, a sandbox, and a PostgreSQL or None."""

    judge: Judge
    sandbox: Sandbox = field(default_factory=Sandbox)
    postgres_url: str | None = None


class NotRunError(Exception):
    """Error: the proof needs something that this machine has not; the text names it."""


@dataclass(frozen=True)
class Observation:
    """Findings of a proof.

    ``findings`` is the output of a script that prints what holds. ``outputs`` has what the shown code or an
    engine printed, by who printed it. A proof that only ends well or not has neither. ``missing`` names the
    engine that a part of the proof needs and this machine lacks.
    """

    findings: str | None = None
    outputs: dict[str, str] = field(default_factory=dict)
    missing: str | None = None

    def hold(self, question: Question, judge: Judge) -> None:
        """Raise ProofError unless this is the key of the question, and nothing but the key."""
        claim = Claim(question, judge)
        if self.findings is not None:
            claim.hold_findings(self.findings)
        for subject, output in self.outputs.items():
            claim.hold_output(output, subject)


def observe(question: Question, bench: Bench) -> Observation:
    """Run the proof of a question; of one that is proven by reading there is nothing to see.

    Raises NotRunError, ProofError if it cannot be a proof or ends badly, and SandboxError, SqlError.
    """
    verify = question.verify
    if verify.kind == "sql":
        return _rows(question, bench)
    if verify.proof and isinstance(question, LineQuestion):
        _faulty_line(question, verify.proof, bench.sandbox)
        return Observation()
    if verify.proof:
        names_of(question)  # claims that do not fit are told before a program runs
        return Observation(_run(given(question) + verify.proof, bench.sandbox).stdout)
    if verify.kind != "doc" and question.code:
        return Observation(outputs={"the code prints": _printed(question, bench.sandbox)})
    return Observation()


def given(question: Question) -> str:
    """Return the lines that give a proof what it tries: the shown code, and the texts that learners read.

    The texts are sorted, so that their places tell nothing of the key. A proof that starts servers has the
    module ``serving`` too, and one that types shell commands the module ``sessions``.
    """
    values: dict[str, str | list[str]] = {
        variable: sorted(texts.values()) for variable, texts in texts_of(question).items()
    }
    if question.code:
        values["code"] = question.code.source
    return _prelude(question) + "".join(f"{name} = {value!r}\n" for name, value in values.items())


def _prelude(question: Question) -> str:
    """Return the lines that make the helpers of a kind of proof known to it."""
    match question.verify.kind:
        case "server":
            return f"{_module('serving')}from serving import StartError, ask, serve\n"
        case "shell":
            setup = f"sys.modules['sessions'].SETUP = {question.verify.setup or ''!r}\n"
            return f"{_module('sessions')}{setup}from sessions import shell\n"
    return ""


@cache
def _module(name: str) -> str:
    """Return the lines that make a file next to this one a module of the script."""
    source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    return (
        f"import sys, types\nsys.modules[{name!r}] = types.ModuleType({name!r})\n"
        f"exec(compile({source!r}, '{name}.py', 'exec'), sys.modules[{name!r}].__dict__)\n"
    )


def _printed(question: Question, sandbox: Sandbox) -> str:
    """Return what the code of a question prints, whatever the hash seed is."""
    script = question.code.source if question.code else ""
    if question.verify.kind == "shell":
        script = f"{_prelude(question)}print(shell({script!r}).printed)\n"
    outputs = [trimmed(_run(script, sandbox, seed).stdout) for seed in (0, 1)]
    if outputs[0] != outputs[1]:
        raise ProofError("the output changes with the hash seed, as the order of a set does")
    return outputs[0]


def _faulty_line(question: LineQuestion, proof: str, sandbox: Sandbox) -> None:
    """Check that the proof passes with the line fixed and fails with the ``code`` as it is shown."""
    prelude = _prelude(question)
    _run(f"{prelude}code = {question.fixed_source!r}\n{proof}", sandbox)
    if sandbox.python(f"{prelude}code = {question.code.source!r}\n{proof}").status == 0:
        raise ProofError(f"the proof passes though line {question.line} is not fixed")


def _rows(question: Question, bench: Bench) -> Observation:
    """Return the rows by engine; what is missing is told with them if another engine answered."""
    verify = question.verify
    if question.code and question.code.language == "sql" and not _is_run(question.code.source, question):
        raise ProofError(
            "the shown SQL is not what runs",
            hint="Its statements must be in `setup` and `query` as they are.",
        )
    outputs, missing = {}, []
    for engine in verify.engines:
        try:
            rows = rows_of(verify, engine, bench.sandbox, bench.postgres_url)
        except EngineError as reason:
            missing.append(str(reason))
        else:
            outputs[f"{engine} answers"] = trimmed(rows)
    if not outputs:
        raise NotRunError("; ".join(missing))
    return Observation(outputs=outputs, missing="; ".join(missing) or None)


def _is_run(source: str, question: Question) -> bool:
    """Tell if shown SQL runs in a proof. Space and comments do not count, nor does the last semicolon."""
    run = f"{question.verify.setup or ''} {question.verify.query or ''}"
    return _plain_sql(source) in _plain_sql(run)


def _plain_sql(source: str) -> str:
    words = " ".join(re.sub(r"--[^\n]*", " ", source).split())
    return re.sub(r" ?([(),;]) ?", r"\1", words).rstrip(";")


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
    for name in re.findall(r"^(?:serving|sessions)\.ProgramNotFoundError: (\S+)$", stderr, re.MULTILINE):
        if found(name) is None:
            return str(name)
    return None
