"""``milepost content``: what is printed of a pack, and what is refused in one sentence."""

import re
import signal

import pytest

from content.checks import write_lock
from content.loader import load_pack
from milepost.cli.content import _ended_in_order
from tests.content.conftest import TinyPack
from tests.support.commands import Milepost


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A whole pack in the folder ``tiny``, as data that a test can change and write again."""
    pack = TinyPack(tmp_path / "tiny")
    pack.write()
    (pack.folder / "ids.lock").write_text(write_lock(load_pack(pack.folder, needs_lock=False)))
    return pack


def test_a_whole_pack_is_counted_and_its_proofs_are_run(milepost, tiny):
    stats = milepost("content", "stats", "tiny", "--json", "--trust")
    assert stats.code == 0
    expected = {"topics": 2, "questions": 6, "prompts": 2, "challenges": 1, "verified": 6, "tried": 0}
    assert expected.items() <= stats.json.items()
    counted = milepost("content", "stats", "tiny", "--trust").out.splitlines()
    lines = [line.split() for line in counted]
    for name, count in expected.items():
        assert [name, str(count)] in lines
    assert ["printed", "6", "100%"] in lines
    assert "  output                       6  100%" in counted


def test_a_shipped_pack_is_named_by_its_id_unless_a_folder_has_that_name(
    milepost, tiny, tmp_path, monkeypatch
):
    monkeypatch.setattr("milepost.cli.content.shipped_packs_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path / "tiny")
    assert milepost("content", "stats", "tiny", "--json").json["topics"] == 2
    assert "no folder huge" in milepost("content", "stats", "huge").err
    assert "no folder elsewhere/tiny" in milepost("content", "stats", "elsewhere/tiny").err
    (tmp_path / "tiny/tiny").mkdir()
    assert "pack.yaml" in milepost("content", "stats", "tiny").err


def test_a_key_that_the_machine_refutes_fails_the_check_with_its_place(milepost, tiny):
    tiny.question["options"][0]["correct"], tiny.question["options"][1]["correct"] = False, True
    tiny.write()
    ran = milepost("content", "check", "tiny", "--trust")
    assert ran.code == 1
    assert re.search(r"^questions/ints\.yaml:\d+: ", ran.out, re.MULTILINE)
    assert re.search(r"^[1-9]\d* errors?, \d+ warnings; 5 keys proven by machine\.$", ran.out, re.MULTILINE)
    found = milepost("content", "check", "tiny", "--json", "--trust")
    assert found.code == 1
    assert {"file", "line", "message", "hint", "severity", "check"} == set(found.json[0])
    assert "error" in {finding["severity"] for finding in found.json}


def test_a_file_that_does_not_read_is_one_finding_and_causes_no_other(milepost, tiny):
    tiny.files["questions/ints.yaml"] = "topic: ints\nquestions: ["
    tiny.write()
    found = milepost("content", "check", "tiny", "--json", "--trust")
    assert found.code == 1
    [only] = found.json
    assert (only["file"], only["severity"], only["check"]) == ("questions/ints.yaml", "error", "form")
    assert only["message"].startswith("not YAML")
    said = milepost("content", "check", "tiny", "--trust")
    assert said.code != 0
    assert said.err.count("questions/ints.yaml") == 1


def test_only_what_has_changed_is_run(milepost, tiny, monkeypatch):
    monkeypatch.setattr("milepost.cli.content.changed_files", lambda _: frozenset({"questions/ints.yaml"}))
    ran = milepost("content", "check", "tiny", "--trust", "--changed")
    assert ran.code == 0
    assert "3 questions are in files that have not changed; their proofs were not run." in ran.out
    assert "3 keys proven by machine." in ran.out


def test_proofs_that_cannot_run_here_are_counted_and_named_with_what_is_missing(
    milepost, tiny, monkeypatch
):
    monkeypatch.delenv("MILEPOST_TEST_POSTGRES_URL", raising=False)
    missing = {"kind": "http", "proof": "import nothing_of_the_kind; code"}
    strings = tiny.strings
    tiny.question["verify"] = strings[0]["verify"] = missing
    key = strings[1]["options"][0]["text"].strip("`")
    query = f"SELECT {key}"
    strings[1]["verify"] = {"kind": "sql", "query": query, "engines": ["sqlite", "postgresql"]}
    tiny.write()
    ran = milepost("content", "check", "tiny", "--trust")
    lines = ran.out.splitlines()
    start = lines.index("2 proofs did not run here (nothing_of_the_kind is not installed):")
    assert lines[start + 1] == f"  ints-2, {strings[0]['id']}"
    start = lines.index("1 proof did not run on every engine (PostgreSQL: no URL is given):")
    assert lines[start + 1] == f"  {strings[1]['id']}"
    assert "; 3 keys proven by machine." in lines[-1]
    assert ran.code == 0
    found = milepost("content", "check", "tiny", "--json", "--trust").json
    notes = [finding for finding in found if finding["severity"] == "note"]
    assert [note["message"].split(":")[0] for note in notes] == [
        "ints-2",
        strings[0]["id"],
        strings[1]["id"],
    ]
    assert all(note["line"] and note["file"].startswith("questions/") for note in notes)


def test_a_check_that_finds_no_error_succeeds(milepost, tiny):
    ran = milepost("content", "check", "tiny", "--trust")
    assert re.search(r"^0 errors, \d+ warnings; 6 keys proven by machine\.$", ran.out, re.MULTILINE), (
        ran.out
    )
    assert ran.code == 0


def test_a_proof_that_does_not_notice_changed_code_is_found_when_it_is_asked_for(milepost, tiny):
    tiny.question["verify"] = {"kind": "run", "proof": "str(code); print(40 + 2)"}
    tiny.write()
    assert milepost("content", "check", "tiny", "--trust").code == 0
    ran = milepost("content", "check", "tiny", "--trust", "--self-test")
    assert ran.code == 1
    assert re.search(r"^6 proofs met \d+ changes; 1 were not noticed\.$", ran.out, re.MULTILINE), ran.out


def test_a_lock_is_written_when_it_is_asked_for(milepost, tiny):
    lock = tiny.folder / "ids.lock"
    whole = lock.read_text()
    lock.unlink()
    refused = milepost("content", "check", "tiny", "--trust")
    assert refused.code == 2
    assert "ids.lock" in refused.err
    assert milepost("content", "check", "tiny", "--write-lock", "--trust").code == 0
    assert lock.read_text() == whole


@pytest.mark.parametrize("command", [("check",), ("stats",), ("check", "--write-lock")], ids=" ".join)
def test_a_pack_that_does_not_load_is_refused_with_every_problem(milepost, tiny, command):
    tiny.pack["licens"] = tiny.pack.pop("licence")
    tiny.write()
    (tiny.folder / "questions/ints.yaml").unlink()
    ran = milepost("content", *command, "tiny")
    assert ran.code == 2
    assert "licens" in ran.err
    assert "ints" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "command",
    [("check",), ("check", "--json"), ("stats",), ("preview",), ("export", "--as", "csv")],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("folder", "why"),
    [
        ("nowhere", "There's no folder nowhere. Check the name, and the folder that you're in."),
        ("tiny/pack.yaml", "tiny/pack.yaml is a file. Name the folder of the pack instead."),
        (
            ".",
            ". isn't the folder of a pack: it has no pack.yaml. It has packs in it; name one of them",
        ),
        ("tiny/questions", "Start one with `milepost content new pack tiny/questions`."),
        ("n" * 300, "can't be read: File name too long."),
    ],
)
def test_a_folder_without_a_pack_is_refused_in_one_sentence(milepost, tiny, command, folder, why):
    assert why in milepost("content", *command, folder).complaint


def test_sigterm_ends_a_check_in_order():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended, _ended_in_order():
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before
