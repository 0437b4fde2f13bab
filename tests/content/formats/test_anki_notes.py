"""Notes of others and ours: which become questions, which don't, and why."""

from dataclasses import replace

import pytest

from content.formats.anki_notes import (
    FIELDS,
    AnkiNote,
    deck_of,
    fields_of,
    guid_of,
    question_of,
    tags_of,
)
from content.formats.base import Aspect, Found, Note, Shelf
from tests.content.formats.found import ONE_OF_EACH

SINGLE = ONE_OF_EACH[Aspect.SINGLE]


def basic(front, back, **more):
    return AnkiNote("x, note 1", "Basic", (("Front", front), ("Back", back)), **more)


def cloze(text, extra=""):
    return AnkiNote("x, note 1", "Cloze", (("Text", text), ("Back Extra", extra)), cloze=True)


@pytest.mark.parametrize(
    ("back", "answer"),
    [
        ("443", "443"),
        ("<b>van Rossum</b>&nbsp;", "van Rossum"),
        ("<div>ls</div>", "ls"),
        ("a &lt; b", "a < b"),
        ("snake_case*", "snake_case*"),
        ("<script>x()</script>yes", "yes"),
        ("ye\u202es&#8238;", "yes"),
    ],
)
def test_a_short_back_is_an_answer_to_type(back, answer):
    found = question_of(basic("Which is it, then?", back))
    assert isinstance(found, Found)
    assert (found.kind, found.accept) == (Aspect.SHORT, (answer,))


@pytest.mark.parametrize(
    ("front", "back", "why"),
    [
        ("Asked?", "one<br>two", "its back isn't a short text that could be typed"),
        ("Asked?", "<ul><li>one</li><li>two</li></ul>", "isn't a short text"),
        ("Asked?", "word " * 40, "isn't a short text"),
        ("Asked?", "", "its back is empty"),
        ("Asked?", "<img src=cat.png>", "its back is an image or a sound"),
        ("Asked?", "[sound:cat.mp3]", "its back is an image or a sound"),
        ("", "yes", "its front is empty"),
        ("<img src=cat.png>", "yes", "its front is an image or a sound"),
        ("[latex]x^2[/latex]", "yes", "its front has a formula in LaTeX"),
        (r"How much is \(x^2\)?", "4", "its front has a formula in LaTeX"),
        ("Asked?", "[$]x[/$]", "its back has a formula in LaTeX"),
        ("a" * 10_000_000, "yes", "its field Front has more than 200,000 characters"),
    ],
)
def test_other_notes_are_told_with_their_reason(front, back, why):
    note = question_of(basic(front, back))
    assert isinstance(note, Note)
    assert note.place == "x, note 1"
    assert note.message.startswith("left out, since ")
    assert why in note.message
    assert len(note.question) <= 60


def test_a_front_is_cleaned_and_what_it_loses_is_told():
    found = question_of(
        basic("<p onclick=x()>What barks?<script>x()</script><img src=d.png>[sound:d.mp3]</p>", "dog")
    )
    assert found.stem == "What barks?"
    assert found.lost == ("sound", "images and media")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("No gap here.", "it has no gap"),
        ("{{c1::One}} and {{c2::two}}.", "it has 2 gaps, and only one can be asked for"),
        ("{{c1::one {{c2::inner}}}}", "it has 2 gaps"),
        ("{{c1::never closed", "its gap isn't closed"),
        ("{{c1::image-occlusion:rect:left=.1}}", "it covers parts of an image"),
        ("{{c1::}} is empty", "its gap is empty"),
    ],
)
def test_a_cloze_note_needs_one_gap(text, why):
    assert why in question_of(cloze(text)).message


def test_a_gap_is_found_in_a_text_that_has_its_mark():
    found = question_of(cloze("Mind the gap, gapx and &#103;ap: <b>{{c1,2::<i>443</i>}}</b>"))
    assert found.stem == "Mind the gap, gapx and gap: **____**"
    assert found.accept == ("443",)


def test_a_million_gaps_cost_little():
    for text in ("{{c1::" * 30_000, "{{c1::" + "::" * 90_000, "<" * 190_000, "[sound:" * 25_000):
        assert isinstance(question_of(cloze(text)), Note)


def test_fields_next_to_front_and_back_explain_or_are_told():
    fields = (
        ("Front", "Asked?"),
        ("Back", "yes"),
        ("Explanation", "Because."),
        ("Rank", "7"),
        ("Empty", " "),
    )
    found = question_of(AnkiNote("x", "Mine", fields))
    assert (found.explanation, found.lost) == ("Because.", ("the field Rank",))


def test_a_note_type_in_another_language_has_two_fields():
    fields = (("Vorderseite", "Hauptstadt von Italien?"), ("Rückseite", "Rom"))
    assert question_of(AnkiNote("x", "Einfach", fields)).accept == ("Rom",)


def test_a_note_type_without_a_front_is_told_by_name():
    fields = (("Name", "water"), ("Formula", "H2O"), ("Mass", "18"))
    note = question_of(AnkiNote("x", "Chem\u202eistry", fields))
    assert r"its note type Chem\u202eistry has neither Front and Back nor two fields" in note.message


def test_plain_texts_are_taken_as_they_are():
    found = question_of(basic("What does <br> do?", "breaks <the> line", plain=True))
    assert (found.stem, found.accept) == (r"What does \<br> do?", ("breaks <the> line",))
    assert isinstance(question_of(basic("Asked?", "one\ntwo", plain=True)), Note)


def test_a_note_of_ours_is_the_question_again():
    fields = tuple(zip(FIELDS, fields_of(SINGLE), strict=True))
    assert question_of(AnkiNote("", "Milepost", fields)) == SINGLE
    shown = AnkiNote("", "Milepost", (*fields[:3], ("Milepost", f"<div>{fields[3][1]}&nbsp;<br></div>")))
    assert question_of(shown) == SINGLE


@pytest.mark.parametrize("carried", ["{", '{"milepost":2}', '{"milepost":1,"kind":"poem"}', "hello"])
def test_a_note_of_ours_that_is_broken_is_told(carried):
    fields = tuple(zip(FIELDS, ("a", "b", "", carried), strict=True))
    assert "its field Milepost can't be read" in question_of(AnkiNote("", "Milepost", fields)).message


def test_names_of_decks_and_tags_fit_anki():
    shelf = Shelf("p", 'A "pack":: more:', " Topic\tone ", 0)
    found = replace(SINGLE, topic="topic-one", tags=("a", "two words", "a"), shelf=shelf)
    assert deck_of(found) == "A pack more::Topic one"
    assert tags_of(found) == "topic-one a two-words"
    assert guid_of(found) != guid_of(replace(found, id="other"))
