"""CSV as spreadsheets write it, and files that are no such thing."""

import pytest

from content.formats.base import Aspect, Choice, Found, RefusedError
from content.formats.tables import Csv


def read(text):
    return Csv().read(text.encode(), "x.csv")


def test_a_small_table_needs_two_columns_and_no_kinds():
    result = read(
        "Stem;Answer_1;answer 2;correct\nWhich port has HTTPS?;443;80;1\nWhat lists files, then?;ls;;\n"
    )
    single, short = result.found
    assert (single.kind, [each.right for each in single.choices]) == (Aspect.SINGLE, [True, False])
    assert (short.kind, short.accept, short.place) == (Aspect.SHORT, ("ls",), "x.csv:3")


def test_a_row_is_named_by_the_line_that_it_begins_on():
    result = read('stem,answer 1,type\n"two\nlines, long enough",a,short\nWhat?,a,poem\n')
    [note] = result.notes
    assert str(note) == "x.csv:4: left out, since there is no kind poem"


def test_no_cell_is_a_formula_for_a_spreadsheet_and_each_is_read_as_it_was():
    texts = ("=1+1", "@SUM(A1)", "+1", "-x", "'=a")
    found = Found("", Aspect.SHORT, "Which of these is a formula?", accept=texts)
    data = Csv().write([found])
    assert b",'=1+1," in data
    assert Csv().read(data, "x").found[0].accept == texts


def test_a_column_that_nobody_knows_is_told():
    assert read("stem,answer 1,colour\nWhich port does it use?,443,red\n").found[0].lost == (
        "the column colour",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", None),
        ("question,answer\n", "x.csv:1: the first row has no column stem."),
        ("stem,answer 1,stem\n", "twice"),
        ('stem,answer 1\n"never closed', "it isn't CSV"),
        ("stem,answer 1\n" + "a" * 20_000, "it isn't CSV"),
        ("stem,answer 1\n" + "a,b\n" * 3000, "more than 2,000 questions"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(text, why):
    if why is None:
        assert read(text).found == ()
        return
    with pytest.raises(RefusedError, match=why):
        read(text)


def test_a_likely_wrong_answer_keeps_its_feedback():
    mistakes = (Choice("dir", feedback="That is for another system."),)
    found = Found("", Aspect.SHORT, "Which command lists files?", accept=("ls",), mistakes=mistakes)
    assert Csv().read(Csv().write([found]), "x").found[0].mistakes == mistakes
