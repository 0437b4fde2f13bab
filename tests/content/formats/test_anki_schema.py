"""A database of ours next to one of Anki's: its layout, its decks, and what a second import meets."""

import json
import sqlite3
from dataclasses import replace

import pytest

from content.formats.anki_schema import database_of
from content.formats.base import Aspect, Choice, Shelf
from tests.content.formats.anki_files import database
from tests.content.formats.found import ONE_OF_EACH

SHELF = Shelf("first-pack", "First pack: HTTP", "Status codes", 1_790_000_000)


def opened(data):
    made = sqlite3.connect(":memory:")
    made.deserialize(data)
    return made


@pytest.fixture
def written():
    """The database of an export with one question of each of three kinds."""
    made = opened(
        database_of([replace(each, topic="status", shelf=SHELF) for each in ONE_OF_EACH.values()])
    )
    yield made
    made.close()


def layout(connection):
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall()
    indexes = connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'").fetchall()
    columns = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for (name,) in tables}
    inside = {name: connection.execute(f"PRAGMA index_info({name})").fetchall() for name, _ in indexes}
    return columns, sorted(indexes), inside


def test_an_export_has_the_layout_that_anki_has(written):
    ankis = opened(database())
    assert layout(written) == layout(ankis)
    ankis.close()
    assert written.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_export_has_a_deck_for_the_pack_and_one_for_the_topic(written):
    [(version, models, decks)] = written.execute("SELECT ver, models, decks FROM col")
    names = {each["name"]: each["id"] for each in json.loads(decks).values()}
    assert version == 11
    assert names.keys() == {"Default", "First pack: HTTP", "First pack: HTTP::Status codes"}
    assert {did for (did,) in written.execute("SELECT did FROM cards")} == {
        names["First pack: HTTP::Status codes"]
    }
    [kind] = json.loads(models).values()
    assert [each["name"] for each in kind["flds"]] == ["Front", "Back", "Source", "Milepost"]
    assert "{{Milepost}}" not in kind["tmpls"][0]["qfmt"] + kind["tmpls"][0]["afmt"]
    assert {mid for (mid,) in written.execute("SELECT mid FROM notes")} == {kind["id"]}
    assert written.execute("SELECT tags FROM notes").fetchone() == (" status ",)


def notes_in(found):
    made = opened(database_of(found))
    rows = made.execute("SELECT guid, mod, flds FROM notes").fetchall()
    made.close()
    return rows


def test_a_later_export_has_the_same_guids_and_is_newer():
    found = replace(ONE_OF_EACH[Aspect.SINGLE], shelf=SHELF)
    later = replace(
        found, stem="Which port does it use now?", shelf=replace(SHELF, second=SHELF.second + 60)
    )
    other = replace(found, shelf=replace(SHELF, pack="other-pack"))
    [(guid, second, _)], [(again, newer, _)], [(elsewhere, _, _)] = map(
        notes_in, ([found], [later], [other])
    )
    assert guid == again != elsewhere
    assert newer > second


def test_no_text_of_a_question_is_markup_on_a_card():
    evil = "<script>x()</script> [sound:a.mp3] {{cloze:Front}} <img src=x onerror=x()>"
    found = replace(
        ONE_OF_EACH[Aspect.SINGLE],
        stem=evil,
        choices=(Choice(evil, right=True, feedback=evil), Choice("`<b>`")),
        explanation=f"{evil} [here](javascript:x())",
    )
    [(_, _, fields)] = notes_in([found])
    front, back, *_ = fields.split("\x1f")
    for side in (front, back):
        assert "<script" not in side
        assert "<img" not in side
        assert "[" not in side
        assert "{{" not in side
        assert 'href="javascript' not in side
