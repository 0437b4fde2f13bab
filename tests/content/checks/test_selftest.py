"""The test of proofs: what they must notice, and that one which does not is found."""

import pytest

from bot.domain.questions.matching import judge
from content.checks.experiments import Bench
from content.checks.proofs import State, prove
from content.checks.selftest import SelfTest, self_test
from content.model import parse_question
from tests.content.conftest import a_question
from tests.content.kinds.test_kinds import KINDS

BENCH = Bench(judge)


def result_of(proof=None, *, runs=True, told=None, **changes):
    question = a_question("asked") | changes
    if proof is not None:
        question["verify"] = {"kind": "run", "proof": proof}
    question = parse_question(question)
    outcome = prove(question, BENCH)
    assert outcome.state in (State.HELD, State.BY_READING, State.FAILED), outcome
    progress = None if told is None else lambda done, of: told.append((done, of))
    return self_test([(question, outcome)], BENCH, runs=runs, progress=progress)


def test_a_proof_that_prints_what_the_code_gives_notices_all():
    told = []
    assert result_of("exec(code)", told=told) == SelfTest(questions=1, mutants=7, blind=())
    assert told == [(1, 1)]


def test_code_that_proves_itself_needs_no_more_runs():
    assert result_of() == SelfTest(questions=1, mutants=6, blind=())


@pytest.mark.parametrize("proof", ["print(len(code) * 0 + 42)", "code; print(6 * 7)"])
def test_a_proof_that_looks_at_the_code_in_vain_is_blind(proof):
    [blind] = result_of(proof).blind
    assert blind.done.startswith("the shown code is changed, in ")
    assert result_of(proof, runs=False).blind == ()


def test_a_comparison_that_lets_all_pass_is_found_out(monkeypatch):
    monkeypatch.setattr("content.checks.keys._compare", lambda *_: None)
    done = [each.done for each in result_of(runs=False).blind]
    assert done[:3] == [
        f"the texts of 'sum' and '{each}' are exchanged" for each in ("low", "high", "text")
    ]
    assert done[3:] == [f"the key is '{each}'" for each in ("low", "high", "text")]


@pytest.mark.parametrize(
    ("proof", "lines"),
    [("exec(code)\nassert half(5) == 2", []), ("assert '//' in code", ["the line is 1", "the line is 3"])],
)
def test_a_proof_of_a_line_notices_that_another_one_is_fixed(proof, lines):
    question = a_question("asked")
    del question["options"]
    question |= {"type": "line"} | KINDS["line"] | {"verify": {"kind": "run", "proof": proof}}
    question = parse_question(question)
    result = self_test([(question, prove(question, BENCH))], BENCH)
    assert [each.done for each in result.blind] == lines


def test_a_proof_that_did_not_run_or_failed_is_not_tested():
    assert result_of(verify={"kind": "doc"}) == result_of("print(41)") == SelfTest()
