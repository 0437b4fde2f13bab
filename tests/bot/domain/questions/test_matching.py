"""Typed answers against what their questions accept: two collections, and properties of any text."""

import doctest
import re
import sys
from functools import partial
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.domain.questions import matching
from bot.domain.questions.match_reason import MatchReason
from bot.domain.questions.matching import accepts, normal_form
from bot.views.refusals import refusal
from content.kinds.matching import Conversion, Matching, NumberMatching, TextMatching, Unit

MATCHING = TypeAdapter(Matching)
REASONS = {reason.name.lower(): reason for reason in MatchReason}


def entries(name):
    text = Path(__file__).with_name(name).read_text("utf-8")
    for entry in yaml.load(text, yaml.BaseLoader):
        spec = MATCHING.validate_python(entry["matching"])
        refused = [(each, REASONS[why]) for why, texts in entry["refuse"].items() for each in texts]
        yield entry["name"], spec, [(each, None) for each in entry["accept"]] + refused


CORPUS = list(entries("matching_corpus.yaml"))
UNSEEN = list(entries("matching_unseen.yaml"))
EVERY = CORPUS + UNSEEN


def judged(spec, text):
    match = accepts(spec, text)
    assert match.score == float(match.accepted)
    return None if match.accepted else match.detail


@pytest.mark.parametrize(("name", "spec", "pairs"), EVERY, ids=[each[0] for each in EVERY])
def test_each_typed_answer_is_taken_as_a_person_would_take_it(name, spec, pairs):
    found = [(text, judged(spec, text)) for text, _ in pairs]
    assert found == pairs


def test_the_collections_are_large():
    texts = sum(len(pairs) for _, _, pairs in CORPUS)
    assert (len(CORPUS) >= 40, texts >= 300) == (True, True)
    assert {reason for _, _, pairs in EVERY for _, reason in pairs if reason} == {
        reason for reason in MatchReason if not reason.accepts
    }


def test_every_declared_answer_is_accepted_and_every_refused_one_is_wrong():
    for name, spec, _ in EVERY:
        for text in getattr(spec, "accept", (spec.shown,)):
            assert accepts(spec, text).detail is MatchReason.EXACT, (name, text)
        for text in getattr(spec, "refuse", ()):
            assert accepts(spec, text).detail is MatchReason.WRONG, (name, text)


FORMS = [
    TextMatching(accept=("x",)),
    TextMatching(accept=("x",), case=True),
    TextMatching(accept=("x",), form="code"),
    TextMatching(accept=("x",), form="code", exact=True),
]
TYPED = st.text(
    st.sampled_from(
        "aAbß1²½ _-+.,;:'\"`*()[]{}/|~!?\n\r\t\u2018”—–\u2212\u200b\ufb01\u0301\ufe0f\u2028İĳ٣thean"
    )
)


@pytest.mark.parametrize("spec", FORMS, ids=["words", "words with capitals", "code", "exact code"])
@given(text=st.one_of(st.text(), TYPED))
@settings(max_examples=400, deadline=None)
def test_a_normal_form_has_itself_for_normal_form(spec, text):
    once = normal_form(spec, text)
    assert normal_form(spec, once) == once


@given(
    spec=st.sampled_from([spec for _, spec, _ in EVERY]),
    text=st.one_of(st.text(), TYPED, st.text("0123456789.,eE+-_ '/%smx×^")),
)
@settings(max_examples=2000, deadline=None)
def test_no_text_brings_the_matching_down(spec, text):
    match = accepts(spec, text)
    assert match.accepted is match.detail.accepts
    assert not (match.detail.accepts and match.detail.refuses)


@given(text=st.text(max_size=40))
@settings(deadline=None)
def test_an_answer_of_several_is_refused_before_anybody_learns_if_one_is_right(text):
    spec = TextMatching(accept=("right",), pattern=".*right.*", typos=2)
    for joint in (" or ", ", ", " / "):
        assert accepts(spec, f"right{joint}wrong {text}").detail is MatchReason.SEVERAL
        assert accepts(spec, f"wrong{joint}wronger {text}").detail is MatchReason.SEVERAL


