"""Scripts that are closed in: no file of ours, no other process, and a network of their own."""

import socket
import sys
from pathlib import Path

import pytest

from content.checks.isolation import isolation
from content.checks.sandbox import Sandbox

WHY_OPEN = isolation().why_open


CLOSED = pytest.mark.skipif(WHY_OPEN is not None, reason=f"scripts are not closed in: {WHY_OPEN}")


def output_of(script, **options):
    return Sandbox().python(script, **options).stdout.strip()


@CLOSED
def test_a_closed_script_sees_no_file_of_ours_and_no_other_process(tmp_path, monkeypatch):
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
    run = Sandbox().python(script)
    *files, processes = run.stdout.splitlines()
    assert files == [], "files of ours"
    assert len(processes.split()) <= 3


@CLOSED
def test_a_closed_script_writes_nowhere_but_in_its_folder(tmp_path):
    places = [str(tmp_path), "/", "/tmp", "/dev", "/usr", sys.prefix, sys.base_prefix]
    script = (
        "import os\n"
        f"for place in {places!r}:\n"
        "    try: open(os.path.join(place, 'written'), 'w'); print('wrote', place)\n"
        "    except OSError: pass\n"
        "open('here', 'w'); print(os.listdir())\n"
    )
    assert sorted(eval(Sandbox().python(script).stdout)) == ["here", "snippet.py"]
    assert not (tmp_path / "written").exists()


@CLOSED
def test_a_closed_script_has_a_network_of_its_own():
    with socket.create_server(("127.0.0.1", 0)) as server:
        reach = f"import socket; socket.create_connection({server.getsockname()!r}, 5)"
        assert Sandbox().python(reach).last_words.startswith("ConnectionRefusedError")
    own = (
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname(), 5); print('reached')"
    )
    assert output_of(own) == "reached"


def test_why_nothing_closes_scripts_in_is_said(monkeypatch):
    isolation.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    try:
        said = isolation().says
    finally:
        isolation.cache_clear()
    assert said.startswith("They aren't closed in (bubblewrap"), said
    assert said.endswith("they can read and write what you can, and reach the network.")
