"""Notes in plain text as Anki exports them, and files that are no such thing."""

import csv
import io
from dataclasses import replace

import pytest

from content.formats.anki_text import TEXT_BYTES, AnkiText
from content.formats.base import Aspect, RefusedError, Shelf
from tests.content.formats.found import ONE_OF_EACH

EXPORTED = """#separator:tab
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:6
q;Zk1!\tBasic\tSchool::Ints\t"Which port has ""HTTPS""?"\t443\thttp ports
#a comment
"#b=c"\tBasic\tSchool::Strings\t"Two
lines, then?"\t<b>yes</b>\t
cccc\tCloze\tSchool\tA {{c1::byte}} has eight bits.\tMostly.\t
"""


def read(text):
    return AnkiText().read(text.encode(), "notes.txt")


def test_an_export_of_anki_is_read():
    result = read(EXPORTED)
    assert result.notes == ()
    port, lines, cloze = result.found
    assert (port.stem, port.accept, port.topic) == ('Which port has "HTTPS"?', ("443",), "Ints")
    assert (port.tags, port.place) == (("http", "ports"), "notes.txt:7")
    assert (lines.stem, lines.accept, lines.place) == ("Two lines, then?", ("yes",), "notes.txt:9")
    assert (cloze.stem, cloze.accept, cloze.place) == ("A ____ has eight bits.", ("byte",), "notes.txt:11")
    assert (cloze.explanation, cloze.lost) == ("Mostly.", ())


def test_headers_may_name_one_deck_note_type_and_tags():
    result = read(
        "#separator:Semicolon\n#html:false\n#deck:School::Ints\n#tags:a b\n#columns:Back;Front;Rank\n"
        "443;What is <br>;7\n"
    )
    [found] = result.found
    assert (found.stem, found.accept, found.topic) == (r"What is \<br>", ("443",), "Ints")
    assert (found.tags, found.lost) == (("a", "b"), ("the field Rank",))


def test_a_note_of_too_many_fields_is_told_with_its_line():
    result = read("#separator:tab\n#notetype:Chemistry\nwater\tH2O\t18\n\nAsked?\tyes\t\t\n")
    [note] = result.notes
    assert str(note) == (
        "notes.txt:3: water: left out, since "
        "its note type Chemistry has neither Front and Back nor two fields"
    )
    assert result.found[0].place == "notes.txt:5"


def test_a_guid_that_is_there_twice_is_told():
    [note] = read("#guid column:1\nx\tAsked?\tyes\nx\tAgain?\tno\n").notes
    assert str(note) == "notes.txt:3: left out, since notes.txt:2 has the same guid"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Asked?\tyes\n", "notes.txt:1: it doesn't begin with Anki's headers"),
        ("", "notes.txt:1: it doesn't begin with Anki's headers"),
        ('#separator:"\na"b', "notes.txt:1: nothing can be separated by that sign"),
        ('#html:true\nok\tyes\n"never closed\n', "notes.txt:3: a note can't be read"),
        ("#html:true\na\t" + "b" * 300_000, "notes.txt:2: a note can't be read"),
        ("#html:true\n" + "a\tb\n" * 2001, "notes.txt:2002: the file has more than 2,000 notes"),
        ("#html:true\n\0", "NUL"),
        ("#" * (TEXT_BYTES + 1), "more than 16 MiB"),
    ],
)
def test_what_is_no_export_is_refused_with_its_line(text, why):
    with pytest.raises(RefusedError, match=why):
        read(text)


def test_a_wrong_encoding_is_refused():
    with pytest.raises(RefusedError, match=r"notes\.txt:2: the file isn't UTF-8"):
        AnkiText().read("#html:true\nGröße\tgroß".encode("latin-1"), "notes.txt")


def test_scripts_in_fields_go():
    [found] = read("#html:true\nWho?<script>x()</script>\t<b onclick=x()>me</b>\n").found
    assert (found.stem, found.accept) == ("Who?", ("me",))


def test_our_export_has_a_column_for_each_field_and_comes_back():
    shelf = Shelf("p", "Pack", "Topic", 0)
    kept = [replace(each, topic="t", shelf=shelf) for each in ONE_OF_EACH.values()]
    data = AnkiText().write(kept).decode()
    lines = data.splitlines()
    assert lines[:7] == [
        "#separator:tab",
        "#html:true",
        "#notetype:Milepost",
        "#columns:guid\tdeck\tFront\tBack\tSource\tMilepost\ttags",
        "#guid column:1",
        "#deck column:2",
        "#tags column:7",
    ]
    rows = [*csv.reader(io.StringIO("\n".join(lines[7:])), delimiter="\t")]
    assert [row[1] for row in rows] == ["Pack::Topic"] * 3
    assert [row[6] for row in rows] == ["t"] * 3
    assert [replace(each, place="", topic="") for each in read(data).found] == [*ONE_OF_EACH.values()]


def test_our_notes_come_back_from_an_export_of_anki():
    """Anki names no fields, puts the type of each note in a column, and may leave the marks out."""
    single = ONE_OF_EACH[Aspect.SINGLE]
    row = AnkiText().write([single]).decode().splitlines()[-1].split("\t")
    head = "#separator:tab\n#html:{}\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:8\n"
    anki = "\t".join((row[0], "Milepost", "Deck", *row[2:6], ""))
    for html in ("true", "false"):
        [found] = read(head.format(html) + anki + "\n").found
        assert replace(found, place="") == single
