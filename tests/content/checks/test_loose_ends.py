"""Gaps that a proof leaves, found in its text."""

import pytest

from content.checks.loose_ends import loose_ends
from content.model import parse_question
from tests.content.conftest import a_question


def found(proof, **changes):
    question = a_question("asked") | {"verify": {"kind": "run", "proof": proof}} | changes
    return [end.message for end in loose_ends(parse_question(question))]


@pytest.mark.parametrize(
    ("proof", "messages"),
    [
        ("exec(code)", []),
        ("print(code and 40 + 2)", []),
        ("code = 'x'\nprint(40 + 2)", ["the proof ignores the shown code"]),
        ("exec(code, {'print': id})\nprint(42)", ["the proof prints '42' whatever happens"]),
        ("exec(code, {'print': id})\nprint('sum')", ["the proof prints 'sum' whatever happens"]),
        ("try:\n    exec(code)\nexcept ValueError:\n    print('41')", []),
        ("print(code); print('something else')", []),
        ("this is no Python", ["the proof ignores the shown code"]),
    ],
)
def test_what_is_open(proof, messages):
    assert found(proof) == messages


def test_a_question_without_a_script_leaves_nothing_open():
    assert list(loose_ends(parse_question(a_question("asked")))) == []
