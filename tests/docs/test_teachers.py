"""The guide for teachers: its commands are run, its answers typed, and its shortest pack is a whole one."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from content.checks import write_lock
from content.loader import load_pack
from tests.support.commands import Milepost, Typing

PAGE = (Path(__file__).parents[2] / "docs/teachers.md").read_text("utf-8")
SESSIONS = re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
FILES = re.findall(r"^\*\*`capitals/(.+?)`\*\*\n\n```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^(?P<asked>.+?(?:\(Enter: [a-z ]+\)|\[[^\]]*\])?):(?: (?P<typed>.*))?$")


def commands():
    """Each command of the page, with the lines below it."""
    for session in SESSIONS:
        for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            yield shlex.split(command), lines


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    async def at_once(_stop):
        """Ctrl+C, as soon as it waits for it."""

    monkeypatch.setattr("milepost.cli.run._wait_for", at_once)
    monkeypatch.setattr("webbrowser.open", lambda _address: None)
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


def test_the_page_is_typed_as_it_stands(milepost, monkeypatch, tmp_path):
    for words, lines in commands():
        asked = [match for line in lines if (match := PROMPT.match(line))]
        monkeypatch.setattr(sys, "stdin", Typing([match["typed"] or "" for match in asked]))
        ran = milepost(*words[1:])
        assert ran.code == 0, (words, ran.err)
        said = ran.out + ran.err
        for line in lines:
            match = PROMPT.match(line)
            assert (f"{match['asked']}:" if match else line) in said, (words, line, said)
    pack = load_pack(tmp_path / "fractions")
    [questions] = pack.questions.values()
    assert [question.type for question in questions] == ["single", "number", "order", "truefalse", "match"]


def test_the_shortest_pack_is_whole_and_has_the_lines_that_are_said(tmp_path):
    folder = tmp_path / "capitals"
    for name, text in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    pack = load_pack(folder, needs_lock=False)
    assert write_lock(pack)
    [questions] = pack.questions.values()
    assert len(questions) == 5
    assert (len(FILES), sum(text.count("\n") for _, text in FILES)) == (3, 40)
