"""Starts one script under limits, and ends everything that it started. Run as a program, by ``sandbox``.

It is given to ``python -I -S -c`` as text, so it needs nothing but the standard library. Limits are set
here, in a process that has one thread and nothing of ours in it, and not between fork and exec of a
program with many threads.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
from contextlib import suppress
from typing import NoReturn

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_PATIENCE = 5.0
"""Seconds for which processes are ended that start others as fast as they are ended."""


def main(order: str) -> NoReturn:
    """Do what ``order`` says in JSON: ``limits``, ``command``, and whether to ``supervise``."""
    wanted = json.loads(order)
    set_limits(wanted["limits"])
    command: list[str] = wanted["command"]
    if wanted["supervise"]:
        sys.exit(supervise(command))
    os.execv(command[0], command)  # noqa: S606  there is no shell to go through


def set_limits(limits: dict[str, int]) -> None:
    """Lower each limit that this system has, for this process and all that it starts."""
    import resource  # noqa: PLC0415  not on Windows

    for name, most in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # macOS refuses to limit the address space
            resource.setrlimit(kind, (lowest, lowest))


def supervise(command: list[str]) -> int:
    """Run a command to its end; then end all that it left behind. Give its status, 128 + N for signal N.

    Processes whose parent has ended become children of this one, in whatever session they are. SIGTERM,
    which comes also when whoever started this ends, ends all at once.
    """
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGTERM, _stop)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.execv(command[0], command)  # noqa: S606  there is no shell to go through
    try:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except _Stopped:
        status = -signal.SIGKILL
    _end_descendants()
    return status if status >= 0 else 128 - status


class _Stopped(BaseException):
    """The time is over."""


def _stop(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Stopped


def _end_descendants() -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        for pid in _children():
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def _children() -> list[int]:
    """The processes whose parent this one is, as /proc tells."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208  pathlib would double the time that a start takes
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                # The name of the program, in parentheses, may hold anything; state and parent follow it.
                if int(file.read().rpartition(b")")[2].split()[1]) == os.getpid():
                    found.append(int(name))
    return found


if __name__ == "__main__":
    main(sys.argv[1])
