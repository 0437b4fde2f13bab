"""Starts one script under limits, and ends everything that it started. Run as a program, by ``sandbox``.

It is given to ``python -I -S -c`` as text, so it needs nothing but the standard library, and imports
little of it: it comes before each script. Limits are set here, in a process that has one thread and
nothing of ours in it, and not between fork and exec of a program with many threads.
"""

from __future__ import annotations

import os
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, SUBREAPER = 1, 4, 36
PATIENCE = 5.0
"""Seconds for which processes are ended that start others as fast as they are ended."""


def main(how: str, *words: str) -> NoReturn:
    """Set limits such as ``RLIMIT_AS=1024``, then run what follows ``--``; ``how`` may be "supervised"."""
    end = words.index("--")
    command = list(words[end + 1 :])
    for limit in words[:end]:
        name, _, most = limit.partition("=")
        set_limit(name, int(most))
    if how == "supervised":
        sys.exit(supervise(command))
    reset_signals()
    os.execv(command[0], command)  # noqa: S606  there is no shell to go through


def reset_signals() -> None:
    """Let signals end this process that ``nohup`` or a shell's ``&`` has the check, and so it, ignore."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def set_limit(name: str, most: int) -> None:
    """Lower a limit, if this system has it, for this process and all that it starts."""
    import resource  # noqa: PLC0415  not on Windows

    kind = getattr(resource, name, None)
    if kind is not None:
        hard = resource.getrlimit(kind)[1]
        lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # At the soft limit of processor time comes a signal that says so, at the hard one SIGKILL.
        highest = lowest + 1 if name == "RLIMIT_CPU" and lowest != hard else lowest
        try:  # noqa: SIM105  contextlib takes longer to import than all the rest
            resource.setrlimit(kind, (lowest, highest))
        except (ValueError, OSError):
            pass  # macOS refuses to limit the address space


def supervise(command: list[str]) -> int:
    """Run a command to its end; then end all that it left behind. Give its status, 128 + N for signal N.

    Processes whose parent has ended become children of this one, in whatever session they are. SIGTERM,
    which comes also when whoever started this ends, ends all at once.
    """
    import ctypes  # noqa: PLC0415  what is closed in needs no supervision

    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # what its child is given to read isn't for others
    prctl(SUBREAPER, 1, 0, 0, 0)
    prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGTERM, _stop)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        reset_signals()
        os.execv(command[0], command)  # noqa: S606  there is no shell to go through
    try:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except _Stopped:
        status = -signal.SIGKILL
    _end_descendants()
    return status if status >= 0 else 128 - status


class _Stopped(BaseException):
    """Signal that the time is over."""


def _stop(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Stopped


def _end_descendants() -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for pid in children():
            try:  # noqa: SIM105  as above
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def children() -> list[int]:
    """The processes whose parent this one is, as /proc tells."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208  pathlib would double the time that a start takes
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                # The name of the program, in parentheses, may hold anything; state and parent follow it.
                parent = int(file.read().rpartition(b")")[2].split()[1])
        except OSError:
            continue  # it has ended
        if parent == os.getpid():
            found.append(int(name))
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