@given(
    value=st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4
    )
)
@settings(deadline=None)
def test_a_number_is_itself_however_it_is_written(value):
    spec = NumberMatching(value=value)
    for written in (
        f"{value}",
        f"{value:,}",
        f"{value:,}".replace(",", "_"),
        f"{value:e}",
        f" {value}. ".replace("-", "\u2212"),
    ):
        assert accepts(spec, written).accepted, written


def steps(work):
    """Number of lines of Python that run in ``work``."""
    count = 0

    def trace(*_):
        nonlocal count
        count += 1
        return trace

    measures_coverage = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(measures_coverage)
    return count


HOSTILE = ["(", "((x))", "-", "a-", "`", " ", "\n", "'", "1,", "1 ", "a or ", "the ", "aa", "ﷺ", "x́", "e1"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_grows_with_the_length_alone(piece, monkeypatch):
    monkeypatch.setattr(matching, "LONGEST", dict.fromkeys(matching.LONGEST, 10**6))
    pattern = {"accept": ("x",), "pattern": "(a+)+b", "typos": 2}
    for spec in (*FORMS, TextMatching(**pattern), NumberMatching(value=1)):
        accepts(spec, "y")
        short, long = (steps(partial(accepts, spec, piece * times)) for times in (500, 2000))
        assert long <= 4 * short + 200, spec


def test_texts_over_the_limit_are_not_looked_into():
    for _, spec, _ in EVERY:
        assert steps(partial(accepts, spec, "a b " * 10**6)) < 50
        assert accepts(spec, "1" * 10**6).detail is MatchReason.TOO_LONG


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"accept": []}, "at least 1 item"),
        ({"accept": ["x"], "pattern": "(?=x)"}, "the pattern can't be used"),
        ({"accept": ["x"], "pattern": r"(x)\1"}, "the pattern can't be used"),
        ({"accept": ["x"], "pattern": "((x{500}){500}){500}"}, "the pattern can't be used"),
        ({"accept": ["x"], "form": "code", "typos": 1}, "belongs to the form `words`"),
        ({"accept": ["x"], "form": "code", "case": True}, "belongs to the form `words`"),
        ({"accept": ["x"], "exact": True}, "belongs to the form `code`"),
        ({"accept": ["x"], "typos": 3}, "less than or equal to 2"),
    ],
)
def test_a_text_matching_that_cannot_work_is_refused(declared, said):
    with pytest.raises(ValidationError, match=re.escape(said)):
        TextMatching.model_validate(declared)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"value": "nan"}, "finite number"),
        ({"value": "1", "tolerance": {}}, "either `absolute` or `relative`"),
        (
            {"value": "1", "tolerance": {"absolute": "1", "relative": "0.1"}},
            "either `absolute` or `relative`",
        ),
        ({"value": "0", "tolerance": {"relative": "0.1"}}, "use `absolute`"),
        ({"value": "1", "separators": ["."]}, "with `decimal_comma: true`"),
        ({"value": "1", "unit": {"name": "s", "aliases": ["s"]}}, "two units share a name"),
        ({"value": "1", "unit": {"name": "Bytes", "aliases": ["bytes"]}}, "two units share a name"),
    ],
)
def test_a_number_matching_that_cannot_work_is_refused(declared, said):
    with pytest.raises(ValidationError, match=re.escape(said)):
        NumberMatching.model_validate(declared)


@pytest.mark.parametrize("reason", [reason for reason in MatchReason if reason.refuses], ids=str)
def test_every_refusal_is_a_sentence_that_says_what_to_do(reason):
    unit = Unit(name="ms", conversions=(Conversion(unit="s", factor=1000),))
    for spec in (*FORMS, NumberMatching(value=1), NumberMatching(value=1, unit=unit)):
        said = refusal(spec, reason)
        assert re.fullmatch(r"[A-Z].+[^ ]\.", said)
        assert "None" not in said
    assert "ms or s" in refusal(NumberMatching(value=1, unit=unit), MatchReason.WRONG_UNIT)


def test_the_example_in_the_documentation_is_true():
    assert doctest.testmod(matching) == (0, 1)
