"""Moodle XML as Moodle exports it, and files that attack who reads them."""

from decimal import Decimal

import pytest

from content.formats.base import FILE_BYTES, Aspect, Pair, RefusedError
from content.formats.moodle import MoodleXml

EXPORTED = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category"><category><text>$course$/top/Networks/http</text></category></question>
<!-- question: 17  -->
  <question type="multichoice">
    <name><text>Redirects</text></name>
    <questiontext format="html">
      <text><![CDATA[<p>Which keeps <b>the method</b>?</p><p><img src="@@PLUGINFILE@@/a.png"></p>]]></text>
      <file name="a.png" path="/" encoding="base64">iVBORw0=</file>
    </questiontext>
    <generalfeedback format="html">
      <text><![CDATA[<script>x()</script>See <i>RFC 9110</i>.]]></text></generalfeedback>
    <idnumber>keeps</idnumber>
    <single>true</single>
    <answer fraction="100" format="html"><text><![CDATA[<p>308</p>]]></text>
      <feedback format="html"><text></text></feedback></answer>
    <answer fraction="0" format="html"><text>301</text>
      <feedback format="html"><text>It may change.</text></feedback></answer>
    <hint format="html"><text>It is a new one.</text></hint>
    <tags><tag><text>http</text></tag></tags>
  </question>
  <question type="truefalse">
    <questiontext format="plain_text"><text>Is &lt;br&gt; a tag?</text></questiontext>
    <answer fraction="0" format="moodle_auto_format"><text>false</text></answer>
    <answer fraction="100" format="moodle_auto_format"><text>true</text></answer>
  </question>
  <question type="numerical">
    <questiontext format="html"><text>How much is pi?</text></questiontext>
    <answer fraction="100"><text>3.14</text><tolerance>0.01</tolerance></answer>
    <answer fraction="0"><text>*</text><feedback format="html"><text>No.</text></feedback></answer>
  </question>
  <question type="matching">
    <questiontext format="html"><text>Match.</text></questiontext>
    <subquestion format="html"><text><![CDATA[<p>France</p>]]></text>
      <answer><text>Paris</text></answer></subquestion>
    <subquestion format="html"><text></text><answer><text>Bern</text></answer></subquestion>
  </question>
  <question type="essay"><name><text>Talk</text></name>
      <questiontext format="html"><text>Say.</text></questiontext></question>
</quiz>
"""


def test_a_file_as_moodle_exports_it_is_read_whole():
    result = MoodleXml().read(EXPORTED.encode(), "q.xml")
    single, truth, number, match = result.found
    assert (single.stem, single.id, single.topic) == ("Which keeps **the method**?", "keeps", "http")
    assert single.explanation == "See *RFC 9110*."
    assert (single.hints, single.tags) == (("It is a new one.",), ("http",))
    assert [(each.text, each.right) for each in single.choices] == [("308", True), ("301", False)]
    assert "images and media" in single.lost
    assert truth.stem == "Is \\<br> a tag?"
    assert [each.right for each in truth.choices] == [True, False]
    assert (number.kind, number.value, number.tolerance) == (
        Aspect.NUMBER,
        Decimal("3.14"),
        Decimal("0.01"),
    )
    assert match.pairs == (Pair("France", "Paris"),)
    assert [note.place for note in result.notes] == ["q.xml, question 5"]


BOMB = '<!DOCTYPE q [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><quiz>&b;</quiz>'
OUTSIDE = '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BOMB, "document type or entities"),
        (OUTSIDE, "document type or entities"),
        ("<quiz>\n<question>", "q.xml:2: it isn't well-formed XML."),
        ('<?xml version="1.0"?>\n\n<quiz>\n<question>', "q.xml:4: it isn't well-formed XML."),
        ("<?xml", "q.xml:1: it isn't well-formed XML."),
        (f"<?xml version='1.0'?>\n<!-- a -->\n{BOMB}", "q.xml:3: it declares a document type"),
        ("\n<!-- a -->\n<html></html>", "q.xml:3: it isn't Moodle XML"),
        ("<quiz>\x00</quiz>", "NUL"),
        ("<html></html>", "outermost element isn't quiz"),
        (
            "<quiz>" + "<question/>" * 2001 + "</quiz>",
            "q.xml, question 2001: the file has more than 2,000 questions",
        ),
        ("<quiz>" + "a" * FILE_BYTES, "more than 4 MiB"),
    ],
)
def test_what_attacks_or_is_broken_is_refused(text, why):
    with pytest.raises(RefusedError, match=why):
        MoodleXml().read(text.encode(), "q.xml")
