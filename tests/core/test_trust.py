"""Programs in a pack of somebody else's: nobody runs them unasked, and no token is in their reach."""

import os
import re
import sys

import pytest

import bot.cli.content
from content.checks import Report, sandbox, write_lock
from content.checks.isolation import Isolation
from content.loader import load_pack
from tests.content_pack.conftest import TinyPack
from tests.core.commands import Milepost, Terminal
from tests.endtoend.running import milepost as run_milepost


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    monkeypatch.delenv("MILEPOST_TEST_POSTGRES_URL", raising=False)
    pack = TinyPack(tmp_path / "tiny")
    pack.write()
    (pack.folder / "ids.lock").write_text(write_lock(load_pack(pack.folder, needs_lock=False)))
    return pack


LEAVES_A_MARK = "open({mark!r}, 'w').close()\n# sum low high text\nprint('sum')"


@pytest.fixture
def mark(tiny, tmp_path):
    """A file that exists once a program of the pack has run: somebody wrote one that leaves its folder."""
    mark = tmp_path / "it-ran"
    tiny.question["verify"] = {"kind": "run", "proof": LEAVES_A_MARK.format(mark=str(mark))}
    tiny.write()
    return mark


@pytest.fixture
def open_to_all(monkeypatch):
    """Scripts are not closed in, so that the mark can be made."""
    is_open = Isolation("the test wants it so")
    for module in (sandbox, bot.cli.content):
        monkeypatch.setattr(module, "isolation", lambda: is_open)


@pytest.mark.parametrize("command", ["check", "stats"])
def test_programs_of_a_strangers_pack_are_not_run_unasked(milepost, mark, open_to_all, command):
    complaint = milepost("content", command, "tiny").complaint
    assert complaint.startswith(
        "The proofs of tiny are 6 programs written by its author. They aren't closed"
    )
    assert complaint.endswith("Add --trust to run them.")
    assert not mark.exists()


def test_nothing_is_written_when_programs_are_not_run(milepost, tiny, mark):
    (tiny.folder / "ids.lock").unlink()
    assert milepost("content", "check", "tiny", "--write-lock").code == 2
    assert not (tiny.folder / "ids.lock").exists()


@pytest.mark.parametrize(("answer", "runs"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_whoever_is_at_a_terminal_is_asked(milepost, mark, open_to_all, monkeypatch, answer, runs):
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    ran = milepost("content", "check", "tiny")
    assert "The proofs of tiny are 6 programs written by its author." in ran.err
    assert "Run them? [y/N]" in ran.err
    assert mark.exists() is runs
    assert ran.code == (0 if runs else 2)
    assert ("Nothing was run." in ran.err) is not runs


def test_whose_programs_are_run_is_said_beside_the_result(milepost, mark, open_to_all):
    ran = milepost("content", "check", "tiny", "--trust", "--json")
    assert "Running 6 programs of tiny. They aren't closed in (the test wants it so)" in ran.err
    assert ran.json == []
    assert mark.exists()


def test_a_pack_that_runs_nothing_needs_no_trust(milepost, tiny):
    for question in (*tiny.ints, *tiny.strings):
        question["verify"] = {"kind": "doc"}
    tiny.write()
    ran = milepost("content", "check", "tiny")
    assert ran.code == 0
    assert not ran.err


def test_the_shipped_pack_is_run_unasked(milepost, monkeypatch):
    monkeypatch.setattr(bot.cli.content, "check_pack", lambda *_, **__: Report((), ()))
    ran = milepost("content", "check")
    assert ran.code == 0
    assert re.match(r"Running \d+ programs of backend-python\. They are", ran.err.replace("aren't", "are"))


READS_ENVIRONMENTS = """
import os
for name in os.listdir("/proc"):
    if name.isdigit():
        for file in ("environ", "cmdline"):
            try:
                if b"tok-of-the-parent" in open(f"/proc/{name}/{file}", "rb").read():
                    print("token-in", file)
            except OSError: pass
print("sum")
# low high text
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "path", [os.environ.get("PATH", ""), "/nowhere"], ids=["as it is", "no bubblewrap"]
)
def test_no_program_of_a_pack_finds_a_token_in_any_environment(tiny, tmp_path, path):
    tiny.question["verify"] = {"kind": "run", "proof": READS_ENVIRONMENTS}
    tiny.write()
    secret = {"DISCORD_TOKEN": "tok-of-the-parent", "MILEPOST_SLACK_TOKEN": "tok-of-the-parent"}
    ran = run_milepost("content", "check", "tiny", "--trust", cwd=tmp_path, PATH=path, **secret)
    assert ran.stdout.endswith("0 errors, 0 warnings; 6 keys proven by machine.\n"), ran
