"""Runs a script in a process of its own: fixed hash seed, empty folder, limits on time and output.

It keeps an honest script from hurting by accident. It is no defence against a hostile one: check
only packs whose authors you trust.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class SandboxError(Exception):
    """The script was stopped at a limit; the text says which."""


@dataclass(frozen=True)
class Run:
    """What a script that ended by itself left behind."""

    stdout: str
    stderr: str
    status: int

    @property
    def last_words(self) -> str:
        """The last line on standard error, where Python names the exception; "" when silent."""
        lines = self.stderr.strip().splitlines()
        return lines[-1] if lines else ""


@dataclass(frozen=True)
class Sandbox:
    """The limits under which scripts run."""

    seconds: float = 20
    output_bytes: int = 64 * 1024

    def python(self, script: str, *, seed: int = 0) -> Run:
        """Run a Python script to its end. Raises SandboxError when it goes over a limit."""
        with tempfile.TemporaryDirectory(prefix="milepost-") as folder:
            path = Path(folder, "snippet.py")
            path.write_text(script, encoding="utf-8")
            # Not -I: it implies -E, which makes Python ignore PYTHONHASHSEED. With an environment
            # made from nothing, -s and -P give the same isolation.
            process = subprocess.Popen(  # noqa: S603  running the pack's scripts is its purpose
                [sys.executable, "-s", "-P", str(path)],
                cwd=folder,
                env=_environment(folder, seed),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            with process:
                return self._watch(process)

    def _watch(self, process: subprocess.Popen[bytes]) -> Run:
        overdue, overflow = threading.Event(), threading.Event()
        timer = threading.Timer(self.seconds, _stop, (process, overdue))
        readers = [
            _Reader(pipe, self.output_bytes, process, overflow)
            for pipe in (process.stdout, process.stderr)
            if pipe is not None
        ]
        for thread in (timer, *readers):
            thread.start()
        for reader in readers:
            reader.join()
        status = process.wait()
        timer.cancel()
        if overflow.is_set():
            raise SandboxError(f"it printed more than {self.output_bytes // 1024} KiB")
        if overdue.is_set():
            raise SandboxError(f"it took longer than {self.seconds:g} s")
        return Run(readers[0].text, readers[1].text, status)


class _Reader(threading.Thread):
    """Drains a pipe, and stops the process when more than ``limit`` bytes come out of it."""

    def __init__(
        self,
        pipe: IO[bytes],
        limit: int,
        process: subprocess.Popen[bytes],
        overflow: threading.Event,
    ) -> None:
        super().__init__(daemon=True)
        self._pipe, self._limit = pipe, limit
        self._process, self._overflow = process, overflow
        self.text = ""

    def run(self) -> None:
        data = self._pipe.read(self._limit + 1)
        if len(data) > self._limit:
            _stop(self._process, self._overflow)
        self.text = data.decode("utf-8", "replace").replace("\r\n", "\n")


def _stop(process: subprocess.Popen[bytes], reason: threading.Event) -> None:
    """Kill the process and, where there are process groups, the children that it started."""
    reason.set()
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            reason.clear()  # it ended by itself a moment before


def _environment(folder: str, seed: int) -> dict[str, str]:
    """As little as Python needs, and nothing of ours: no tokens, no home folder, no locale."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "HOME": folder,
        "TMPDIR": folder,
        "TZ": "UTC",
        "PYTHONHASHSEED": str(seed),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
