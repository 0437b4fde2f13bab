"""Phrases that look translated are found, and their innocent neighbours are not."""

import doctest

import pytest

from content.checks import english
from content.checks.english import phrases, translated


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Which line mends this fault?", ["mends", "fault"]),
        ("A segmentation fault, a page fault and fault tolerance by default.", []),
        ("The address is at fault, and it isn't your fault.", []),
        ("I recommend the amended bench.", []),
        ("Whoever reads it, hence, shall answer.", ["Whoever", "hence", "shall"]),
        ("RFC 9110 says that a server SHALL answer.", []),
        ("Text that is no number; bytes that are no valid UTF-8.", ["is no number", "are no valid"]),
        ("During which lines is no other request served?", []),
        ("There is no number. It is no longer valid and is no secret. The action is NO ACTION.", []),
        ("Put it beside the file. That is beside the point. Besides, it besieges.", ["beside"]),
        ("The meaning stands in RFC 9110.", ["stands in"]),
        ("`%s` stands for a value, whatever stands in the way. Tests stand on their own.", []),
        ("The name stood inside `try`.", ["stood inside"]),
        ("They do so of their own accord.", ["of their own accord"]),
        ("Python does so only half.", ["does so only half"]),
        ("It does so only if told to.", []),
        ("Start small, for it cannot be called back.", ["for it"]),
        ("Ask for it, or wait for them.", []),
        ("Flask sends nothing by itself.", ["sends nothing by itself"]),
        ("Each step can be tested by itself.", []),
        ("A bearer bears a token; bear in mind who can bear it.", ["bears"]),
        ("It is stored for good. That is for good reasons.", ["for good"]),
        ("`mend()` and ``whoever`` are code.", []),
        ("It is `code`\nby itself, and it\nmends.", ["mends"]),
    ],
)
def test_what_is_found(text, found):
    assert sorted(each for each, _ in translated(text)) == sorted(found)


def test_each_phrase_has_advice_and_is_listed_once():
    listed = [phrase.pattern.pattern for phrase in phrases()]
    assert len(set(listed)) == len(listed) > 30
    assert all(phrase.better for phrase in phrases())


def test_the_examples():
    assert doctest.testmod(english).failed == 0


def test_a_phrase_is_an_error_at_its_place(tiny, line_of):
    tiny.question["options"][1]["feedback"] = "This mends nothing."
    [error] = tiny.check().errors
    line = line_of("questions/ints.yaml", "This mends")
    assert str(error) == (
        f"questions/ints.yaml:{line}: error [english]: 'mends' doesn't read well. Better: fix, repair."
    )
