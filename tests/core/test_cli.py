"""The command line on pure rules and on content: what is printed, and what is refused in one sentence."""

import json
import re

import pytest
from typer.testing import CliRunner

from content.checks import write_lock
from content.loader import load_pack
from milepost.cli import app
from tests.content_pack.conftest import TinyPack
from tests.core.commands import HERE, Milepost

COMMANDS = {
    (): ("run", "demo", "doctor", "audit", "content", "db", "schedule", "streak"),
    ("run",): ("until interrupted",),
    ("demo",): ("--folder", "--fresh", "--no-browser"),
    ("doctor",): ("--json",),
    ("audit",): ("--group", "--since", "--json"),
    ("content",): ("check", "stats"),
    ("content", "check"): ("--json", "--write-lock", "--trust"),
    ("content", "stats"): ("--json", "--trust"),
    ("db",): ("upgrade", "verify"),
    ("db", "upgrade"): ("--json",),
    ("db", "verify"): ("--json",),
    ("schedule",): ("preview",),
    ("schedule", "preview"): ("--zone", "--at", "--from", "--count", "--days", "--json"),
    ("streak",): ("replay",),
    ("streak", "replay"): ("--json",),
}


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_tells_what_it_does_and_takes(command):
    result = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    said = re.sub(r"\s+", " ", result.output)
    assert re.search(r"Usage: milepost.*? [A-Z][^.]+\.", said)
    for expected in COMMANDS[command]:
        assert expected in said


def preview(milepost, zone, at, start, *more):
    return milepost("schedule", "preview", "--zone", zone, "--at", at, "--from", start, *more)


@pytest.mark.parametrize(
    ("zone", "at", "start", "expected"),
    [
        ("Europe/Berlin", "02:30", "2026-03-28", ["03-28T01:30", "03-29T01:00", "03-30T00:30"]),
        ("Europe/Berlin", "02:30", "2026-10-24", ["10-24T00:30", "10-25T00:30", "10-26T01:30"]),
        ("america/new york", "1:30", "2026-10-31", ["10-31T05:30", "11-01T05:30", "11-02T06:30"]),
    ],
    ids=["gap", "repeated-hour", "repeated-hour-west"],
)
def test_a_preview_follows_the_clocks(milepost, zone, at, start, expected):
    found = preview(milepost, zone, at, start, "--count", "3", "--json").json
    assert [each["utc"] for each in found] == [f"2026-{instant}:00Z" for instant in expected]
    assert [set(each) for each in found] == [{"local_date", "utc"}] * 3
    assert found[0]["local_date"] == start


def test_a_date_that_a_zone_left_out_is_left_out(milepost):
    found = preview(milepost, "Pacific/Apia", "12:00", "2011-12-29", "--count", "2", "--json").json
    assert found == [
        {"local_date": "2011-12-29", "utc": "2011-12-29T22:00:00Z"},
        {"local_date": "2011-12-31", "utc": "2011-12-30T22:00:00Z"},
    ]


def test_a_preview_in_words_lists_the_wanted_days(milepost):
    ran = preview(milepost, "UTC", "09:00", "2026-03-02", "--days", "mon,thu", "--count", "3")
    assert ran.out.splitlines() == [
        "Mon 2026-03-02  2026-03-02T09:00:00Z",
        "Thu 2026-03-05  2026-03-05T09:00:00Z",
        "Mon 2026-03-09  2026-03-09T09:00:00Z",
    ]
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"--zone": "Europe/Berln"}, "Did you mean Europe/Berlin?"),
        ({"--zone": "EST"}, "“EST” doesn't tell me when clocks change."),
        ({"--zone": ""}, "Please type a city"),
        ({"--at": "25:00"}, "I can't read “25:00” as a time."),
        ({"--at": "9"}, "“9” could be 09:00 or 21:00."),
        ({"--days": "someday"}, "I don't recognise “someday”."),
        ({"--days": "none"}, "A schedule needs at least one day"),
        ({"--from": "03/04/2026"}, "“03/04/2026” could be 3 April 2026 or 4 March 2026."),
        ({"--from": "2026-02-30"}, "I can't read “2026-02-30”: there is no such date."),
        ({"--from": "1001-01-01"}, "Give a date in the years 1900 to 2200."),
        ({"--from": "9999-12-31"}, "Give a date in the years 1900 to 2200."),
    ],
)
def test_a_preview_of_what_cannot_be_is_refused_in_a_sentence(milepost, changed, sentence):
    options = {"--zone": "UTC", "--at": "09:00", "--from": "2026-03-28"} | changed
    ran = milepost("schedule", "preview", *(word for pair in options.items() for word in pair))
    assert ran.complaint.startswith(sentence)


