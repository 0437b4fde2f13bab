"""Printed output has no secrets, and progress bars appear on terminals only."""

import json
from contextlib import redirect_stderr

import pytest

from bot.toolkit.redaction import withhold
from milepost.cli.output import counting, print_json, say

ERASED = "\x1b[1A\x1b[2K"
"""Up a line, and that one emptied."""


def test_on_a_terminal_the_bar_says_what_goes_on_and_how_much_of_it_is_done(screen):
    with redirect_stderr(screen), counting("Moving the rows") as tell:
        tell(0, 8)
        tell(6, 8)
    assert "Moving the rows" in screen.text
    assert "75%" in screen.text
    assert "100%" not in screen.text


def test_the_bar_is_gone_when_the_work_is_done(screen):
    with redirect_stderr(screen), counting("Moving the rows") as tell:
        tell(8, 8)
    assert "100%" in screen.text
    assert screen.getvalue().endswith(ERASED)


def test_the_bar_is_gone_when_the_work_has_failed(screen):
    with redirect_stderr(screen), pytest.raises(OSError, match="away"), counting("Moving the rows"):
        raise OSError("away")
    assert "Moving the rows" in screen.text
    assert screen.getvalue().endswith(ERASED)


def test_the_bar_stays_out_of_what_programs_read(screen, capsys):
    with redirect_stderr(screen), counting("Moving the rows") as tell:
        tell(8, 8)
    assert screen.text
    assert capsys.readouterr() == ("", "")


def test_where_no_terminal_is_nothing_is_written(screen, capsys):
    with counting("Moving the rows") as tell:
        tell(0, 8)
        tell(8, 8)
    assert capsys.readouterr() == ("", "")
    assert not screen.text


def test_what_is_printed_has_no_secret_in_it(capsys):
    withhold("canary-of-output")
    say("before canary-of-output after")
    print_json({"rows": [{"said": "canary-of-output", "number": 7}, None], "DETAIL: all of it": True})
    line, document = capsys.readouterr().out.split("\n", 1)
    assert line == "before *** after"
    assert json.loads(document) == {"rows": [{"said": "***", "number": 7}, None], "DETAIL: all of it": True}


def test_what_somebody_asked_for_is_printed_whole(capsys):
    withhold("canary-of-output")
    say("canary-of-output", whole=True)
    print_json(["canary-of-output"], whole=True)
    line, document = capsys.readouterr().out.split("\n", 1)
    assert (line, json.loads(document)) == ("canary-of-output", ["canary-of-output"])
