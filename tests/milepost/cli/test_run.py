"""``milepost run`` and ``demo`` on a port: what is refused, what is opened, how they end."""

import json
import re
import signal
import socket
import sqlite3
import urllib.request
from contextlib import closing

import pytest

from tests.support.commands import Milepost, program


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("platforms", "sentence"),
    [
        ("pigeon", "MILEPOST_PLATFORMS: no platform pigeon. Choose from "),
        ("playground, pigeon", "MILEPOST_PLATFORMS: no platform pigeon. Choose from "),
        (" , ", "MILEPOST_PLATFORMS doesn't name a platform. Choose from "),
    ],
)
def test_a_platform_that_does_not_exist_is_refused(milepost, monkeypatch, platforms, sentence):
    monkeypatch.setenv("MILEPOST_PLATFORMS", platforms)
    assert milepost("run").complaint.startswith(sentence)


@pytest.mark.parametrize("command", [("run",), ("demo", "--no-browser")], ids=" ".join)
def test_a_port_in_use_is_refused_in_a_sentence(milepost, monkeypatch, command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("MILEPOST_PLAYGROUND_PORT", str(port))
        assert f"Port {port} is already in use" in milepost(*command).complaint


@pytest.mark.parametrize("command", [("run",), ("demo", "--no-browser")], ids=" ".join)
def test_it_serves_a_page_until_it_is_asked_to_end(tmp_path, command):
    with program(*command, folder=tmp_path, MILEPOST_PLAYGROUND_PORT="0") as running:
        address = next(found[0] for line in running.stdout if (found := re.search(r"http://\S+", line)))
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(address, timeout=30) as page:
            assert page.status == 200
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 0
    assert out.endswith("Milepost is stopping.\n")
    assert "Traceback" not in err


@pytest.mark.parametrize("screen", ["", ":0"], ids=["without-a-screen", "with-one"])
def test_the_page_is_opened_where_there_is_a_screen(milepost, monkeypatch, screen):
    opened = []

    async def at_once(_stop):
        """Ctrl+C, as soon as it waits for it."""

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    if screen:
        monkeypatch.setenv("DISPLAY", screen)
    monkeypatch.setenv("MILEPOST_PLAYGROUND_PORT", "0")
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("milepost.cli.run._wait_for", at_once)
    ran = milepost("demo")
    assert ran.code == 0
    assert len(opened) == bool(screen)
    printed = ran.out.splitlines()[1]
    for address in opened:  # a browser's arguments can be read by everybody on the machine
        assert address.startswith(printed.partition("?")[0])
        assert printed.partition("token=")[2] not in address


def test_a_refusal_of_the_real_program_is_one_sentence_without_a_traceback(tmp_path):
    with program("run", folder=tmp_path, MILEPOST_EVENT_DAYS="no") as running:
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (2, "")
    assert err.startswith("MILEPOST_EVENT_DAYS is 'no': ")
    assert len(err.splitlines()) == 1


def test_a_fresh_demonstration_forgets_the_last_one_and_no_other_file(milepost, monkeypatch, tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    for name in ("milepost.db", "milepost.db-wal", "room.jsonl", "notes.txt"):
        (folder / name).write_text("old")
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("MILEPOST_PLAYGROUND_PORT", str(other.getsockname()[1]))
        milepost("demo", "--no-browser", "--fresh", "--folder", folder)
    assert (folder / "notes.txt").read_text() == "old"
    assert not (folder / "room.jsonl").exists()
    with closing(sqlite3.connect(folder / "milepost.db")) as made:
        assert made.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_json_is_alone_on_standard_output(tmp_path):
    with program("db", "upgrade", "--json", folder=tmp_path, MILEPOST_LOG_LEVEL="DEBUG") as running:
        out, _ = running.communicate(timeout=60)
    assert json.loads(out)["from"] is None
