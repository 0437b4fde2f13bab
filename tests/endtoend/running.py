"""The real demonstration as a process of its own, on a free port, in a folder of the test's."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOKEN = "the-token-of-the-tests"
PATIENCE = 60.0
"""Seconds after which a start or an end counts as hung; a loaded machine takes ten."""

_ADDRESS = re.compile(r"^(http://\S+)\n", re.MULTILINE)


def environment(**more: str) -> dict[str, str]:
    """This process's variables without any of Milepost's, and with the checkout importable."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILEPOST_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"} | more


def milepost(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """One command of Milepost, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "milepost", *words],
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Demo:
    """``milepost demo`` on ``folder``. Started again it keeps its port and its token, as its page expects.

    ``command`` replaces the interpreter of this checkout; ``cwd`` is where it runs, so that no ``.env``
    of the checkout has a say.
    """

    def __init__(self, folder: Path, *command: str, cwd: Path, **settings: str) -> None:
        self.folder = folder
        self._command = command or (sys.executable, "-m", "milepost")
        self._cwd = cwd
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._log = cwd / "demo.stderr"
        self.address = ""
        self.port = "0"

    @property
    def running(self) -> bool:
        return self._process is not None

    @property
    def database(self) -> Path:
        return self.folder / "milepost.db"

    @property
    def base(self) -> str:
        return self.address.partition("/?")[0]

    @property
    def complaints(self) -> list[str]:
        """Lines on standard error over all starts, except those of level INFO."""
        return [line for line in self._log.read_text().splitlines() if " INFO " not in line]

    def start(self, patience: float = PATIENCE) -> bool:
        """Start it and read its address; False when it has not told one within ``patience`` seconds."""
        assert self._process is None, "it runs already"
        env = environment(
            MILEPOST_PLAYGROUND_PORT=self.port, MILEPOST_PLAYGROUND_TOKEN=TOKEN, **self._settings
        )
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, "demo", "--no-browser", "--folder", str(self.folder)],
                cwd=self._cwd,
                env=env,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        return self._read_address(time.monotonic() + patience)

    def _read_address(self, until: float) -> bool:
        assert self._process is not None
        assert self._process.stdout is not None
        pipe, said = self._process.stdout.fileno(), ""
        while found := select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
            read = os.read(pipe, 4096).decode()
            assert read, f"it ended at its start:\n{said}\n{self.complaints}"
            said += read
            if address := _ADDRESS.search(said):
                self.address = address[1]
                self.port = self.base.rpartition(":")[2]
                return True
        assert not found
        return False

    def kill(self) -> None:
        """SIGKILL, as by a power cut for the process."""
        self._end("kill")

    def stop(self) -> int:
        """SIGTERM; returns the exit code. Does nothing when it does not run."""
        return self._end("terminate") if self._process else 0

    def _end(self, how: str) -> int:
        assert self._process is not None, "it does not run"
        process, self._process = self._process, None
        getattr(process, how)()
        try:
            return process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
