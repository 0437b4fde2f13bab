"""Wording is free: a database that was written in other words goes on as if nothing had been reworded."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.handlers import all_routes

TWO_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
ROOT = Path(__file__).resolve().parents[2]


def run(step, folder, *, reworded):
    command = [sys.executable, "-m", "tests.support.wording_life", step, str(folder)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILEPOST_")}
    done = subprocess.run(
        [*command, *(["reworded"] if reworded else [])],
        cwd=ROOT,
        env=kept | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def compared(tree):
    """Every text that the code compares with something, by itself or by the name of a constant."""
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                for part in ast.walk(side):
                    if isinstance(part, ast.Constant):
                        yield part.value
                    if isinstance(part, ast.Name):
                        yield constants.get(part.id)


def test_no_code_compares_a_sentence():
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for folder in ("bot", "storage", "adapters")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not {"migrations", "contract"} & {*path.parts}  # the contract of adapters is a test
        for text in compared(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, str) and TWO_WORDS.search(text) and text not in all_routes().commands
    ]
    assert found == []


@pytest.mark.parametrize("first", ["as it is", "reworded"])
def test_what_was_stored_in_other_words_is_understood(tmp_path, first):
    begun = run("begin", tmp_path, reworded=first == "reworded")
    ended = run("end", tmp_path, reworded=first != "reworded")
    (changed,) = re.findall(r"(\d+) sentences reworded", begun + ended)
    assert int(changed) > 300
