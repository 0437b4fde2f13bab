"""Runs a script in a process of its own: fixed hash seed, empty folder, limits; ends all that it starts.

The isolation from the rest of the machine is that of ``isolation``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from socket import socketpair
from typing import IO

from content.checks.forks import Forks, Key, ServerEndedError, Stoppable, can_be_forked, families_of
from content.checks.isolation import Isolation, isolation
from content.checks.orphans import ORPHANS
from content.checks.starter import start_apart
from content.checks.temporary import temporary_folder

MEMORY, FILE, TASKS = 1024**3, 16 * 1024**2, 256
"""Bytes of address space of each process, bytes of each file, and processes and threads."""

_GRACE = 5.0
"""Seconds for processes to end, and their output to be read, after they were told to."""


_OUT_OF_PROCESSOR_TIME = {-24, 128 + 24}
"""Statuses of a process that SIGXCPU ended, by itself and behind one of ours or bubblewrap."""


class SandboxError(Exception):
    """Error: the script was stopped at a limit; the text says which."""


@dataclass(frozen=True)
class Run:
    """The result of a script that ended by itself."""

    stdout: str
    stderr: str
    status: int

    @property
    def last_words(self) -> str:
        """The last line on standard error, where Python names the exception; "" when silent."""
        lines = self.stderr.strip().splitlines()
        return lines[-1] if lines else ""


_SECLUDED = """\
import ctypes, json, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no other process of this user reads ours
if sys.platform != "win32":
    os.write(0, b".")
