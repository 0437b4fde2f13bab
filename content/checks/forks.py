"""Processes that are forked for scripts where Python and packages are imported already, in bubblewrap.

A start of Python and an import of a framework take longer than most proofs. A server in a sandbox imports
them once, and forks for each script. After each, all processes in the sandbox are ended and its folder is
emptied; one in which anything else is left, or that doesn't answer, is given up for a new one.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, Self

from content.checks.isolation import isolation
from content.checks.orphans import ORPHANS
from content.checks.starter import start_apart

LIBRARY = (
    *(
        "argparse",
        "ast",
        "asyncio",
        "code",
        "collections.abc",
        "contextlib",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
    ),
    *("decimal", "email.message", "enum", "functools", "hashlib", "html", "http.client", "inspect", "io"),
    *("itertools", "json", "logging", "pathlib", "random", "re", "secrets", "sqlite3", "string"),
    *("subprocess", "tempfile", "textwrap", "threading", "time", "traceback", "typing", "unittest"),
    *("unittest.mock", "urllib.parse", "uuid", "warnings", "wsgiref.util"),
)
"""Modules of the standard library that are imported for all scripts."""

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "django": (
        *("django.conf", "django.core.handlers.wsgi", "django.db.models", "django.http", "django.template"),
        *("django.template.loader", "django.test", "django.test.utils", "django.urls"),
    ),
    "fastapi": ("fastapi", "fastapi.testclient"),
    "flask": ("flask", "flask.testing"),
    "pyramid": ("pyramid.config", "pyramid.response", "pyramid.view", "webtest"),
    "sqlalchemy": ("sqlalchemy", "sqlalchemy.orm", "sqlalchemy.dialects.sqlite"),
}
"""Packages that take long to import, with their parts that are used most."""

_FAMILY_OF: Mapping[str, str] = {
    **{name: name for name in FAMILIES},
    **dict.fromkeys(("httpx", "pydantic", "starlette"), "fastapi"),
    **dict.fromkeys(("jinja2", "markupsafe", "werkzeug"), "flask"),
    **dict.fromkeys(("webob", "webtest"), "pyramid"),
}
"""A family by the packages that come with it."""

IDLE = 12
"""Servers that are kept while no script runs in them."""

_FOLDER, _MODULES = Path("/tmp/milepost"), Path("/milepost")  # noqa: S108  they are new inside
_NAMED = re.compile(r"(?:\b|\\n)(?:from|import)\s+(\w+)")
_IMPORTED = re.compile(r"(?:\b|\\n)(?:from|import)\s+([\w., ]+)")
_LOOKS_AT_MODULES = re.compile(
    r"\bsys\.(?:modules(?!\['sessions'\])|path_importer_cache)\b|\bimportlib\b|\bimport_module\b"
)
"""Words of scripts that look at what is imported, beside those that ``experiments`` puts before them."""

_SECONDS = 60.0
"""Seconds for a server to start, on a machine that is busy."""

_LONGEST = 16
"""Bytes of a status."""

_LISTENS = re.compile(
    r"\btornado\b|\bhttp\.server\b|\bsocketserver\b|\b(?:create|start|make)_server\b|\bsocket\.socket\b"
)
"""Words of scripts that leave connections in a sandbox, which would be given up after each."""

Key = tuple[int, tuple[str, ...]]
"""A hash seed, and names of families."""


class ServerEndedError(Exception):
    """Error: a script ended the server that it was forked from."""


@dataclass(frozen=True)
class Forked:
    """A process for one script: where its output is read, and what tells its status."""

    server: Server
    stdout: int
    stderr: int

    def status(self, seconds: float) -> int:
        """Wait for the script to end and all that it started. Raises TimeoutError and ServerEndedError."""
        return self.server.status(seconds)

    def stop(self) -> None:
        """End the script, all that it started, and the server."""
        self.server.stop()


class Server:
    """A process in bubblewrap that forks for scripts, one at a time."""

    def __init__(self, key: Key, environment: Mapping[str, str]) -> None:
        self.key = key
        self.as_new = True
        self._modules = [*LIBRARY, *(each for name in self.key[1] for each in FAMILIES[name])]
        self._channel, theirs = socket.socketpair()
        command = [sys.executable, "-s", "-P", str(_FOLDER / "snippet.py")]
        with theirs:
            self._process = ORPHANS.start(
                lambda: start_apart(
                    lambda: subprocess.Popen(  # noqa: S603  our own command
                        isolation().around_server(command, _seen(), _FOLDER),
                        env={
                            **environment,
                            "HOME": str(_FOLDER),
                            "TMPDIR": str(_FOLDER),
                            "PYTHONPATH": str(_MODULES),
                        },
                        stdin=theirs.fileno(),
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        start_new_session=True,
                    )
                )
            )

    @property
    def runs(self) -> bool:
        """Tell if the server hasn't ended."""
        return self._process.poll() is None

    def run(self, script: str, limits: Mapping[str, int]) -> Forked:
        """Fork a process that runs a script under limits such as ``RLIMIT_AS``. Raises ServerEndedError."""
        words = " ".join(f"{name}={most}" for name, most in limits.items())
        message = f"{words}\n{' '.join(self._modules)}\n{script}".encode()
        stdout, their_stdout = os.pipe()
        stderr, their_stderr = os.pipe()
        try:
            self._channel.settimeout(_SECONDS)
            socket.send_fds(self._channel, [b"%16d" % len(message)], [their_stdout, their_stderr])
            self._channel.sendall(message)
        except OSError:
            self.stop()
        finally:
            os.close(their_stdout)
            os.close(their_stderr)
        return Forked(self, stdout, stderr)

    def status(self, seconds: float) -> int:
        """Wait for the status of the script that runs. Raises TimeoutError and ServerEndedError."""
        self.as_new = False
        self._channel.settimeout(seconds)
        told = b""
        with suppress(ConnectionError):
            while not told.endswith(b"\n") and len(told) < _LONGEST and (part := self._channel.recv(1)):
                told += part
        try:
            status, as_new = map(int, told.split())
        except ValueError:
            raise ServerEndedError from None
        self.as_new = as_new == 1
        return status

    def stop(self) -> None:
        """End the server and all that is in its sandbox."""
        self.as_new = False
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Wait until the server has ended, and forget it."""
        self.stop()
        self._process.wait()
        self._channel.close()
        ORPHANS.forget(self._process)


def _seen() -> dict[Path, Path]:
    """Return the files that a server imports, by where it sees them. Packages are empty there."""
    checks, seen = Path(__file__).parent, _MODULES / "content"
    empty = checks.parent / "py.typed"
    return {
        _MODULES / "sitecustomize.py": checks / "fork_server.py",
        seen / "__init__.py": empty,
        seen / "checks" / "__init__.py": empty,
        **{seen / "checks" / name: checks / name for name in ("keyrings.py", "launcher.py")},
    }


class Stoppable(Protocol):
    """A script that runs."""

    def stop(self) -> None:
        """End it, and all that it started."""


class Forks:
    """Servers for the scripts of one pack. As a context it ends them, and scripts that still run."""

    def __init__(self) -> None:
        self._idle: list[Server] = []
        self._running: list[Stoppable] = []
        self._lock = threading.Lock()
        self.over = False
        """Tells if the context has been left: no script is to start."""

    @contextmanager
    def running(self, script: Stoppable) -> Iterator[None]:
        """Count a script among those that are ended with this context."""
        with self._lock:
            self._running.append(script)
            over = self.over
        if over:
            script.stop()
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(script)

    def server(self, key: Key, environment: Mapping[str, str]) -> Server:
        """Return a server for a hash seed that has imported some families; give it ``back``."""
        with self._lock:
            for place, each in enumerate(self._idle):
                if each.key == key and each.runs:
                    return self._idle.pop(place)
        return Server(key, environment)

    def back(self, server: Server) -> None:
        """Keep a server for the next script if nothing is left of the last one, and not too many others."""
        with self._lock:
            kept = server.as_new and not self.over
            ended = [] if kept else [server]
            if kept:
                self._idle.append(server)
            if len(self._idle) > IDLE:
                ended.append(self._idle.pop(0))
        for each in ended:
            each.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.over = True
            running = list(self._running)
        for script in running:
            script.stop()
        while self._idle:
            self._idle.pop().close()


def can_be_forked(script: str) -> bool:
    """Tell if it makes no difference to a script that others had its sandbox, and that it is there."""
    return (
        sys.platform == "linux"
        and isolation().why_open is None
        and not _LOOKS_AT_MODULES.search(script)
        and not _LISTENS.search(script)
        and not _needs_what_others_import(script)
        and servers_work()
    )


@cache
def servers_work() -> bool:
    """Tell if a server starts here and forks. The first call tries it, which takes a moment."""
    server = Server((0, ()), {})
    forked = server.run("", {})
    try:
        return forked.status(_SECONDS) == 0
    except (TimeoutError, ServerEndedError):
        return False
    finally:
        os.close(forked.stdout)
        os.close(forked.stderr)
        server.close()


def _needs_what_others_import(script: str) -> bool:
    """Tell if a script may name a module that it doesn't import, such as ``concurrent.futures``.

    Alone it would get an AttributeError. Where others have imported the module, it would find it.
    """
    named = {name for names in _IMPORTED.findall(script) for name in re.findall(r"[\w.]+", names)}
    top = {name.partition(".")[0] for name in named}
    named = {".".join(name.split(".")[:2]) for name in named}
    for package in top:
        if modules := _modules_in(package):
            using = rf"(?:(?<!['\"/.\w])|(?<=\\n)){package}\.(\w+)"
            used = modules.intersection(re.findall(using, script))
            looked_at = rf"\b(?:dir|getattr|hasattr|vars)\(\s*{package}\b|\bimport\s+{package}\s+as\b"
            if any(f"{package}.{module}" not in named for module in used) or re.search(looked_at, script):
                return True
    return False


@cache
def _modules_in(name: str) -> frozenset[str]:
    """Return the names of the modules in a package; none for what isn't a package."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return frozenset()
    places = (spec and spec.submodule_search_locations) or ()
    return frozenset(module.name for module in iter_modules(places))


def families_of(script: str) -> tuple[str, ...]:
    """Return the families of packages that a script names in an import, also in text that it runs."""
    return tuple(sorted({_FAMILY_OF[name] for name in _NAMED.findall(script) if name in _FAMILY_OF}))
