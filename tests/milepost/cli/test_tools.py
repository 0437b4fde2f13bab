"""The command line on pure rules: what is printed, and what is refused in one sentence."""

import json
import re

import pytest
from typer.testing import CliRunner

from milepost.cli import app
from tests.support.commands import HERE, Milepost

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
        (None, "facts.json cannot be read: No such file or directory. Check its name and permissions."),
        (b"\xff\xfe", "facts.json isn't text in UTF-8. Save it as UTF-8."),
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
