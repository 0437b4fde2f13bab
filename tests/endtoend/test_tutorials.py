"""The tutorials work: their commands run, and their changes fit, in a copy of the checkout.

A page is carried out from top to bottom:

- ``sh``: each line is a command that succeeds, or fails if ``# fails`` stands behind it;
- ``text``: what the last command has printed, ``…`` for anything;
- a file name in bold before ``python``: the file has these lines, or is written if there is none;
- a file name in bold before ``diff``: the lines with a space or a minus are in the file, once, and are
  replaced.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.endtoend.copies import copied, run
from tests.endtoend.running import ROOT

PAGES = ("first-command", "first-platform")
BLOCK = re.compile(
    r"(?:^\*\*(?P<file>[\w./]+)\*\*\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
INSTALLED = (".venv/bin/python", ".venv/.dev-installed", ".venv/.run-installed")
"""Marks of what make must not make anew: the copy has the environment of the tests."""


class Block(NamedTuple):
    """One fenced block of a page."""

    file: str
    kind: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page in their order."""
    return [
        Block(found["file"] or "", found["kind"], found["text"], page.count("\n", 0, found.start()) + 1)
        for found in BLOCK.finditer(page)
    ]


def carry_out(page: str, copy: Path) -> None:
    """Do all that a page says. Raises AssertionError with the line where page and code part."""
    said = ""
    for block in blocks(page):
        try:
            match block.kind:
                case "sh":
                    said = "".join(command(line, copy) for line in block.text.splitlines())
                case "text":
                    pattern = r".*".join(map(re.escape, block.text.strip().split("…")))
                    assert re.search(pattern, said, re.DOTALL), f"it printed:\n{said}"
                case "python":
                    shown(block, copy / block.file)
                case "diff":
                    changed(block, copy / block.file)
                case kind:
                    pytest.fail(f"nobody knows what to do with {kind}")
        except AssertionError as error:
            raise AssertionError(f"line {block.line} of the page: {error}") from error


def command(line: str, copy: Path) -> str:
    """Run a line of a ``sh`` block. Returns what it printed."""
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        words[1:1] = [f"--assume-old={path}" for path in INSTALLED]
    return run(copy, *words, code=1 if line.endswith("# fails") else 0)


def shown(block: Block, file: Path) -> None:
    """Look for the lines of a ``python`` block in the file, or write the file."""
    assert block.file, "the block names no file"
    if file.exists():
        assert block.text in file.read_text("utf-8"), f"{block.file} has no such lines"
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, "utf-8")


def changed(block: Block, file: Path) -> None:
    """Make the change of a ``diff`` block."""
    lines = [line or " " for line in block.text.splitlines()]
    assert {line[0] for line in lines} <= set(" +-"), "a line begins with neither a space nor a sign"
    old, new = ("".join(f"{line[1:]}\n" for line in lines if line[0] in signs) for signs in (" -", " +"))
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{block.file} has these lines {text.count(old)} times, not once"
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the checkout in which ``make`` installs nothing."""
    copy = copied(tmp_path)
    for lock in (copy / "requirements").glob("*.txt"):
        os.utime(lock, (0, 0))
    return copy


@pytest.mark.parametrize("name", PAGES)
def test_a_tutorial_can_be_followed(name: str, copy: Path) -> None:
    page = (ROOT / f"docs/{name}.md").read_text("utf-8")
    assert {"sh", "text", "python", "diff"} == {block.kind for block in blocks(page)}
    assert page.count("```") == 2 * len(blocks(page)), "a block that isn't read"
    carry_out(page, copy)


@pytest.mark.parametrize("name", PAGES)
def test_a_tutorial_is_linked_where_people_look(name: str) -> None:
    for page in ("docs/developers.md", "CONTRIBUTING.md"):
        assert f"{name}.md)" in (ROOT / page).read_text("utf-8"), page


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("```sh\ntrue\nfalse\n```\n", "line 1 of the page"),
        ("```sh\ntrue    # fails\n```\n", "line 1 of the page"),
        ("```sh\necho 3 passed\n```\n\n```text\n4 passed\n```\n", "line 5 of the page: it printed"),
        ("**a.py**\n\n```python\nx = 2\n```\n", "line 1 of the page: a.py has no such lines"),
        ("**a.py**\n\n```diff\n-x = 2\n+x = 3\n```\n", "a.py has these lines 0 times"),
        ("**a.py**\n\n```diff\nx = 1\n```\n", "begins with neither"),
    ],
)
def test_a_page_that_parts_from_the_code_fails(page: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", "utf-8")
    with pytest.raises(AssertionError, match=re.escape(told)):
        carry_out(page, tmp_path)


def test_a_page_is_carried_out(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\ny = 2\n", "utf-8")
    page = "**a.py**\n\n```diff\n-x = 1\n+x = 3\n y = 2\n```\n\n**b.py**\n\n```python\nz = 4\n```\n"
    carry_out(page + "\n```sh\necho one two\nfalse    # fails\n```\n\n```text\none…o\n```\n", tmp_path)
    assert (tmp_path / "a.py").read_text("utf-8") == "x = 3\ny = 2\n"
    assert (tmp_path / "b.py").read_text("utf-8") == "z = 4\n"
