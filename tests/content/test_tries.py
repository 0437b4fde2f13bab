"""The fields of a try: one kind of command a step, and plain names of files."""

import pytest
from pydantic import ValidationError

from content.tries import TriedCommand, Try


@pytest.mark.parametrize("fields", [{}, {"run": "ls", "sql": "SELECT 1"}])
def test_a_command_is_of_exactly_one_kind(fields):
    with pytest.raises(ValidationError, match="give one of `run`, `python` and `sql`"):
        TriedCommand(**fields)


def test_only_a_shell_command_stays_in_the_background():
    with pytest.raises(ValidationError, match="only a `run` command"):
        TriedCommand(python="1", background=True)


@pytest.mark.parametrize("kind", ["run", "python", "sql"])
def test_what_is_typed_is_its_text_of_whatever_kind(kind):
    assert TriedCommand(**{kind: " x "}).text == "x"


@pytest.mark.parametrize("name", ["../up.py", "a/b.py", ".env", ""])
def test_files_are_saved_side_by_side(name):
    with pytest.raises(ValidationError):
        Try(saves=name, steps=[{"run": "ls"}])
