"""Both sides of a flashcard, for each kind of question."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from content.formats.base import Aspect, Choice, Found, Pair, Snippet, Source
from content.formats.cards import back, front, sources
from tests.content.formats.found import any_found
from tests.content.formats.test_flatten import FAST

STEM = "Which of these is it?"


def choices(*right):
    texts = ("one", "two", "three", "four")
    return tuple(Choice(each, each in right, f"It is {each}.") for each in texts)


def lettered(side):
    items = re.search(r'<ol type="A">(.*?)</ol>', side)[1]
    return dict(zip("ABCDEF", re.findall("<li>(.*?)</li>", items), strict=False))


def test_a_choice_has_letters_and_the_back_says_which():
    found = Found("", Aspect.SINGLE, STEM, choices=choices("two"), explanation="Since it is.")
    shown = lettered(front(found))
    assert sorted(shown.values()) == ["four", "one", "three", "two"]
    [(letter, text)] = re.findall(r"^<p><b>([A-D])</b>: (\w+)</p>", back(found))
    assert shown[letter] == text == "two"
    for name, each in shown.items():
        assert f"<li><b>{name}</b>: It is {each}.</li>" in back(found)
    assert "<p>Since it is.</p>" in back(found)


def test_the_order_says_nothing_of_the_key_and_stays():
    orders = set()
    for number in range(40):
        found = Found("", Aspect.SINGLE, STEM, id=f"q-{number}", choices=choices("one"))
        orders.add(tuple(lettered(front(found)).values()).index("one"))
        moved = replace(found, choices=found.choices[::-1])
        assert front(moved) == front(found)
    assert orders == {0, 1, 2, 3}


def test_several_right_ones_are_all_named():
    found = Found("", Aspect.MULTI, STEM, choices=choices("one", "four"))
    assert "Choose all that are right." in front(found)
    assert len(re.findall(r"<b>[A-D]</b>: (?:one|four)(?=<)", back(found))) == 2


def test_an_order_is_never_shown_in_the_right_order():
    for number in range(30):
        items = tuple(Choice(each, right=True) for each in ("one", "two", "three"))
        found = Found("", Aspect.ORDER, STEM, id=f"q-{number}", choices=items)
        assert [*lettered(front(found)).values()] != ["one", "two", "three"]
    assert back(found).startswith("<ol><li>one</li><li>two</li><li>three</li></ol>")


@pytest.mark.parametrize(
    ("found", "asked", "told"),
    [
        (
            Found("", Aspect.TRUEFALSE, STEM, choices=(Choice("True"), Choice("False", right=True))),
            "True or false?",
            "<p><b>False</b></p>",
        ),
        (
            Found(
                "", Aspect.SHORT, STEM, accept=("ls", "a < b"), mistakes=(Choice("dir", feedback="No."),)
            ),
            "",
            "<p><b>ls</b> or <b>a &lt; b</b></p><ul><li><b>dir</b>: No.</li></ul>",
        ),
        (
            Found("", Aspect.NUMBER, STEM, value=Decimal("3.10"), tolerance=Decimal("0.1")),
            "",
            "<p><b>3.10</b> ± 0.1</p>",
        ),
        (
            Found("", Aspect.MATCH, STEM, pairs=(Pair("France", "Paris"), Pair("Italy", "Rome", "Yes."))),
            "<ul><li>France</li><li>Italy</li></ul>",
            "<ul><li>France → Paris</li><li>Italy → Rome</li></ul><ul><li><b>Italy</b>: Yes.</li></ul>",
        ),
    ],
)
def test_each_kind_has_its_front_and_its_back(found, asked, told):
    assert asked in front(found)
    assert back(found) == told


def test_code_and_lines_are_shown_in_their_order():
    lines = tuple(Choice(f"Line {number}", right=number == 3) for number in (1, 3, 7))
    found = Found("", Aspect.SINGLE, STEM, code=Snippet("python", "if a < b:\n    go()"), choices=lines)
    assert "<pre><code>if a &lt; b:\n    go()</code></pre>" in front(found)
    assert [*lettered(front(found)).values()] == ["Line 1", "Line 3", "Line 7"]


def test_sources_are_links():
    found = Found("", Aspect.SHORT, STEM, references=(Source("A & B", 'https://x.org/?a="b"', "2"),))
    assert sources(found) == '<a href="https://x.org/?a=&quot;b&quot;">A &amp; B, 2</a>'


def test_links_lead_to_the_web_and_nothing_is_a_formula():
    text = (
        r"[a](https://x.org/) [b](ftp://x.org/) [c](page.html) [d](javascript:x()) \\(x\\) \\[y\\] `\(z\)`"
    )
    asked = front(Found("", Aspect.SHORT, text, accept=("x",)))
    assert asked.count("<a ") == 1
    assert r"\<wbr>(x" in asked
    assert r"\<wbr>&#91;y" in asked
    assert r"<code>\(z\)</code>" in asked


TAGS = {"p", "i", "b", "em", "strong", "code", "pre", "ol", "ul", "li", "br", "a", "wbr", "blockquote"}


@given(any_found())
@settings(FAST, max_examples=25)
def test_no_text_makes_a_tag_of_its_own(found):
    evil = replace(found, stem=f"{found.stem} <img src=x> \\(x\\) [sound:a.mp3] {{{{Front}}}}")
    for side in (front(evil), back(evil)):
        assert set(re.findall(r"<\s*/?\s*([a-z0-9]+)", side)) <= TAGS
        assert "[" not in side
        assert "{{" not in side
        assert r"\(" not in re.sub(r"<code>.*?</code>", "", side, flags=re.DOTALL)
