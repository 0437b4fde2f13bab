"""Programs in a pack of somebody else's: nobody runs them unasked, and no token is in their reach."""

import os
import re
import sys

import pytest

from content.checks import Report, forks, sandbox, write_lock
from content.checks.isolation import Isolation
from content.loader import load_pack
from milepost.cli import content
from tests.content.conftest import TinyPack
from tests.endtoend.running import milepost as run_milepost
from tests.support.commands import Milepost, Terminal


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


LEAVES_A_MARK = "open({mark!r}, 'w').close()\nexec(code)"


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
    for module in (sandbox, forks, content):
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


def turning(monkeypatch, link, folders):
    """Turn the link to the next folder each time before and after a pack is loaded."""
    folders = iter(folders)

    def turn():
        link.unlink(missing_ok=True)
        link.symlink_to(next(folders))

    def load(*arguments, **options):
        turn()
        try:
            return load_pack(*arguments, **options)
        finally:
            turn()

    turn()
    monkeypatch.setattr(content, "load_pack", load)


@pytest.mark.parametrize("more", [(), ("--write-lock",)])
@pytest.mark.parametrize("theirs_at", range(3))
def test_a_link_that_turns_gets_no_programs_of_a_stranger_run(
    milepost, tiny, mark, open_to_all, monkeypatch, tmp_path, more, theirs_at
):
    shipped = tmp_path / "shipped"
    ours = TinyPack(shipped / "ours")
    for question in (*ours.ints, *ours.strings):
        question["verify"] = {"kind": "doc"}
    ours.load()
    monkeypatch.setattr(content, "shipped_packs_folder", lambda: shipped)
    places = [ours.folder] * 5
    places[theirs_at] = tiny.folder
    turning(monkeypatch, tmp_path / "link", places)
    ran = milepost("content", "check", "link", *more)
    assert not mark.exists()
    assert "Running" not in ran.err
    assert ran.code == (2 if theirs_at == 0 else 0), ran


def test_what_was_not_there_when_somebody_was_asked_is_not_run(
    milepost, tiny, mark, open_to_all, monkeypatch
):
    proof = dict(tiny.question["verify"])
    for question in (*tiny.ints, *tiny.strings):
        question["verify"] = {"kind": "doc"}
    tiny.write()

    def load(*arguments, **options):
        pack = load_pack(*arguments, **options)
        tiny.question["verify"] = proof
        tiny.write()
        return pack

    monkeypatch.setattr(content, "load_pack", load)
    assert milepost("content", "check", "tiny", "--write-lock").code == 0
    assert not mark.exists()


def test_a_link_that_leads_to_itself_is_refused(milepost, tmp_path):
    (tmp_path / "link").symlink_to("link")
    said = milepost("content", "check", "link").err
    assert said == "link is a link that leads to itself. Name the folder of the pack.\n"


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
    monkeypatch.setattr(content, "check_pack", lambda *_, **__: Report((), ()))
    ran = milepost("content", "check")
    assert ran.code == 0
    assert re.match(r"Running \d+ programs of backend-python\. They are", ran.err.replace("aren't", "are"))


def test_a_wrong_address_is_told_without_its_password(tiny, tmp_path):
    tiny.question["verify"] = {"kind": "sql", "query": "SELECT 42", "engines": ["postgresql"]}
    tiny.write()
    address = "postgresql://u:pa%ssword9@127.0.0.1:1/d"
    for more in ((), ("--json",)):
        ran = run_milepost(
            "content", "check", "tiny", "--trust", *more, cwd=tmp_path, MILEPOST_TEST_POSTGRES_URL=address
        )
        assert "the address of PostgreSQL can't be read" in ran.stdout
        assert "ssword9" not in ran.stdout + ran.stderr


def test_a_password_in_what_a_program_says_is_left_out(tiny, tmp_path):
    """The pack's author may have guessed it, and would see that it is right."""
    said = "import sys; sys.exit('it is hush-hush-9' + code[:0])"
    tiny.question["verify"] = {"kind": "run", "proof": said}
    tiny.write()
    address = "postgresql://u:hush-hush-9@127.0.0.1:1/d"
    for more in ((), ("--json",)):
        ran = run_milepost(
            "content", "check", "tiny", "--trust", *more, cwd=tmp_path, MILEPOST_TEST_POSTGRES_URL=address
        )
        assert "status 1: it is ***" in ran.stdout
        assert "hush-hush" not in ran.stdout + ran.stderr


READS_ENVIRONMENTS = """
import os
for name in os.listdir("/proc"):
    if name.isdigit():
        for file in ("environ", "cmdline"):
            try:
                if b"tok-of-the-parent" in open(f"/proc/{name}/{file}", "rb").read():
                    print("token-in", file)
            except OSError: pass
exec(code)
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
