"""Forks a process for each script that ``forks`` sends: Python and packages are imported only once.

It runs in bubblewrap, where Python imports it as ``sitecustomize`` before the script that it is started
with. In a forked process the import ends, so that Python goes on to that script as in a process of its own.
It imports little: scripts see what it has imported. It is the first process in there: no signal of a script
reaches it, and all whose parents end become its children.
"""

from __future__ import annotations

import _socket
import atexit
import ctypes
import gc
import os
import resource
import signal
import sys

from content.checks.keyrings import keys
from content.checks.launcher import reset_signals, set_limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PR_SET_DUMPABLE = 4
_SOCKETS = ("/proc/net/sockstat", "/proc/net/sockstat6")
_SHARED = ("/proc/sysvipc/msg", "/proc/sysvipc/sem", "/proc/sysvipc/shm")
"""Lists that have one line, their heading, when there is nothing."""

_FOLDERS = ("/dev/shm", "/dev/pts", "/dev/pts/ptmx")  # noqa: S108  they are new inside
"""Files beside the script's folder that a script may change. The first is emptied."""

HEAD = 16
"""Bytes of a number before each message: its length."""


def serve(script: str, channel: _socket.socket) -> None:
    """Fork for each message; return in the forked process alone. Ends when the other side does."""
    before = None
    while True:
        length, output = _received_head(channel)
        message = _received(channel, length)
        limits, modules, text = message.split(b"\n", 2)
        _import(modules.decode().split())
        before = before or _Before(script)
        child = os.fork()
        if child == 0:
            try:
                channel.close()
                _become(script, text, limits.decode().split(), output)
            except BaseException:  # noqa: BLE001
                os._exit(1)  # Python would go on to run it without its limits
            return
        for each in output:
            os.close(each)
        status = _status_of(child)
        _end_others()
        as_new = before.is_again()
        channel.sendall(b"%d %d\n" % (status, as_new))
        if not as_new:
            os._exit(0)


def _become(script: str, text: bytes, limits: Iterable[str], output: Iterable[int]) -> None:
    """Make this process one that was just started to run a script."""
    os.setsid()
    reset_signals()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Of its own: whoever has the same opening of a file can lock it, and change how it is read, for others.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    for number, each in enumerate(output, start=1):
        os.dup2(each, number)
        os.close(each)
    with open(script, "wb") as file:  # noqa: PTH123  pathlib is slow to import
        file.write(text)
    for limit in limits:
        name, _, most = limit.partition("=")
        set_limit(name, int(most))
    _begin_anew()
    _let_others_trace(1)


def _received_head(channel: _socket.socket) -> tuple[int, list[int]]:
    """Return the length of a message, and the files for the output of the script."""
    head, ancillary, _, _ = channel.recvmsg(HEAD, _socket.CMSG_SPACE(8))
    if not head:
        os._exit(0)
    files = [
        int.from_bytes(data[place : place + 4], sys.byteorder)
        for _, _, data in ancillary
        for place in range(0, len(data), 4)
    ]
    return int(head + _received(channel, HEAD - len(head))), files


