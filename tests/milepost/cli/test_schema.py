"""``milepost content schema``: files for editors, or one on standard output."""

import json
import re
from pathlib import Path

import pytest

from content.loader import load_packs
from content.schema import KINDS, schema_text
from tests.content.conftest import TinyPack
from tests.content.test_whole_files import no_file_longer_than, state
from tests.support.commands import Milepost


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


def test_one_file_for_each_kind(milepost, tmp_path):
    ran = milepost("content", "schema", "schema")
    assert ran.code == 0
    assert "yaml-language-server: $schema=" in ran.out
    assert {path.stem for path in (tmp_path / "schema").iterdir()} == set(KINDS)
    assert milepost("content", "schema", "schema").code == 0


def printed_lines(ran):
    """Return the line that was printed for each kind of file, by the file."""
    lines = ran.out.splitlines()[2:]
    return {file.strip(): line.strip() for file, line in zip(lines[::2], lines[1::2], strict=True)}


@pytest.mark.parametrize("where", ["packs/_schema", "packs/tiny/schema", "."])
def test_each_line_leads_from_the_authors_file_to_its_schema(milepost, tmp_path, monkeypatch, where):
    tiny = TinyPack(tmp_path / "packs/tiny")
    tiny.write()
    (tiny.folder / "article.yaml").write_text("")
    if where == ".":
        (tmp_path / "packs/schemas").mkdir()
        monkeypatch.chdir(tmp_path / "packs/schemas")
    lines = printed_lines(milepost("content", "schema", where))
    assert lines.keys() == set(KINDS.values())
    of_tiny = {"<topic>": "ints", "<step>": "basics", "<id>": "basics-project"}
    for kind, pattern in KINDS.items():
        name = pattern
        for part, value in of_tiny.items():
            name = name.replace(part, value)
        file = tiny.folder / name
        assert file.is_file()
        start, _, path = lines[pattern].partition("=")
        assert start == "# yaml-language-server: $schema"
        assert json.loads((file.parent / path).read_text()) == json.loads(schema_text(kind)), pattern


def test_the_line_in_the_docs_is_the_one_that_is_printed(milepost, tmp_path):
    page = (Path(__file__).parents[3] / "docs/content.md").read_text("utf-8")
    [folder] = re.findall(r"`milepost content schema (\S+)`", page)
    [line] = re.findall(r"^# yaml-language-server: .*$", page, re.MULTILINE)
    assert printed_lines(milepost("content", "schema", folder))["questions/<topic>.yaml"] == line
    TinyPack(tmp_path / "packs/tiny").load()
    assert load_packs(tmp_path / "packs").problems == ()


def test_one_is_printed_and_nothing_else(milepost):
    ran = milepost("content", "schema", "--print", "questions")
    assert json.loads(ran.out)["title"] == "Milepost: questions/<topic>.yaml"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name a folder"),
        (("--print", "question"), "There is no schema question. Choose from pack, roadmap"),
        (("taken",), "taken can't be written in"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(milepost, tmp_path, words, said):
    (tmp_path / "taken").write_text("a file")
    assert said in milepost("content", "schema", *words).complaint


def test_without_room_every_schema_stays_as_it_was(milepost, tmp_path):
    assert milepost("content", "schema", "schema").code == 0
    (tmp_path / "schema/pack.json").write_text("as it was")
    before = state(tmp_path / "schema")
    with no_file_longer_than(10_000):
        assert "File too large. Nothing was changed." in milepost("content", "schema", "schema").complaint
    assert state(tmp_path / "schema") == before