@pytest.mark.parametrize("count", ["0", "-1", "10001", "ten"])
def test_a_preview_of_too_few_or_too_many_is_refused(milepost, count):
    ran = preview(milepost, "UTC", "09:00", "2026-03-28", "--count", count)
    assert ran.code == 2
    assert "Invalid value for '--count': " in ran.err
    assert "Traceback" not in ran.err


@pytest.fixture
def replay_example():
    """The document and the ledger of docs/streaks.md."""
    page = (HERE / "docs/streaks.md").read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]


def test_a_replay_prints_the_ledger_as_the_rule_book_has_it(milepost, tmp_path, replay_example):
    facts, ledger = replay_example
    (tmp_path / "facts.json").write_text(json.dumps(facts))
    assert milepost("streak", "replay", "facts.json", "--json").json == ledger
    lines = milepost("streak", "replay", "facts.json").out.splitlines()
    assert lines[2] == "Fri 2026-03-27  frozen   streak    2  covered by a freeze"
    assert lines[-1] == "Streak 3, best 3, freezes 0."
    assert len(lines) == len(ledger["days"]) + 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "facts.json cannot be read: No such file or directory."),
        (b"\xff\xfe", "facts.json isn't text in UTF-8."),
        (b"{", "facts.json: "),
        (b"[]", "facts.json: an object {…} is needed."),
        (b'{"until": "2026-03-31T09:00:00Z"}', "facts.json: events: this is missing."),
        (b'{"until": "2026-03-31", "events": []}', "facts.json: until: "),
    ],
)
def test_a_replay_of_what_cannot_be_read_is_refused_in_a_sentence(milepost, tmp_path, content, sentence):
    if content is not None:
        (tmp_path / "facts.json").write_bytes(content)
    assert milepost("streak", "replay", "facts.json").complaint.startswith(sentence)


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
    expected = {"topics": 2, "questions": 6, "prompts": 2, "challenges": 1, "verified": 6}
    assert expected.items() <= stats.json.items()
    counted = milepost("content", "stats", "tiny", "--trust").out.splitlines()
    assert [line.split() for line in counted] == [[name, str(n)] for name, n in expected.items()]


def test_a_key_that_the_machine_refutes_fails_the_check_with_its_place(milepost, tiny):
    tiny.question["options"][0]["correct"], tiny.question["options"][1]["correct"] = False, True
    tiny.write()
    ran = milepost("content", "check", "tiny", "--trust")
    assert ran.code == 1
    assert re.search(r"^questions/ints\.yaml:\d+: ", ran.out, re.MULTILINE)
    assert re.search(r"^[1-9]\d* errors, \d+ warnings; 5 keys proven by machine\.$", ran.out, re.MULTILINE)
    found = milepost("content", "check", "tiny", "--json", "--trust")
    assert found.code == 1
    assert {"file", "line", "message", "hint", "severity", "check"} == set(found.json[0])
    assert "error" in {finding["severity"] for finding in found.json}


def test_proofs_that_cannot_run_here_are_counted_and_named_with_what_is_missing(
    milepost, tiny, monkeypatch
):
    monkeypatch.delenv("MILEPOST_TEST_POSTGRES_URL", raising=False)
    missing = {"kind": "http", "proof": "import nothing_of_the_kind\n# sum low high text"}
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
    assert "; 4 keys proven by machine." in lines[-1]
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
    (tiny.folder / "prompts/ints.yaml").unlink()
    ran = milepost("content", *command, "tiny")
    assert ran.code == 2
    assert "licens" in ran.err
    assert "ints" in ran.err
    assert "Traceback" not in ran.err


def test_a_folder_that_is_not_there_is_refused(milepost):
    ran = milepost("content", "check", "nowhere", "--write-lock")
    assert ran.code == 2
    assert "nowhere" in ran.err
