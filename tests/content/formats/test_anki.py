"""Packages as Anki writes them, those that are made to harm, and ours as Anki reads them."""

import io
import sqlite3
import tracemalloc
import zipfile
import zlib
from dataclasses import replace

import pytest

from content.formats import anki
from content.formats.anki import MEMBERS, Anki
from content.formats.base import Aspect, RefusedError, Shelf, Source
from tests.content.formats.anki_files import BASIC, CLOZE, apkg, database, package
from tests.content.formats.found import ONE_OF_EACH

SHELF = Shelf("first-pack", "First pack: HTTP", "Status codes", 1_790_000_000)


def read(data):
    return Anki().read(data, "deck.apkg")


def refused(data):
    with pytest.raises(RefusedError) as caught:
        read(data)
    return str(caught.value)


def test_a_deck_as_anki_exports_it_is_read_from_its_newest_database():
    result = read(
        apkg(
            (BASIC, ("Which port has <b>HTTPS</b>?", "443"), " http ports "),
            (CLOZE, ("Paris is the capital of {{c1::France::a country}}.", "It is on the Seine.")),
        )
    )
    basic, cloze = result.found
    assert result.notes == ()
    assert (basic.kind, basic.stem, basic.accept) == (Aspect.SHORT, "Which port has **HTTPS**?", ("443",))
    assert (basic.topic, basic.tags, basic.place) == ("Ints", ("http", "ports"), "deck.apkg, note 1")
    assert cloze.stem == "Paris is the capital of ____."
    assert (cloze.accept, cloze.hints) == (("France",), ("a country",))
    assert cloze.explanation == "It is on the Seine."


def test_a_deck_of_an_old_anki_has_one_database_and_may_have_a_log():
    data = package({"collection.anki2": database([(BASIC, ("Asked?", "yes"))], wal=True), "media": "{}"})
    assert read(data).found[0].accept == ("yes",)


def test_media_are_counted_and_left_out():
    data = package({"collection.anki2": database(), "media": '{"0": "a.png"}', "0": b"png", "1": b"mp3"})
    [note] = read(data).notes
    assert str(note) == "deck.apkg: left out: 2 files with images or sound"


def test_the_newest_form_is_refused_with_what_to_do():
    data = package({"collection.anki21b": b"\x28\xb5\x2f\xfd", "collection.anki2": database(), "media": ""})
    assert refused(data) == (
        "deck.apkg: it is in Anki's newest form, which isn't read; in the export window tick "
        '"Support older Anki versions", and export it again.'
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "isn't a whole zip archive"),
        (b"PK\x03\x04 and then nothing", "isn't a whole zip archive"),
        (apkg()[:-40], "isn't a whole zip archive"),
        (package({"quiz.txt": "a"}), "it has no collection.anki2 in it, so it isn't a package of Anki's"),
        (package({"collection.anki2": b"no database"}), "its collection isn't a database"),
        (package({"collection.anki2": b""}), "its collection isn't a database"),
        (package({"collection.anki2": database(), "../../etc/passwd": "x"}), "leads out of the package"),
        (package({"collection.anki2": database(), "/etc/passwd": "x"}), "leads out of the package"),
        (package({"collection.anki2": database(), "..\\x": "x"}), "leads out of the package"),
        (package({"collection.anki2": database()}, zipfile.ZIP_BZIP2), "packed in another way"),
        (b"a" * (32 * 1024 * 1024 + 1), "more than 32 MiB"),
    ],
    ids=lambda each: each[:20] if isinstance(each, str) else "",
)
def test_what_is_no_package_is_refused_in_a_sentence(data, why):
    assert why in refused(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_databases_of_one_name_none_is_taken():
    data = package([("collection.anki2", database()), ("collection.anki2", database())])
    assert "it has two files collection.anki2 in it" in refused(data)


def test_a_bomb_is_unpacked_only_as_far_as_the_limit(monkeypatch):
    bomb = package({"collection.anki2": b"SQLite format 3\0" + bytes(64 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    assert "more than 16 MiB when unpacked" in refused(bomb)
    monkeypatch.setattr(anki, "DATABASE_BYTES", 1024 * 1024)
    tracemalloc.start()
    refused(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_an_archive_of_many_files_is_refused_before_they_are_listed():
    assert "more than 10,000 files" in refused(b"PK\1\2" * (MEMBERS + 1))


@pytest.mark.parametrize("at", ["local", "directory"])
def test_an_entry_that_says_what_is_not_so_is_refused(at):
    data = bytearray(package({"collection.anki2": database(), "media": "{}"}))
    place = data.index(b"PK\3\4") + 14 if at == "local" else data.index(b"PK\1\2") + 16
    data[place : place + 4] = zlib.crc32(b"other").to_bytes(4, "little")
    if at == "directory":
        assert "isn't a whole zip archive" in refused(bytes(data))
    else:
        read(bytes(data))  # the sum in the directory counts


def test_a_locked_entry_is_refused():
    data = bytearray(package({"collection.anki2": database()}))
    data[data.index(b"PK\1\2") + 8] |= 1
    assert "locked with a password" in refused(bytes(data))


def test_an_export_is_an_archive_of_a_database_and_no_media():
    with zipfile.ZipFile(io.BytesIO(Anki().write([*ONE_OF_EACH.values()]))) as archive:
        assert archive.namelist() == ["collection.anki2", "media"]
        assert archive.read("media") == b"{}"


def test_a_whole_question_comes_back_from_a_note():
    found = replace(
        ONE_OF_EACH[Aspect.SINGLE],
        objective="Tell the ports of two protocols apart.",
        bloom="apply",
        references=(Source("RFC 9110", "https://www.rfc-editor.org/rfc/rfc9110", "4.2"),),
        difficulty=3,
    )
    [back] = read(Anki().write([replace(found, shelf=SHELF)])).found
    assert replace(back, place="") == found


def test_a_note_that_was_changed_in_anki_is_told():
    found = ONE_OF_EACH[Aspect.SINGLE]
    data = package({"collection.anki2": changed(Anki().write([found]), "HTTPS", "HTTP/3")})
    [back] = read(data).found
    assert back.stem == found.stem
    assert back.lost == ("what was changed in Anki: the question is as it was",)
    spaced = package({"collection.anki2": changed(Anki().write([found]), "<li>", "\n<li style='x'>")})
    assert read(spaced).found[0].lost == ()


def changed(data, old, new):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        made = sqlite3.connect(":memory:", isolation_level=None)
        made.deserialize(archive.read("collection.anki2"))
    [(fields,)] = made.execute("SELECT flds FROM notes")
    front, rest = fields.split("\x1f", 1)
    assert old in front
    made.execute("UPDATE notes SET flds = ?", [f"{front.replace(old, new)}\x1f{rest}"])
    data = made.serialize()
    made.close()
    return data


def test_an_export_without_questions_is_a_package_too():
    assert read(Anki().write([])).found == ()
