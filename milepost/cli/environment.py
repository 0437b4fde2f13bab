"""Keeps the environment of this process from the eyes of scripts that it starts.

The system shows the variables that a process was started with to every other process of the same user, for
as long as it lives. Tokens are among them, whether a command needs them or not.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
from contextlib import suppress

from content.checks.isolation import isolation

_HANDED_ON = "_MILEPOST_ENVIRONMENT"
"""Variable that names the descriptor in which the variables come."""

_HARMLESS = {
    *("COLUMNS", "HOME", "LANG", "LANGUAGE", "LINES", "LD_LIBRARY_PATH", "NO_COLOR", "PATH", "SHELL"),
    *("TERM", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV"),
}
_HARMLESS_PREFIXES = ("LC_", "PYTHON")
_PR_SET_DUMPABLE = 4


def hide_environment() -> None:
    """Start this program anew with a bare environment, unless scripts are closed in; return in the new one.

    There the variables are as before, but in its own memory only, which other processes of the same user
    may not read on Linux, unless the user is root.
    """
    if handed_on := os.environ.pop(_HANDED_ON, None):
        _take(int(handed_on))
    elif sys.platform != "win32" and _is_this_program() and isolation().why_open is not None:
        bare = {name: value for name, value in os.environ.items() if _is_harmless(name)}
        if bare != dict(os.environ):
            bare[_HANDED_ON] = str(_hand_on(dict(os.environ)))
            os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], bare)  # noqa: S606


def _is_this_program() -> bool:
    """Tell if the words of the command line are those that the process was started with."""
    words = sys.argv[1:]
    return sys.orig_argv[-len(words) :] == words


def _is_harmless(name: str) -> bool:
    return name in _HARMLESS or name.startswith(_HARMLESS_PREFIXES)


def _hand_on(variables: dict[str, str]) -> int:
    """A descriptor that outlives the start of another program, of a file that has no name."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("environment", 0)
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.set_inheritable(descriptor, True)  # noqa: FBT003
    os.write(descriptor, json.dumps(variables).encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _take(descriptor: int) -> None:
    with open(descriptor, encoding="utf-8") as file:
        os.environ.update(json.load(file))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
