"""The names under which proofs report texts: the texts themselves, or the words of claims."""

import pytest

from content.checks.claims import ProofError, names_of, recognised, texts_of
from content.model import parse_question
from tests.content.conftest import a_question
from tests.content.kinds.test_kinds import KINDS

OPTIONS = {"sum": "42", "low": "41", "high": "52", "text": "402"}
WORDS = {"`42`": "two", "`41`": "one", "`52`": "more", "402": "glued"}


def asked(claims=None, kind="output"):
    question = a_question("asked")
    if kind != "output":
        del question["options"], question["code"]
        question |= KINDS[kind] | {"type": kind}
    if claims is not None:
        question["verify"] = {"kind": "run", "proof": "pass", "claims": claims}
    return parse_question(question)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("output", {"options": OPTIONS}),
        ("order", {"items": {"a": "Item a", "b": "Item b", "c": "Item c"}}),
        (
            "match",
            {
                "lefts": {"is-1": "1 + 1", "is-2": "2 + 1", "is-3": "3 + 1"},
                "rights": {"is-1": "2", "is-2": "3", "is-3": "4"},
            },
        ),
        ("number", {}),
    ],
)
def test_texts_are_those_that_learners_read_without_ticks(kind, texts):
    assert texts_of(asked(kind=kind)) == names_of(asked(kind=kind)) == texts


def test_an_output_that_is_typed_has_no_texts_to_try():
    question = a_question("asked")
    del question["options"]
    assert texts_of(parse_question(question | KINDS["output"] | {"type": "output"})) == {}


def test_claims_give_each_text_a_word():
    named = {"sum": "two", "low": "one", "high": "more", "text": "glued"}
    assert names_of(asked(WORDS)) == {"options": named}


def test_of_pairs_one_side_alone_may_have_words():
    lefts = {"`1 + 1`": "a", "2 + 1": "b", "3 +": "c"}
    assert names_of(asked(lefts, "match")) == {
        "lefts": {"is-1": "a", "is-2": "b", "is-3": "c"},
        "rights": {"is-1": "2", "is-2": "3", "is-3": "4"},
    }


@pytest.mark.parametrize(
    ("claims", "said", "advice"),
    [
        ({"99": "x"}, "the claim '99' is in none of the texts", "Use words that are in"),
        ({"`4": "x"}, "the claim '`4' is in 'sum', 'low', 'text'", "Use words that are in"),
        ({"`42`": "two"}, "'low' has no claim", "Claim each of the options exactly once."),
        (WORDS | {"42": "again"}, "'sum' has two claims", "Claim each of the options exactly once."),
        (WORDS | {"402": "two"}, "two claims share the word 'two'", "Give each claim a word of its own"),
    ],
)
def test_claims_that_do_not_fit_are_refused_with_advice(claims, said, advice):
    with pytest.raises(ProofError) as caught:
        names_of(asked(claims))
    assert str(caught.value) == said
    assert caught.value.hint.startswith(advice)


@pytest.mark.parametrize(
    ("stdout", "found"),
    [
        ("", []),
        ("one\n", ["one"]),
        ("two\n\none  \n", ["two", "one"]),
        ("one\nmore\n", ["one\nmore"]),
        ("one\none\nmore\n", ["one", "one\nmore"]),
        ("one and two\n", None),
        ("more\n", None),
    ],
)
def test_what_was_printed_is_read_name_by_name(stdout, found):
    assert recognised(stdout, ["one", "two", "one\nmore"]) == found
