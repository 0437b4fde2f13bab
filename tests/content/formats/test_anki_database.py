"""Databases that are Anki's, and such as somebody made to harm who opens them."""

import re
import sqlite3
from contextlib import closing

import pytest

from content.formats import anki_database
from content.formats.anki_database import notes_of
from content.formats.base import Note, RefusedError
from tests.content.formats.anki_files import BASIC, NOTES, database

ONE = (BASIC, ("Asked?", "yes"))


def notes(data):
    return [*notes_of(data, "x.apkg")]


def refused(data):
    with pytest.raises(RefusedError) as caught:
        notes(data)
    return str(caught.value)


def test_notes_come_in_the_order_of_their_making_with_their_decks():
    first, second = notes(database([ONE, (BASIC, ("Again?", "no"), " a b ")]))
    assert (first.place, first.fields, first.deck) == (
        "x.apkg, note 1",
        (("Front", "Asked?"), ("Back", "yes")),
        "School::Ints",
    )
    assert second.tags == ("a", "b")


def test_a_card_in_a_filtered_deck_is_one_of_its_own_deck():
    [note] = notes(database([ONE], change="UPDATE cards SET odid = did, did = 99"))
    assert note.deck == "School::Ints"


def test_texts_in_another_encoding_of_sqlite_are_read():
    [note] = notes(database([(BASIC, ("Größe?", "groß"))], text_encoding="UTF-16le"))
    assert note.fields[1] == ("Back", "groß")


RENAMED = "ALTER TABLE notes RENAME TO other;"
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            f"DROP INDEX ix_notes_usn; DROP INDEX ix_notes_csum; {RENAMED}",
            "no table notes, so it isn't Anki's",
        ),
        ("DROP TABLE cards", "no table cards"),
        ("DROP TABLE col", "no table col"),
        ("DELETE FROM col", "no collection"),
        (
            f"{RENAMED} CREATE VIEW notes AS SELECT * FROM other",
            "its database has the view notes, and Anki's have none",
        ),
        (f"{RENAMED} CREATE VIEW notes AS {SLOW}", "its database has the view notes"),
        (
            "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM cards; END",
            "its database has the trigger t, and Anki's have none",
        ),
        (
            "DROP TABLE notes; CREATE TABLE notes (id, guid, mid, tags, flds AS (hex(zeroblob(9999999))))",
            "the table notes in its database is computed",
        ),
        ("DROP TABLE notes; CREATE TABLE notes (id)", "its database can't be read (no such column"),
        ("UPDATE col SET ver = 18", "a layout other than 11; in the export window tick"),
        ("UPDATE col SET ver = 'x'", "a layout other than 11"),
        ("UPDATE col SET models = '[]'", "its list of note types can't be read"),
        ("UPDATE col SET models = '{'", "its list of note types can't be read"),
        ("UPDATE col SET models = 7", "its list of note types can't be read"),
        ("UPDATE col SET decks = x'ff'", "its list of decks can't be read"),
    ],
)
def test_what_is_no_collection_is_refused_in_a_sentence(change, why):
    assert why in refused(database([ONE], change=change))


def test_json_that_is_nested_without_end_is_refused():
    assert "list of decks" in refused(database(col={"decks": "[" * 100_000}))


@pytest.mark.parametrize(
    "module", ["fts5(guid, mid, tags, flds)", "rtree(id, low, high, +guid, +mid, +flds)"]
)
def test_a_table_that_a_module_computes_is_refused(module):
    try:
        data = database(change=f"DROP TABLE notes; CREATE VIRTUAL TABLE notes USING {module}")
    except sqlite3.OperationalError:
        pytest.skip("SQLite was built without the module")
    assert "the table notes in its database is computed" in refused(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "its collection isn't a database"),
        (b"SQLite format 3\0", "can't be read"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "can't be read"),
        (database([ONE])[:5000], "can't be read"),
    ],
)
def test_what_is_no_database_is_refused(data, why):
    assert why in refused(data)


def problems(files):
    """Error messages of the files that are refused."""
    for data in files:
        try:
            notes(data)
        except RefusedError as error:
            yield str(error)


