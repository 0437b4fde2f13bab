"""Isolation of a pack's scripts from the rest of the machine.

Where bubblewrap is installed and works, they see Python, the system's programs and libraries, and an empty
folder; no network, no other process, nothing of ours. Elsewhere they can do what the user can who runs
them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = (
    *("alternatives", "group", "hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime"),
    *(
        "mime.types",
        "nginx/mime.types",
        "nsswitch.conf",
        "passwd",
        "protocols",
        "services",
        "ssl/certs",
        "ssl/openssl.cnf",
    ),
)
"""Files in /etc without which programs of the system stumble. None of them is secret."""

ROOM = 64 * 1024 * 1024
"""Bytes that a script may write in its folder, and in shared memory."""

NOBODY = "65534"
"""User and group that scripts run as where they are closed in."""

_SECONDS = 30
"""Seconds to wait for the first start in bubblewrap, on a machine that is busy."""


@dataclass(frozen=True)
class Isolation:
    """The isolation around scripts. ``why_open`` says why there is none; None where they are closed in."""

    why_open: str | None

    @property
    def says(self) -> str:
        """A sentence for whoever is about to run scripts."""
        if self.why_open is None:
            return "They are closed in by bubblewrap: no network, none of your files, no other process."
        return (
            f"They aren't closed in ({self.why_open}): they can read and write what you can, "
            "and reach the network."
        )

    def around(self, command: Sequence[str], script: Path, folder: Path) -> list[str]:
        """The command that runs ``command`` with nothing in ``folder`` but ``script``."""
        if self.why_open is not None:
            return list(command)
        return [*_wrapped({folder / script.name: script}, folder), *command]

    def around_server(self, command: Sequence[str], files: Mapping[Path, Path], folder: Path) -> list[str]:
        """The command that runs ``command`` in an empty folder. It sees ``files`` of ours, at other places.

        It is the first process in there. Bubblewrap's own, which scripts can trace and take over, isn't
        there. Only for an isolation that closes in.
        """
        bubblewrap, *options = _wrapped(files, folder)
        return [bubblewrap, "--as-pid-1", *options, *command]


@cache
def isolation() -> Isolation:
    """Return the isolation that this machine can give. The first call tries it, which takes a moment."""
    if sys.platform != "linux":
        return Isolation("bubblewrap, which could do it, is for Linux")
    if shutil.which("bwrap") is None:
        return Isolation("bubblewrap isn't installed")
    here = Path(__file__)
    # What proofs import first: extensions, the system's libraries, and Python's own files.
    attempt = [sys.executable, "-s", "-P", "-c", "import ctypes, sqlite3, ssl"]
    try:
        command = Isolation(None).around(attempt, here, Path("/tmp/milepost"))  # noqa: S108  it is new inside
        tried = subprocess.run(  # noqa: S603  our own command
            command, env={}, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Isolation(f"bubblewrap doesn't start: {error}")
    if tried.returncode:
        last = tried.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it says nothing"]
        return Isolation(f"bubblewrap doesn't work here: {last[0]}")
    return Isolation(None)


def _wrapped(files: Mapping[Path, Path], folder: Path) -> list[str]:
    """Return the start of the command; ``files`` of ours, by where they are seen, can only be read."""
    bound = [("--ro-bind", str(ours), str(seen)) for seen, ours in files.items()]
    words: list[str | Path] = [
        *("bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"),
        # Nobody in there, even when root runs the check: servers refuse to serve as root.
        *("--unshare-user", "--uid", NOBODY, "--gid", NOBODY),
        *_if_known("--disable-userns", "--disable-userns"),
        *_seen(Path.cwd()),
        *("--proc", "/proc", "--dev", "/dev", *_sized("/dev/shm"), "--remount-ro", "/dev"),  # noqa: S108  it is new inside
        *_sized(folder),
        *chain.from_iterable(bound),
        *("--chdir", folder),
        *("--remount-ro", "/", "--"),
    ]
    return list(map(str, words))


@cache
def _seen(here: Path) -> tuple[str, ...]:
    """Return the parts of the machine that scripts see, as options: Python and the system, read only."""
    return tuple(map(str, chain.from_iterable(_bindings(here))))


def _bindings(here: Path) -> Iterator[tuple[str | Path, ...]]:
    bound: list[Path] = []
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield "--symlink", path.readlink(), path
        elif path.is_dir():
            bound.append(path)
            yield "--ro-bind", path, path
    for name in _SETTINGS:
        yield "--ro-bind-try", f"/etc/{name}", f"/etc/{name}"
    python = list(_python())
    for path in python:
        if not _within(path, bound):
            bound.append(path)
            yield "--ro-bind", path, path
    # Folders of ours that lie in one of those, such as a checkout in /usr/src.
    hidden = [path for path in (here, Path.home()) if _within(path, bound) and path not in bound]
    for path in hidden:
        yield "--tmpfs", path
    for path in python:
        if _within(path, hidden):
            yield "--ro-bind", path, path


def _python() -> Iterator[Path]:
    """Yield the interpreter's folders. Of an environment, only its own parts: it may be among our files."""
    base = Path(sys.base_prefix)
    yield from (base, base.resolve(), Path(sys.executable).resolve().parents[1])
    if sys.prefix != sys.base_prefix:
        prefix = Path(sys.prefix)
        parts = (prefix / "pyvenv.cfg", Path(sys.executable).parent, prefix / "lib", prefix / "lib64")
        yield from (path for path in parts if path.exists())
    for name in ("purelib", "platlib"):
        yield Path(sysconfig.get_path(name))


def _within(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _sized(path: str | Path) -> list[str | Path]:
    """An empty folder in memory, of ROOM at most."""
    return [*_if_known("--size", "--size", str(ROOM)), "--tmpfs", path]


def _if_known(option: str, *words: str) -> tuple[str, ...]:
    """Return the words if the installed bubblewrap has the option: it got some of them late."""
    return words if option in _help() else ()


@cache
def _help() -> str:
    said = subprocess.run(
        ["bwrap", "--help"],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return said.stdout + said.stderr
