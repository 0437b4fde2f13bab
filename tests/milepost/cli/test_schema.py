"""``milepost content schema``: files for editors, or one on standard output."""

import json

import pytest

from content.schema import KINDS
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
