"""The program that types the steps, here without the sandbox around it."""

import json
import os
import sys

import pytest

from content.checks import try_script


@pytest.fixture
def outcome(tmp_path, monkeypatch, capsys):
    """Type steps in an empty folder; return what is said of them."""

    def type_all(*steps, files=None, setup=()):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(os, "environ", dict(os.environ))
        monkeypatch.setattr(sys, "path", list(sys.path))
        blank = {"run": None, "python": None, "sql": None, "status": 0, "prints": [], "background": False}
        given = {"files": files or {}, "setup": setup, "steps": [blank | step for step in steps]}
        try_script.main(json.dumps(given))
        return capsys.readouterr().out.strip()

    return type_all


def test_steps_that_come_out_as_declared_leave_nothing_to_say(outcome):
    steps = ({"run": "cat a.txt", "prints": ["hello"]}, {"python": "2 * 21", "prints": ["42"]})
    assert outcome(*steps, files={"a.txt": "hello"}) == ""


def test_the_first_step_that_comes_out_otherwise_is_named(outcome):
    assert outcome({"run": "exit 3"}, {"run": "exit 4"}) == "`exit 3` ends with status 3, not 0:"


def test_a_set_up_that_fails_is_named_as_well(outcome):
    assert outcome({"run": "echo hi"}, setup=["false"]).startswith("`false` ends with status 1")


def test_an_error_at_the_prompt_shows_its_traceback_and_keeps_the_names(outcome):
    wrong = {"python": "x = 1\nx.y", "status": 1, "prints": ["AttributeError"]}
    assert outcome(wrong, {"python": "x", "prints": ["1"]}) == ""


def test_a_server_that_ends_at_once_fails_its_step(outcome):
    said = outcome({"run": "echo no; exit 1", "background": True, "prints": ["Serving"]})
    assert said == "`echo no; exit 1` ends with status 1, not 0: no"


def test_python_is_this_interpreter(outcome):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert outcome({"run": "python --version", "prints": [version]}) == ""