os.environ.update(json.loads(sys.stdin.readline()))
"""
"""Prelude of scripts of ours: it tells when the input may be sent."""


@dataclass(frozen=True)
class Sandbox:
    """The limits under which scripts run.

    ``processor_seconds`` are counted for each process, and are the same on a busy machine; ``seconds`` by
    the clock are the stop behind them, for a script that waits.
    """

    seconds: float = 120
    processor_seconds: int = 20
    output_bytes: int = 64 * 1024
    forks: Forks | None = field(default=None, compare=False, repr=False)
    """Where Python is started already; None starts it anew for each script."""

    def python(self, script: str, *, seed: int = 0, imports: str | None = None) -> Run:
        """Run a Python script of a pack to its end, and end what it left running.

        ``imports`` is a text with its imports, if they aren't to be looked for in all of the script.
        Raises SandboxError when it goes over a limit.
        """
        if self.forks and not self.forks.over and can_be_forked(script):
            families = families_of(script if imports is None else imports)
            with suppress(ServerEndedError):
                return self._forked(script, (seed, families), self.forks)
        return self._run(script, isolation(), _environment(seed))

    def ours(self, script: str, given: str) -> Run:
        """Run a script of ours under the same limits, but where the network is; ``given`` is its input.

        Variables of PostgreSQL come with the input, and neither is there for programs that run beside it.
        Raises SandboxError when it goes over a limit.
        """
        server = {name: value for name, value in os.environ.items() if name.startswith("PG")}
        text = f"{json.dumps(server)}\n{given}".encode()
        return self._run(_SECLUDED + script, Isolation("it is ours"), _environment(), text)

    def _run(self, script: str, around: Isolation, variables: dict[str, str], given: bytes = b"") -> Run:
        if self.forks and self.forks.over:
            raise SandboxError("the check was stopped")
        with temporary_folder() as folder:
            path = Path(folder, "snippet.py")
            path.write_text(script, encoding="utf-8")
            # Not a pipe: whoever opened its end in /proc before it was closed to them could read on.
            ours, theirs = socketpair() if given and sys.platform != "win32" else (None, None)
            process = ORPHANS.start(
                lambda: start_apart(
                    lambda: subprocess.Popen(  # noqa: S603  running the pack's scripts is its purpose
                        self._command(path, around),
                        cwd=folder,
                        env=variables | {"HOME": folder, "TMPDIR": folder},
                        stdin=theirs.fileno()
                        if theirs
                        else subprocess.PIPE
                        if given
                        else subprocess.DEVNULL,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE,
                        start_new_session=True,
                    ),
                    closed_in=around.why_open is None,
                )
            )
            if ours and theirs:
                theirs.close()
                with suppress(OSError), ours:
                    ours.settimeout(self.seconds)
                    if ours.recv(1):
                        ours.sendall(given)
            elif process.stdin is not None:
                with suppress(BrokenPipeError), process.stdin:
                    process.stdin.write(given)
            try:
                running = _Running(process, supervised=_supervised(around))
                with self._counted(running):
                    return self._watch(running)
            finally:
                ORPHANS.forget(process)

    def _counted(self, running: _Running) -> AbstractContextManager[None]:
        return self.forks.running(running) if self.forks else nullcontext()

    def _forked(self, script: str, key: Key, forks: Forks) -> Run:
        server = forks.server(key, _environment(key[0]))
        try:
            forked = server.run(script, self._limits())
            overflow = threading.Event()
            readers = [
                _Reader(os.fdopen(each, "rb"), self.output_bytes, forked, overflow)
                for each in (forked.stdout, forked.stderr)
            ]
            for reader in readers:
                reader.start()
            status, reason = 0, ""
            try:
                with forks.running(forked):
                    status = forked.status(self.seconds)
            except TimeoutError:
                forked.stop()
                reason = f"it took longer than {self.seconds:g} s"
            except ServerEndedError:
                if not overflow.is_set():
                    raise
            finally:
                for reader in readers:
                    reader.join(_GRACE)
        finally:
            forks.back(server)
        return self._result(readers, status, overflow=overflow.is_set(), reason=reason)

    def _limits(self) -> dict[str, int]:
        return {
            "RLIMIT_AS": MEMORY,
            "RLIMIT_FSIZE": FILE,
            "RLIMIT_NPROC": TASKS + _tasks_of_this_user(),
            "RLIMIT_CPU": self.processor_seconds,
            "RLIMIT_CORE": 0,
            "RLIMIT_MSGQUEUE": 0,  # no file shows that one is left
        }

    def _command(self, script: Path, around: Isolation) -> list[str]:
        # Not -I: it implies -E, which makes Python ignore PYTHONHASHSEED. With an environment
        # made from nothing, -s and -P give the same isolation.
        command = [sys.executable, "-s", "-P", str(script)]
        if sys.platform == "win32":
            return command
        words = [*(f"{name}={most}" for name, most in self._limits().items()), "--", *command]
        how = "supervised" if _supervised(around) else "alone"
        launched = [sys.executable, "-I", "-S", "-c", _launcher(), how, *words]
        return around.around(launched, script, script.parent)

    def _watch(self, running: _Running) -> Run:
        overflow = threading.Event()
        process = running.process
        readers = [
            _Reader(pipe, self.output_bytes, running, overflow)
            for pipe in (process.stdout, process.stderr)
            if pipe is not None
        ]
        waiter = threading.Thread(target=process.wait, daemon=True)
        for thread in (waiter, *readers):
            thread.start()
        waiter.join(self.seconds)
        if overdue := waiter.is_alive():
            running.stop()
            waiter.join(_GRACE)
        ORPHANS.end()
        for reader in readers:
            # Whoever holds the other end of the pipe was ended, or could not be: it is not waited for.
            reader.join(_GRACE)
        reason = f"it took longer than {self.seconds:g} s" if overdue else ""
        return self._result(readers, process.returncode, overflow=overflow.is_set(), reason=reason)

    def _result(self, readers: Sequence[_Reader], status: int, *, overflow: bool, reason: str) -> Run:
        """Return what a script printed. Raises SandboxError when it was stopped, or ``reason`` says why."""
        if overflow:
            raise SandboxError(f"it printed more than {self.output_bytes // 1024} KiB")
        if reason:
            raise SandboxError(reason)
        if status in _OUT_OF_PROCESSOR_TIME:
            raise SandboxError(f"it took more than {self.processor_seconds} s of processor time")
        return Run(readers[0].text, readers[1].text, status)


@dataclass(frozen=True)
class _Running:
    """A process; ``supervised`` when one of ours is between it and us that ends its descendants."""

    process: subprocess.Popen[bytes]
    supervised: bool

    def stop(self) -> None:
        """End the process and, as far as the system can, all that it started."""
        with suppress(ProcessLookupError):
            if self.supervised:
                self.process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(_GRACE)
            if sys.platform == "win32":
                self.process.kill()
            else:
                os.killpg(self.process.pid, signal.SIGKILL)


class _Reader(threading.Thread):
    """Drains a pipe, and stops the process when more than ``limit`` bytes come out of it."""

    def __init__(self, pipe: IO[bytes], limit: int, running: Stoppable, overflow: threading.Event) -> None:
        super().__init__(daemon=True)
        self._pipe, self._limit = pipe, limit
        self._running, self._overflow = running, overflow
        self.text = ""

    def run(self) -> None:
        with self._pipe:
            data = self._pipe.read(self._limit + 1)
            if len(data) > self._limit:
                self._overflow.set()
                self._running.stop()
        self.text = data.decode("utf-8", "replace").replace("\r\n", "\n")


def _supervised(around: Isolation) -> bool:
    """Tell if a process of ours stays with the script: bubblewrap ends all by itself, macOS cannot."""
    return sys.platform == "linux" and around.why_open is not None


@cache
def _launcher() -> str:
    return Path(__file__).with_name("launcher.py").read_text(encoding="utf-8")


@cache
def _tasks_of_this_user() -> int:
    """Return how many processes and threads this user has: the limit counts them all."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError, ValueError):
            if status.stat().st_uid == os.getuid():
                found += int(status.read_text().partition("Threads:")[2].split()[0])
    return found


def _environment(seed: int = 0) -> dict[str, str]:
    """Return as little as Python needs, and nothing of ours: no tokens, no home folder, no locale."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "TZ": "UTC",
        "PYTHONHASHSEED": str(seed),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # ours aren't the learner's, and take ten times as long
        "MALLOC_ARENA_MAX": "2",  # each thread would reserve address space of its own
    }
