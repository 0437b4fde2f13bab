"""GIFT as Moodle writes it and its documentation shows it, and files that are no such thing."""

from decimal import Decimal

import pytest

from content.formats.base import FILE_BYTES, Aspect, Pair, RefusedError
from content.formats.gift import Gift

EXPORTED = r"""
// question: 0  name: Switch category to $course$/top/Networks/http
$CATEGORY: $course$/top/Networks/http

// question: 17  name: Redirects
// [id:keeps-the-method] [tag:http] [tag:status codes]
::Redirects::[html]<p>Which status keeps <b>the method</b>?<br></p>{
	=308#[markdown]It forbids the change\: see `RFC 9110`.
	~301#[html]<script>alert(1)</script><p>Clients may change it.</p>
	~%50%303
	####[html]<p>Look at the <code>Location</code> of it.</p>
}

// question: 18  name: Even
::Even::Two is even.{TRUE#It is.#Yes, it is.}

::Primes::[markdown]Which are prime? {
	~%50%2
	~%50%3
	~%-100%4#Two times two.
}

::Pi::How much is pi to two places?{#
	=%100%3.14:0.01#
	=%0%3.2:0#Too coarse.
	~#No.
}

::Capitals::Match each country.{
	=France -> Paris
	=Italy -> Rome
	=Japan -> Tokyo
	= -> Bern
}

::Order::[html]Put these in order.{>3     none
one
two
three
}

::Typed::Two plus two equals {=%100%four#Right =%100%4# =%0%five#One too many. =%50%IV =fo*} in words.
"""


def read(text, file="quiz.gift"):
    return Gift().read(text.encode(), file)


def test_a_file_as_moodle_exports_it_is_read_whole():
    result = read(EXPORTED)
    assert result.notes == ()
    single, truth, multi, number, match, order, typed = result.found
    assert (single.kind, single.stem) == (Aspect.SINGLE, "Which status keeps **the method**?")
    assert (single.id, single.topic, single.tags) == ("keeps-the-method", "http", ("http", "status codes"))
    assert [each.feedback for each in single.choices] == [
        "It forbids the change: see `RFC 9110`.",
        "Clients may change it.",
        "",
    ]
    assert single.explanation == "Look at the `Location` of it."
    assert single.lost == ("the part credit of an option (50 %)",)
    assert [(each.text, each.right, each.feedback) for each in truth.choices] == [
        ("True", True, "Yes, it is."),
        ("False", False, "It is."),
    ]
    assert (multi.kind, [each.right for each in multi.choices]) == (Aspect.MULTI, [True, True, False])
    assert (number.value, number.tolerance) == (Decimal("3.14"), Decimal("0.01"))
    assert [(each.text, each.feedback) for each in number.mistakes] == [("3.2", "Too coarse.")]
    assert match.pairs == (Pair("France", "Paris"), Pair("Italy", "Rome"), Pair("Japan", "Tokyo"))
    assert match.lost == ("the right side without a left one (Bern)",)
    assert [each.text for each in order.choices] == ["one", "two", "three"]
    assert typed.stem == "Two plus two equals _____ in words."
    assert typed.accept == ("four", "4")
    assert len(typed.lost) == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Tell us about yourself.{}", "essay"),
        ("Read the next three.", "asks nothing"),
        ("Which one?{=a ~b", "braces"),
        ("How many?{#many}", "isn't a number"),
        ("How many?{#1e9999999:0}", "isn't a number"),
    ],
)
def test_what_is_no_question_is_named_with_its_line(text, why):
    [note] = read(f"// a comment\n\n::Name::{text}\n").notes
    assert note.place == "quiz.gift:3"
    assert why in note.message


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfeW\xd8", "UTF-16"),
        ("Größe?{=a ~b}".encode("latin-1"), "x.gift:1: the file isn't UTF-8; save it as UTF-8."),
        (b"ok\0\0", "NUL"),
        (b"a" * (FILE_BYTES + 1), "more than 4 MiB"),
        (b"a{}\n\n" * 3000, "more than 2,000 questions"),
    ],
)
def test_a_file_that_is_no_text_or_too_large_is_refused(data, why):
    with pytest.raises(RefusedError, match=why):
        Gift().read(data, "x.gift")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_are_certain_are_read(encoding):
    [found] = Gift().read("Größe?{=groß ~klein}".encode(encoding), "x").found
    assert found.choices[0].text == "groß"


@pytest.mark.parametrize(
    "text", ["{" * 10**6, "~" * 10**6, "\\" * 10**6, "a{" + "=a~" * 10**5 + "}", "`" * 10**6]
)
def test_a_line_of_a_million_signs_costs_little(text):
    Gift().read(text.encode(), "x")
