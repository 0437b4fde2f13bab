"""Real servers for proofs: start one on a free loopback port, and send it requests byte by byte.

``proofs`` gives this file to each proof of the kind ``server`` as the module ``serving``, with the names
``serve``, ``ask`` and ``StartError`` at hand. It runs inside the sandbox, so it needs nothing but the
standard library.

    back = serve("gunicorn", app=code)
    front = serve("nginx", conf=f"server { listen 80; location / { proxy_pass http://{back.address}; } }")
    print(ask(front, "GET /").status)
"""

from __future__ import annotations

import atexit
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Self

PATIENCE = 30.0
"""Seconds for a server to accept connections, for an answer to come, and for a server to end."""

_PAUSE = 0.02
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_NOBODY = 65534
_APACHE_MODULES = (
    *("mpm_event", "authz_core", "authz_host", "alias", "dir", "env", "headers", "mime", "proxy"),
    *("proxy_http", "proxy_uwsgi", "proxy_wstunnel", "reqtimeout", "rewrite", "setenvif", "status", "wsgi"),
)
_APACHE_FOLDERS = ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules")


class ProgramNotFoundError(Exception):
    """Error: a server is not installed here. The text is its name."""


class StartError(Exception):
    """Error: a server ended, or stayed silent, before it accepted connections. The text is its log."""


@dataclass
class Server:
    """A running server. It ends with the script, or earlier with ``stop`` or at the end of a ``with``."""

    port: int
    log_file: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def address(self) -> str:
        """The host and port, as a proxy's configuration has them."""
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Standard output, standard error and the logs, as far as they are written."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> int:
        """End the server as an operator would, with SIGTERM; return its status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass(frozen=True)
class Answer:
    """An answer of a server. Names of ``headers`` are in small letters; equal ones are joined by ", "."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, without space at its ends."""
        return self.body.decode("utf-8", "replace").strip()


def serve(
    program: str,
    *options: str,
    app: str = "",
    conf: str = "",
    files: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
) -> Server:
    """Start a server and wait until it accepts connections.

    ``program`` is ``gunicorn``, ``uvicorn`` or ``uwsgi`` with ``app``, the source of a module that has
    something called ``app``; or ``nginx`` or ``apache2`` with ``conf``: what stands inside nginx's ``http``
    block, or in Apache's main file. A port 80 to listen on becomes the server's free port there.
    ``options`` go on the command line. ``files`` are written next to it, by name.
    Raises StartError with the log when the server ends instead, ProgramNotFoundError when it is not here.
    """
    folder = Path(f"served-{len(_STARTED)}").absolute()
    folder.mkdir()
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    # Gunicorn listens before its workers have read the app, which may not be readable at all.
    read = folder / "app-was-read" if program == "gunicorn" else None
    if app:
        told = f"\nopen({str(read)!r}, 'w').close()\n" if read else ""
        (folder / "app.py").write_text(app + told, encoding="utf-8")
    port = free_port()
    command = [*_COMMANDS[program](folder, port, conf), *options]
    # Apache refuses to serve as root, and nginx would change to a user that a sandbox does not have.
    as_nobody = os.geteuid() == 0 and program in ("apache2", "nginx", "uwsgi")
    server = _started(command, folder, port, dict(env or {}), as_nobody=as_nobody)
    _STARTED.append(server)
    _wait(server, read)
    return server


def ask(server: Server | int, request: str, body: bytes | str = b"") -> Answer:
    """Send a request to a server, or to a port of this machine, and read the answer.

    A line such as ``GET /items`` is completed with the version, a Host and ``Connection: close``; with a
    ``body``, its length too. A request that names its version goes out as it is, with CRLF for line ends
    and an empty line after the headers. Raises what a client would see: TimeoutError, or a ConnectionError
    such as http.client.RemoteDisconnected.
    """
    port = server if isinstance(server, int) else server.port
    content = body.encode() if isinstance(body, str) else body
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(_head(request, content) + content)
        response = http.client.HTTPResponse(connection, method=request.split(" ", 1)[0])
        response.begin()
        headers: dict[str, str] = {}
        for name, value in response.getheaders():
            known = headers.get(name.lower())
            headers[name.lower()] = value if known is None else f"{known}, {value}"
        return Answer(response.status, headers, response.read())


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_STARTED: list[Server] = []


@atexit.register
def _stop_all() -> None:
    for server in reversed(_STARTED):
        server.stop()


def _started(
    command: list[str], folder: Path, port: int, env: dict[str, str], *, as_nobody: bool
) -> Server:
    """Start a server in its folder, whose log is what it prints."""
    log_file = folder / "server.log"
    user = _NOBODY if as_nobody else None
    # Servers open it a second time by /dev/stdout: what one of both writes must not lie over the other's.
    with log_file.open("ab") as log:
        if as_nobody:
            os.fchown(log.fileno(), _NOBODY, _NOBODY)
            folder.chmod(0o777)
            folder.parent.chmod(0o755)
        process = subprocess.Popen(  # noqa: S603  a server that the proof asks for
            command,
            cwd=folder,
            env=os.environ | env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=user,
            group=user,
        )
    return Server(port, log_file, process)


