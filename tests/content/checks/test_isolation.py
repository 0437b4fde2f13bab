"""Scripts that are closed in: no file of ours, no other process, and a network of their own."""

import socket
import sys
from pathlib import Path

import pytest

from content.checks.forks import Forks
from content.checks.isolation import isolation
from content.checks.sandbox import Sandbox

WHY_OPEN = isolation().why_open


CLOSED = pytest.mark.skipif(WHY_OPEN is not None, reason=f"scripts are not closed in: {WHY_OPEN}")


@pytest.fixture(params=["alone", "forked"])
def sandbox(request):
    """Run the test in a sandbox for its script alone, and in one where others run too."""
    with Forks() as forks:
        yield Sandbox(forks=forks if request.param == "forked" else None)


@CLOSED
def test_a_closed_script_sees_no_file_of_ours_and_no_other_process(sandbox, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("DISCORD_TOKEN=secret")
    names = [str(tmp_path / ".env"), str(tmp_path), "/etc/shadow", str(Path(__file__))]
    script = (
        "import os\n"
        f"for name in {names!r}:\n"
        "    try: print(name, len(os.listdir(name) if os.path.isdir(name) else open(name).read()))\n"
        "    except OSError: pass\n"
        "print(*(pid for pid in os.listdir('/proc') if pid.isdigit()))\n"
    )
    run = sandbox.python(script)
    *files, processes = run.stdout.splitlines()
    assert files == [], "files of ours"
    assert len(processes.split()) <= 3


@CLOSED
def test_a_closed_script_writes_nowhere_but_in_its_folder(sandbox, tmp_path):
    places = [
        str(tmp_path),
        "/",
        "/tmp",
        "/dev",
        "/milepost",
        "/proc/sys/kernel",
        "/usr",
        sys.prefix,
        sys.base_prefix,
    ]
    script = (
        "import os\n"
        f"for place in {places!r}:\n"
        "    try: open(os.path.join(place, 'written'), 'w'); print('wrote', place)\n"
        "    except OSError: pass\n"
        "open('here', 'w'); print(os.listdir())\n"
    )
    assert sorted(eval(sandbox.python(script).stdout)) == ["here", "snippet.py"]
    assert not (tmp_path / "written").exists()


@CLOSED
def test_a_closed_script_can_make_no_namespace_and_mount_nothing(sandbox):
    script = (
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "print(*(libc.unshare(flag) for flag in (0x10000000, 0x20000, 0x40000000)))\n"
        "print(libc.mount(b'none', b'/usr', b'tmpfs', 0, None), libc.umount2(b'/milepost', 2))\n"
        "print(libc.prctl(39, 0, 0, 0, 0))  # PR_GET_NO_NEW_PRIVS\n"
    )
    assert sandbox.python(script).stdout == "-1 -1 -1\n-1 -1\n1\n"


@CLOSED
def test_a_closed_script_has_a_network_of_its_own(sandbox):
    with socket.create_server(("127.0.0.1", 0)) as server:
        reach = f"import socket; socket.create_connection({server.getsockname()!r}, 5)"
        assert sandbox.python(reach).last_words.startswith("ConnectionRefusedError")
    own = (
        "import socket as sockets\n"
        "server = getattr(sockets, 'create' '_server')(('127.0.0.1', 0))\n"
        "sockets.create_connection(server.getsockname(), 5); print('reached')"
    )
    assert sandbox.python(own).stdout == "reached\n"


def test_why_nothing_closes_scripts_in_is_said(monkeypatch):
    isolation.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    try:
        said = isolation().says
    finally:
        isolation.cache_clear()
    assert said.startswith("They aren't closed in (bubblewrap"), said
    assert said.endswith("they can read and write what you can, and reach the network.")