def test_noise_in_a_database_is_refused_or_read_past():
    whole = database([ONE] * 50)
    noise = bytes(range(256)) * 2
    broken = [whole[:at] + noise + whole[at + 512 :] for at in range(4096, len(whole) - 600, 1500)]
    told = [*problems(broken)]
    assert told
    assert all(re.match(r"x\.apkg(, note \d+)?: its (database|list of)", each) for each in told)


def test_a_note_is_named_where_reading_stops():
    page = b"\0" * 4096
    whole = database([(BASIC, ("Asked?" * 100, "yes"))] * 40)
    ends = [whole[:at] + page + whole[at + 4096 :] for at in range(4096, len(whole), 4096)]
    assert any(each.startswith("x.apkg, note ") for each in problems(ends))


def test_work_without_end_is_ended(monkeypatch):
    monkeypatch.setattr(anki_database, "_EVERY", 100)
    monkeypatch.setattr(anki_database, "_STEPS", 20)
    data = database([(BASIC, (f"Asked {number}?", "yes")) for number in range(2000)])
    assert "its database can't be read (it takes too long)" in refused(data)


def test_a_deck_of_too_many_notes_is_refused_with_the_first_that_is_one_too_many():
    assert refused(database([(*ONE, " ", str(number)) for number in range(2001)])) == (
        "x.apkg, note 2001: the file has more than 2,000 notes; export one deck at a time."
    )


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ((BASIC, ("Again?", "no"), " ", "guid1"), "note 1 has the same guid"),
        ((77, ("Again?", "no")), "its note type isn't in the file"),
        ((BASIC, ("Again?",)), "its fields aren't those of its note type"),
        ((BASIC, ("Again?", "no", "more")), "its fields aren't those of its note type"),
        ((BASIC, b"caf\xe9\x1fno"), "its text isn't UTF-8"),
    ],
)
def test_a_note_that_cannot_be_read_is_told_with_its_number(second, why):
    good, bad = notes(database([ONE, second]))
    assert good.place == "x.apkg, note 1"
    assert bad == Note("x.apkg, note 2", "", f"left out, since {why}")


def test_an_id_that_is_there_twice_is_told():
    loose = NOTES.replace("integer PRIMARY KEY", "integer").replace("notes (", "loose (", 1)
    change = f"""{loose}; INSERT INTO loose SELECT * FROM notes; UPDATE loose SET id = 1;
        DROP TABLE notes; ALTER TABLE loose RENAME TO notes"""
    _, bad = notes(database([ONE, (BASIC, ("Again?", "no"))], change=change))
    assert "note 1 has the same id" in bad.message


def test_values_of_other_types_are_told():
    loose = NOTES.replace("flds text", "flds").replace("notes (", "loose (", 1)
    change = f"""{loose}; INSERT INTO loose SELECT * FROM notes; UPDATE loose SET flds = 7;
        DROP TABLE notes; ALTER TABLE loose RENAME TO notes"""
    [bad] = notes(database([ONE], change=change))
    assert "it has something else in the place of a text" in bad.message


def test_a_note_without_a_card_has_no_deck():
    assert notes(database([ONE], change="DELETE FROM cards"))[0].deck == ""


def test_note_types_and_decks_of_odd_shapes_are_passed_over():
    odd = {"1": 7, "2": {"flds": 7}, "3": {"flds": [7]}, "4": {"flds": [{}]}}
    [note] = notes(database([(4, ("alone",))], col={"models": odd, "decks": {"1": 7}}))
    assert note.fields == (("", "alone"),)


def test_a_table_of_many_columns_is_refused():
    wide = ", ".join(f"c{number}" for number in range(500))
    assert "can't be read" in refused(database(change=f"CREATE TABLE wide ({wide})"))


@pytest.mark.parametrize(
    "query", ["SELECT hex(1)", "SELECT load_extension('x')", "DELETE FROM notes", "ATTACH '' AS other"]
)
def test_nothing_but_reading_is_allowed_once_the_tables_are_known(query):
    with closing(anki_database._opened(database([ONE]))) as opened:
        anki_database._require_tables(opened, "x")
        with pytest.raises(sqlite3.Error):
            opened.execute(query)
        assert len(opened.execute("SELECT flds FROM notes").fetchall()) == 1


def test_no_work_of_a_query_is_without_end():
    with closing(anki_database._opened(database([ONE]))) as opened, pytest.raises(sqlite3.Error):
        opened.execute(f"SELECT max(i) FROM ({SLOW})")