def _wait(server: Server, read: Path | None) -> None:
    """Wait until the port accepts connections and the file ``read`` is there. Raises StartError."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise StartError(server.log.strip())
        with socket.socket() as probe:
            probe.settimeout(PATIENCE)
            if (read is None or read.exists()) and probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        time.sleep(_PAUSE)
    server.stop()
    raise StartError(f"{server.log.strip()}\nit accepts no connections after {PATIENCE:g} s")


def _head(request: str, body: bytes) -> bytes:
    lines = request.strip("\r\n").splitlines()
    if not re.search(r" HTTP/\d", lines[0]):
        lines[0] += " HTTP/1.1"
        names = {line.partition(":")[0].strip().lower() for line in lines[1:]}
        defaults = {"Host": "localhost", "Connection": "close"}
        if body:
            defaults["Content-Length"] = str(len(body))
        lines += [f"{name}: {value}" for name, value in defaults.items() if name.lower() not in names]
    return "\r\n".join((*lines, "", "")).encode("latin-1")


def found(program: str) -> str | None:
    """Return the path of a program, also of one that only administrators have at hand; None without it."""
    return shutil.which(program, path=_PATH)


def _required(program: str) -> str:
    path = found(program)
    if path is None:
        raise ProgramNotFoundError(program)
    return path


def _module(name: str) -> list[str]:
    """Return the start of the command of a server in Python. Raises ModuleNotFoundError without it."""
    return [sys.executable, "-s", "-P", "-m", import_module(name).__name__]


def _gunicorn(_: Path, port: int, __: str) -> list[str]:
    return [*_module("gunicorn"), "--bind", f"127.0.0.1:{port}", "app:app"]


def _uvicorn(folder: Path, port: int, _: str) -> list[str]:
    return [*_module("uvicorn"), "--app-dir", str(folder), "--port", str(port), "app:app"]


def _uwsgi(_: Path, port: int, __: str) -> list[str]:
    """Return the command of uWSGI. Debian's loads Python as a plugin, and does not know our packages."""
    plugin = ["--plugin", "python3"] if Path("/usr/lib/uwsgi/plugins").is_dir() else []
    called = ["--wsgi-file", "app.py", "--callable", "app", "--master", "--die-on-term"]
    return [_required("uwsgi"), *plugin, "--http-socket", f"127.0.0.1:{port}", *called]


def _nginx(folder: Path, port: int, conf: str) -> list[str]:
    kept = ("client_body", "fastcgi", "proxy", "scgi", "uwsgi")
    temporary = "".join(f"{name}_temp_path {name};\n" for name in kept)
    types = "include /etc/nginx/mime.types;\n" if Path("/etc/nginx/mime.types").exists() else ""
    text = (
        "daemon off;\npid nginx.pid;\nerror_log stderr info;\nevents {}\n"
        f"http {{\naccess_log /dev/stdout;\n{temporary}{types}{_listening(conf, port)}\n}}\n"
    )
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    return [_required("nginx"), "-e", "stderr", "-p", str(folder), "-c", "nginx.conf"]


def _apache(folder: Path, port: int, conf: str) -> list[str]:
    program = found("httpd") or _required("apache2")
    modules = next((Path(each) for each in _APACHE_FOLDERS if Path(each).is_dir()), Path())
    loaded = "".join(
        f"LoadModule {name}_module {file}\n"
        for name in _APACHE_MODULES
        for file in [modules / f"mod_{name}.so"]
        if file.exists()
    )
    types = "TypesConfig /etc/mime.types" if Path("/etc/mime.types").exists() else ""
    text = (
        f"ServerRoot {folder}\nServerName localhost\nPidFile apache.pid\nErrorLog /dev/stderr\n{loaded}"
        f"{types}\nListen 127.0.0.1:{port}\n"
        f"StartServers 1\nThreadsPerChild 5\nMinSpareThreads 1\nMaxSpareThreads 15\nMaxRequestWorkers 10\n"
        f"{_listening(conf, port)}\n"
    )
    (folder / "apache.conf").write_text(text, encoding="utf-8")
    return [program, "-d", str(folder), "-f", "apache.conf", "-D", "FOREGROUND"]


def _listening(conf: str, port: int) -> str:
    """Return the configuration with the port of the server where it listens on 80."""
    conf = re.sub(r"\b(listen\s+)(?:[\w.*]+:)?80\b", rf"\g<1>127.0.0.1:{port}", conf)
    conf = re.sub(r"(?m)^\s*Listen\s+(?:\S+:)?80\s*$", "", conf)
    return re.sub(r"(<VirtualHost\s+[^:>\s]+):80>", rf"\1:{port}>", conf)


_COMMANDS: dict[str, Callable[[Path, int, str], list[str]]] = {
    "gunicorn": _gunicorn,
    "uvicorn": _uvicorn,
    "uwsgi": _uwsgi,
    "nginx": _nginx,
    "apache2": _apache,
}