def _received(channel: _socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = channel.recv(length - len(data))
        if not part:
            os._exit(0)
        data += part
    return data


def _import(modules: Iterable[str]) -> None:
    """Import what the script is going to. What it can't import it will hear about by itself."""
    new = [name for name in modules if name not in sys.modules]
    for name in new:
        try:  # noqa: SIM105  contextlib would be seen by scripts
            __import__(name)
        except BaseException:  # noqa: BLE001, S110
            pass
    if new:
        gc.collect()
        gc.freeze()  # else a collection in a forked process would copy all of them


def _status_of(child: int) -> int:
    """Wait for the end of a process. Those that others leave behind as dead meanwhile are buried."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child:
            return os.waitstatus_to_exitcode(status)


def _end_others() -> None:
    """End all other processes in this sandbox, and wait until they are gone."""
    while True:
        try:  # noqa: SIM105  as above
            os.kill(-1, signal.SIGKILL)  # all but this one and bubblewrap's own
        except ProcessLookupError:
            pass
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


class _Before:
    """All that a script could leave to the next one, other than processes, as it was before the first."""

    def __init__(self, script: str) -> None:
        emptied = (os.path.dirname(script), _FOLDERS[0])  # noqa: PTH120
        self._emptied = emptied
        self._modes = {path: os.stat(path).st_mode for path in (*emptied, *_FOLDERS[1:])}  # noqa: PTH116
        self._attributes = {path: frozenset(os.listxattr(path)) for path in emptied}
        self._standing = _standing()

    def is_again(self) -> bool:
        """Bring it back. Return False if that can't be done."""
        try:
            for path, attributes in self._attributes.items():
                for name in attributes.symmetric_difference(os.listxattr(path)):
                    os.removexattr(path, name)  # among them are rights of files that are made in it
            for path, mode in self._modes.items():
                os.chmod(path, mode)  # noqa: PTH101
            for path in self._emptied:
                _remove_inside(path)
            return _standing() == self._standing and not _left()
        except (OSError, RecursionError):
            return False


def _standing() -> tuple[object, ...]:
    """Return what others of this user may change of this process, and processes that it forks inherit."""
    limits = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return (
        *(resource.getrlimit(getattr(resource, name)) for name in limits),
        os.getpriority(os.PRIO_PROCESS, 0),
        os.sched_getaffinity(0),
        os.sched_getscheduler(0),
        _first_to_be_ended(),
        *keys(),
    )


def _first_to_be_ended() -> bytes:
    """Return how soon the system ends this process when memory runs out."""
    with open("/proc/self/oom_score_adj", "rb") as file:  # noqa: PTH123
        return file.read()


def _remove_inside(folder: str) -> None:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            os.chmod(entry.path, 0o700)  # noqa: PTH101
            _remove_inside(entry.path)
            os.rmdir(entry.path)  # noqa: PTH106
        else:
            os.unlink(entry.path)  # noqa: PTH108


def _left() -> bool:
    """Tell if a connection or shared memory is left, which the next script could meet."""
    for name in (*_SOCKETS, *_SHARED):
        try:
            with open(name, "rb") as file:  # noqa: PTH123
                lines = file.read().splitlines()
        except OSError:
            continue  # this kernel has none
        if len(lines) > 1 if name in _SHARED else any(map(_counts_some, lines)):
            return True
    return False


def _counts_some(line: bytes) -> bool:
    """Tell if a line such as ``TCP: inuse 0 orphan 0 tw 1`` counts sockets of this network."""
    words = line.split()
    counts = dict(zip(words[1::2], words[2::2], strict=False))
    return any(counts.get(name, b"0") != b"0" for name in (b"inuse", b"tw"))


def _let_others_trace(dumpable: int) -> None:
    """Let other processes of this user read and trace this one (1), or not (0)."""
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, dumpable, 0, 0, 0)


def _begin_anew() -> None:
    """Give the script a ``__main__`` of its own, which is no part of what ends never."""
    started = sys.modules["__main__"]
    sys.modules["__main__"] = type(sys)("__main__")
    sys.modules["__main__"].__dict__.update(started.__dict__, __annotations__={})


def _keep_modules() -> None:
    """Spare Python to take modules apart at its end, but for the script's own."""
    names = [name for name in sys.modules if name not in ("__main__", "builtins", "sys")]
    kept = {name: sys.modules.pop(name) for name in names}
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))


def _main() -> None:
    """Prepare this process, in which no script ever runs, and serve."""
    here = os.environ.pop("PYTHONPATH")
    sys.path.remove(here)
    sys.path_importer_cache.pop(here, None)
    for name in ("content", "content.checks", "content.checks.keyrings", "content.checks.launcher"):
        sys.modules.pop(name)
    if os.getpid() != 1:
        os._exit(1)  # elsewhere it would end processes that aren't its own
    channel = _socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    _let_others_trace(0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what isn't handled doesn't reach the first process
    atexit.register(_keep_modules)  # the first one is called last
    server = os.getpid()
    try:
        serve(sys.orig_argv[-1], channel)
    finally:
        if os.getpid() == server:
            os._exit(1)  # else Python would run here what a script left in its place


if __name__ == "sitecustomize":
    _main()
