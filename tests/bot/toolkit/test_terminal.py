"""Untrusted names, files and databases can't control a terminal: they are printed escaped."""

import json
import logging
import os
import sqlite3

import pytest

from bot.toolkit.terminal import LONGEST, MOST_LINES, plain, plain_line
from bot.toolkit.text import isolated
from milepost.cli.output import print_json, say
from milepost.logs import configure, redacted_traceback
from tests.support.commands import Milepost

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2028\u200f\x7f\udcffend"
SHOWN = r"\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\u2028\u200f\u007f\udcffend"


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


def harmless(text):
    return not set(text) & set("\x1b\x07\x9b\u202e\u2028\u200f\x7f\udcff")


def test_what_steers_a_terminal_is_shown_as_an_escape():
    assert plain_line(EVIL) == SHOWN
    assert plain(f"{EVIL}\n\t{EVIL}") == f"{SHOWN}\n\t{SHOWN}"
    assert plain_line("one\r\ntwo") == r"one\u000d\u000atwo"


@pytest.mark.parametrize(
    "text", ["Zoë 🧑‍💻 日本", isolated("שלום"), f"a {isolated('שלום')} b {isolated('عمر')}"]
)
def test_what_people_write_stays_as_it_is(text):
    assert plain_line(text) == plain(text) == text


def test_a_direction_that_is_not_ended_is_shown_as_an_escape():
    assert plain_line("\u2068name") == r"\u2068name"
    assert plain("\u2068name\n\u2069") == "\\u2068name\n\\u2069"


def test_no_line_and_no_text_is_endless():
    assert plain_line("x" * 10**6) == plain("x" * 10**6) == "x" * (LONGEST - 1) + "…"
    assert plain("x\n" * 10**5).count("\n") == MOST_LINES


def test_a_line_a_sentence_of_an_error_and_json_steer_nothing(capsys):
    say(f"{EVIL}\nok   forged")
    assert capsys.readouterr().out == f"{SHOWN}\\u000aok   forged\n"
    print_json({EVIL: [EVIL]})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {EVIL: [EVIL]}
    assert harmless(printed)


@pytest.mark.parametrize("how", ["message", "argument", "extra", "error"])
def test_a_log_line_steers_nothing_and_is_one_line(how, capsys):
    configure("INFO")
    log, kept = logging.getLogger("bot.somewhere"), []
    handler = logging.Handler()
    handler.emit = lambda record: kept.append(handler.format(record) + str(vars(record)))
    log.addHandler(handler)
    try:
        match how:
            case "message":
                log.error(f"{EVIL}\nforged")  # noqa: G004
            case "argument":
                log.error("It was %s", f"{EVIL}\nforged")
            case "extra":
                log.error("It was", extra={"named": f"{EVIL}\nforged"})
            case "error":
                try:
                    int(EVIL)
                except ValueError:
                    log.exception("It went wrong")
    finally:
        log.removeHandler(handler)
    (line,) = kept
    assert harmless(line)
    assert "\nforged" not in line
    assert ("\n  File" in line) is (how == "error")


def test_a_traceback_steers_nothing_and_keeps_its_lines():
    said = redacted_traceback(
        ExceptionGroup("Both went wrong", [ValueError(EVIL), ValueError(f"{EVIL}\n{EVIL}")])
    )
    assert r"ValueError: \u001b]0;owned\u0007" in said
    assert harmless(said)
    assert len(said.splitlines()) > 4


@pytest.mark.parametrize("name", [b"\x1b]0;owned\x07\x1b[2Jevil", b"\xff\xfe", b"a\nok   packs: fine"])
def test_a_name_in_a_folder_of_packs_is_shown_as_an_escape(milepost, monkeypatch, tmp_path, name):
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / os.fsdecode(name)).symlink_to("nowhere")
    monkeypatch.setenv("MILEPOST_PACKS_FOLDER", "packs")
    ran = milepost("doctor")
    (told_of,) = [line for line in ran.out.splitlines() if "cannot be read: No such file" in line]
    assert told_of.startswith("FAIL packs: ")
    assert told_of.isprintable()
    assert not any(line.startswith("ok   packs: fine") for line in ran.out.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "MILEPOST_\x1b]0;owned\x07=1",
        'MILEPOST_PLATFORMS="\x1b[31mx"',
        'MILEPOST_PLATFORMS="x\nok   platforms: fine"',
        'MILEPOST_PACKS_FOLDER="\x1b[31mx"',
    ],
)
@pytest.mark.parametrize("command", ["doctor", "run"])
def test_a_file_of_settings_steers_no_terminal(milepost, monkeypatch, tmp_path, line, command):
    (tmp_path / "settings").write_text(line + "\n")
    monkeypatch.setenv("MILEPOST_ENV_FILE", "settings")
    if command == "run" and "FOLDER" in line:
        monkeypatch.setenv("MILEPOST_PLATFORMS", "pigeon")
    ran = milepost(command)
    assert ran.code
    assert (ran.out + ran.err).replace("\n", "").isprintable()
    assert "\nok   platforms: fine" not in ran.out + ran.err


@pytest.mark.parametrize(
    "command",
    [("db", "verify"), ("db", "upgrade"), ("audit",), ("doctor",), ("db", "restore", "evil.db", "--force")],
    ids=" ".join,
)
@pytest.mark.parametrize("revision", [EVIL.replace("\udcff", ""), "9" * 5_000_000], ids=["evil", "endless"])
def test_the_revision_of_a_database_steers_no_terminal(milepost, tmp_path, command, revision):
    assert milepost("db", "upgrade").code == 0
    made, evil = tmp_path / "data/milepost.db", tmp_path / "evil.db"
    with sqlite3.connect(made) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()
    evil.write_bytes(made.read_bytes())
    ran = milepost(*command)
    assert ran.code
    said = ran.out + ran.err
    assert "newer Milepost" in said
    assert len(said) < 5000
    assert harmless(said)
