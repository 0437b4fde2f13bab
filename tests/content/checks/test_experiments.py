"""Inputs and outputs of a proof, before they are compared with the key."""

import pytest

from bot.domain.questions.matching import judge
from content.checks.claims import ProofError
from content.checks.experiments import Bench, NotRunError, Observation, given, observe
from content.model import parse_question
from tests.content.conftest import a_question

BENCH = Bench(judge)


def asked(proof=None, kind="run", **verify):
    verify = {"kind": kind} | ({"proof": proof} if proof else {}) | verify
    return parse_question(a_question("asked") | {"verify": verify})


def test_what_a_proof_tries_is_sorted_so_that_places_tell_nothing():
    lines = given(asked()).splitlines()
    assert lines[0] == "options = ['402', '41', '42', '52']"
    assert lines[1].startswith("code = 'total = 40")


def test_only_a_proof_with_servers_is_given_them():
    assert "serving" in given(asked("pass", "server"))
    assert "serving" not in given(asked("pass", "http"))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (asked("print(code[:5], *options)"), Observation("total 402 41 42 52\n")),
        (asked(), Observation(outputs={"the code prints": "42"})),
        (asked(kind="sql", query="SELECT 1, NULL"), Observation(outputs={"sqlite answers": "1 | NULL"})),
        (asked(kind="doc"), Observation()),
    ],
)
def test_a_proof_finds(question, found):
    assert observe(question, BENCH) == found


def test_an_engine_that_is_not_here_is_missing_from_what_the_other_one_answers():
    found = observe(asked(kind="sql", query="SELECT 42", engines=["postgresql", "sqlite"]), BENCH)
    assert found.outputs == {"sqlite answers": "42"}
    assert found.missing == "PostgreSQL: no URL is given"
    with pytest.raises(NotRunError, match="no URL is given"):
        observe(asked(kind="sql", query="SELECT 42", engines=["postgresql"]), BENCH)


def test_what_was_found_is_held_against_any_question():
    Observation("42\n").hold(asked("pass"), judge)
    with pytest.raises(ProofError, match="the proof finds '41'"):
        Observation("41\n").hold(asked("pass"), judge)
    with pytest.raises(ProofError, match="the code prints '41'"):
        Observation(outputs={"the code prints": "41"}).hold(asked(), judge)
