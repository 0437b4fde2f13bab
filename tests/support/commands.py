"""Running ``milepost`` in a test: in this process, or as a program of its own."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from milepost.cli import main

HERE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """Output of a command and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def complaint(self):
        """The one sentence of a command that refused: nothing else was printed."""
        assert self.code == 2, self
        assert not self.out
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].endswith((".", "?"))
        return lines[0]


class Terminal(io.StringIO):
    """A screen that keeps all that was ever written to it."""

    _controls = re.compile(r"\x1b\[[?\d;]*[A-Za-z]")

    def isatty(self):
        return True

    @property
    def text(self):
        return self._controls.sub("", self.getvalue())


class Typing(io.StringIO):
    """A terminal at which these lines are typed. After the last one, Ctrl+C or Ctrl+D is pressed."""

    def __init__(self, lines, end=KeyboardInterrupt):
        super().__init__("".join(f"{line}\n" for line in lines))
        self._end = end

    def isatty(self):
        return True

    def readline(self, *size):
        line = super().readline(*size)
        if not line and self._end:
            raise self._end
        return line


class Milepost:
    """The command line in this process: ``milepost("schedule", "preview", …)``."""

    def __init__(self, monkeypatch, capsys):
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words):
        self._monkeypatch.setattr(sys, "argv", ["milepost", *map(str, words)])
        self._monkeypatch.setenv("COLUMNS", "200")
        self._capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as way_out:
            code = way_out.code or 0
        printed = self._capsys.readouterr()
        return Ran(code, printed.out, printed.err)


@contextlib.contextmanager
def program(*words, folder, **environment):
    """``python -m milepost`` running in a folder; it is ended with the block."""
    running = subprocess.Popen(
        [sys.executable, "-m", "milepost", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(HERE), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()
