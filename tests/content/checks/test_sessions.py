"""Shell sessions inside the sandbox: what a terminal shows of them, and what is missing."""

import shutil

import pytest

from bot.domain.questions.matching import judge
from content.checks.experiments import Bench
from content.checks.proofs import Evidence, State, evidence_of, prove
from content.checks.selftest import self_test
from content.model import parse_question
from tests.content.conftest import a_question

pytestmark = pytest.mark.skipif(not all(map(shutil.which, ("bash", "git"))), reason="no bash or no git")

REPOSITORY = """
git init -q
git commit -q --allow-empty -m Start
"""


def asked(source, key, proof=None, setup=""):
    """A question on shell commands with this key, and how it is proven."""
    verify = {"kind": "shell"} | ({"proof": proof} if proof else {}) | ({"setup": setup} if setup else {})
    question = a_question("asked") | {"code": {"language": "bash", "source": source}, "verify": verify}
    question["options"][0]["text"] = key
    return parse_question(question)


def proven(*arguments):
    return prove(asked(*arguments), Bench(judge))


@pytest.mark.parametrize(
    ("source", "key", "setup"),
    [
        ("mkdir a b\nls", "```\na\nb\n```", ""),
        ("echo out; echo err >&2; exit 3", "```\nout\nerr\n```", ""),
        ("nowhere-to-be-found", "`bash: nowhere-to-be-found: command not found`", ""),
        ('pwd | sed "s|$HOME|~|"', "`~/work`", ""),
        ("git branch; git log --format='%s by %an'", "```\n* main\nStart by Ana\n```", REPOSITORY),
        ("basename $PWD; echo $seen", "```\nsub\nyes\n```", "mkdir sub; cd sub; seen=yes; echo unseen"),
    ],
)
def test_what_a_terminal_shows_is_the_key(source, key, setup):
    outcome = proven(source, key, None, setup)
    assert outcome.state is State.HELD, outcome
    assert evidence_of(asked(source, key)) is Evidence.PRINTED


def test_what_is_shown_differs_from_a_wrong_key():
    assert "the code prints 'two'" in proven("echo two", "`one`").detail


def test_each_session_begins_in_a_new_folder_and_only_the_last_command_is_seen():
    proof = """
first = shell("echo unseen", code)
again = shell("ls")
print(first.printed, first.status, (first.folder / "made").exists(), again.printed == "")
"""
    assert proven("touch made; echo seen; false", "`seen 1 True True`", proof).state is State.HELD


def test_a_proof_that_types_the_shown_code_notices_when_it_changes():
    question = asked("echo 42", "`42`", "print(shell(code).printed)")
    bench = Bench(judge)
    tested = self_test([(question, prove(question, bench))], bench)
    assert (tested.questions, tested.blind) == (1, ())


def test_a_setup_that_fails_is_told_with_what_it_says():
    assert "nowhere" in proven("echo 42", "`42`", None, "ls nowhere").detail


def test_a_program_that_is_missing_leaves_the_proof_unrun():
    outcome = proven("echo 42", "`42`", None, "nowhere-to-be-found --version")
    assert (outcome.state, outcome.not_run_here) == (State.NOT_RUN, "nowhere-to-be-found is not installed")
