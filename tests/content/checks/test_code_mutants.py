"""Changes of shown code: one place each, and still code."""

import ast

import pytest

from content.checks.code_mutants import MOST, mutated_sources
from content.parts import Code


def changes(source, language="python"):
    return dict(mutated_sources(Code(language=language, source=source)))


@pytest.mark.parametrize(
    ("source", "done", "changed"),
    [
        ("x = f(a, mode='w')\n", "the argument 'mode' in line 1 is gone", "x = f(a)\n"),
        ("@mark\ndef f(): ...\n", "the decorator in line 1 is gone", "def f(): ...\n"),
        ("x = 1\ny = 2\n", "the statement in line 2 is gone", "x = 1\npass\n"),
        ("print('é', a == b)\n", "line 1 says a != b", "print('é', (a != b))\n"),
        ("a or b\n", "line 1 says a and b", "(a and b)\n"),
        ("print(not a)\n", "line 1 says a", "print((a))\n"),
        ("await f()\n", "line 1 says f()", "(f())\n"),
        ("a - b\n", "line 1 says a + b", "(a + b)\n"),
        ("print(1)\n", "the constant in line 1 is 2", "print(2)\n"),
        ("print('a')\n", "the constant in line 1 is 'ax'", "print('ax')\n"),
        ("print(True)\n", "the constant in line 1 is False", "print(False)\n"),
        ("print(None)\n", "the constant in line 1 is 0", "print(0)\n"),
    ],
)
def test_python_is_changed_at_its_nodes_and_stays_as_it_is_elsewhere(source, done, changed):
    assert changes(source)[done] == changed


@pytest.mark.parametrize(
    ("source", "language", "done", "changed"),
    [
        ("SELECT 1\nORDER BY a DESC", "sql", "'DESC' is 'ASC'", "SELECT 1\nORDER BY a ASC"),
        ("WHERE a = 1", "sql", "'=' is '<>'", "WHERE a <> 1"),
        ("a >= 1", "sql", "'1' is '2'", "a >= 2"),
        ("gzip on;\n", "nginx", "'on' is 'off'", "gzip off;\n"),
        ("listen 80;\nroot /srv;\n", "nginx", "line 2 is gone", "listen 80;\n"),
        ("403 POST\n200 POST", "log", "'POST' is 'POSTx'", "403 POSTx\n200 POSTx"),
        ("run | tee", "bash", "'tee' is 'teex'", "run | teex"),
        ("def f(a, /, b): 0\n", "python", "'/,' is gone", "def f(a,b): 0\n"),
        ("def f(*, b): 0\n", "python", "'*,' is gone", "def f(b): 0\n"),
        ("import math\n", "python", "'math' is 'mathx'", "import mathx\n"),
        ("if x = 1:\n    pass\n", "python", "line 2 is gone", "if x = 1:\n"),
    ],
)
def test_other_code_is_changed_at_its_words_and_lines(source, language, done, changed):
    assert changes(source, language)[done] == changed


def test_every_change_of_python_compiles_and_there_are_not_too_many():
    source = (
        "def f(a, *, b=1):\n    return [f'{a!r} {b}' for a in range(3) if a > b]\nprint(f(1, b=2))\n" * 9
    )
    changed = list(changes(source).values())
    assert len(changed) == MOST
    assert source not in changed
    for each in changed:
        ast.parse(each)
