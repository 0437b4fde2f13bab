"""Types what learners are told to type, and says where it comes out otherwise.

The checker sends this file to the sandbox as text, with a call of ``main`` behind it. So it imports nothing
of ours.
"""

from __future__ import annotations

import ast
import code
import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

PATIENCE = 12.0
"""Seconds for a command in the background to print what it should, and for the next ones to find it."""

QUIET = 2.0
"""Seconds that a command in the background gets when it prints nothing to wait for."""

LAST_WORDS = 300
"""Characters of what a command printed that are shown when it came out otherwise."""

_OWN = Path(sys.prefix, "bin")
"""Programs of the environment that this interpreter belongs to."""

Result = tuple[int, str]
"""A status and all that was printed."""


class Failed(Exception):
    """Error: a step came out otherwise; the text says how."""


class _Prompt(code.InteractiveInterpreter):
    """A Python prompt that remembers whether it had to show a traceback."""

    failed = False

    def showtraceback(self) -> None:
        """Show it."""
        self.failed = True
        super().showtraceback()


class Session:
    """One learner's folder, Python prompt and database, from the first step to the last."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        self.running: list[tuple[subprocess.Popen[bytes], Path]] = []

    def shell(self, command: str) -> Result:
        """Run a shell command to its end."""
        done = subprocess.run(  # noqa: S603  that is what the task tells to do
            _in_shell(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def background(self, command: str, phrases: list[str]) -> Result:
        """Start a shell command, and wait until it has printed the phrases."""
        log = Path(f"background-{len(self.running)}.log")
        with log.open("wb") as file:
            started = subprocess.Popen(  # noqa: S603  the task tells to start it
                _in_shell(command), stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
            )
        self.running.append((started, log))
        until = time.monotonic() + (PATIENCE if phrases else QUIET)
        while time.monotonic() < until and started.poll() is None:
            if phrases and all(phrase in _text(log) for phrase in phrases):
                break
            time.sleep(0.05)
        ended = started.poll()
        return ended or 0, _text(log)

    def python(self, lines: str) -> Result:
        """Type lines at the Python prompt, which shows the value of each expression."""
        shown, status = io.StringIO(), 0
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            try:
                for node in ast.parse(lines).body:
                    prompt = _Prompt(self.names)
                    prompt.runcode(compile(ast.Interactive([node]), "<prompt>", "single"))
                    status |= prompt.failed
                    if status:
                        break
            except (SyntaxError, ValueError, SystemExit):
                status = 1
                traceback.print_exc()
        return status, shown.getvalue()

    def sql(self, statement: str) -> Result:
        """Run one statement; its rows are printed as lines, their columns joined by " | "."""
        try:
            rows = self.database.execute(statement).fetchall()
        except sqlite3.Error as error:
            return 1, str(error)
        return 0, "\n".join(" | ".join(map(_shown, row)) for row in rows)

    def end(self) -> None:
        """End what still runs in the background."""
        for process, _ in self.running:
            process.kill()


def main(spec: str) -> None:
    """Make the files, do the set-up, type the steps; print a sentence for the first that fails."""
    given = json.loads(spec)
    paths = (str(_programs()), str(_OWN), os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin")
    os.environ |= {"PATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
    if given.get("plugins"):
        os.environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
    sys.path.insert(0, "")
    folder = Path("task")  # the learner's own: the file of this program isn't in it
    folder.mkdir()
    os.chdir(folder)
    for name, text in given["files"].items():
        Path(name).write_text(text, encoding="utf-8")
    session = Session()
    try:
        for command in given["setup"]:
            _expect({"run": command, "status": 0, "prints": []}, session.shell(command))
        for step in given["steps"]:
            _attempt(step, session)
    except Failed as reason:
        sys.stdout.write(f"{reason}\n")
    finally:
        session.end()


def _programs() -> Path:
    """Make a folder in which ``python`` is this interpreter, which also starts its environment's scripts.

    They name their interpreter by a path that may not be seen in the sandbox.
    """
    folder = Path(".bin").absolute()
    folder.mkdir()
    found = {"python": "", "python3": ""}
    for path in _OWN.iterdir() if os.name == "posix" else ():
        if path.is_file() and not path.name.startswith(("python", "activate")):
            with path.open("rb") as file:
                found |= {path.name: f' "{path}"'} if b"python" in file.readline(200) else {}
    for name, script in found.items():
        shim = folder / name
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}"{script} "$@"\n')
        shim.chmod(0o755)
    return folder


def _attempt(step: dict[str, Any], session: Session) -> None:
    """Type a step; one after a command in the background is repeated until that one is ready."""
    until = time.monotonic() + (PATIENCE if session.running else 0)
    while True:
        try:
            _expect(step, _typed(step, session))
        except Failed:
            if time.monotonic() >= until or step["background"]:
                raise
            time.sleep(0.3)
        else:
            return


def _typed(step: dict[str, Any], session: Session) -> Result:
    if step["background"]:
        return session.background(step["run"], step["prints"])
    if step["run"] is not None:
        return session.shell(step["run"])
    return session.python(step["python"]) if step["python"] is not None else session.sql(step["sql"])


def _expect(step: dict[str, Any], result: Result) -> None:
    status, printed = result
    typed = step.get("run") or step.get("python") or step.get("sql")
    last = printed.strip()[-LAST_WORDS:]
    if status != step["status"]:
        raise Failed(f"`{typed}` ends with status {status}, not {step['status']}: {last}")
    for phrase in step["prints"]:
        if phrase not in printed:
            raise Failed(f"`{typed}` doesn't print '{phrase}' but: {last}")


def _shown(value: object) -> str:
    return "NULL" if value is None else str(value)


def _in_shell(command: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", command)


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
