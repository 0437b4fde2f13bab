"""The examples in docstrings: each of them runs, and gives what it says."""

from __future__ import annotations

import doctest
import importlib

import pytest

from tests.endtoend.running import ROOT

PACKAGES = ("adapters", "bot", "content", "milepost", "storage")


def modules_with_examples() -> list[str]:
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    names = (
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for path in files
        if "content/packs/" not in path.as_posix() and ">>> " in path.read_text(encoding="utf-8")
    )
    return sorted(names)


def test_there_are_examples() -> None:
    assert len(modules_with_examples()) >= 8


@pytest.mark.parametrize("module", modules_with_examples())
def test_the_examples_of_a_module_run(module: str) -> None:
    ran = doctest.testmod(importlib.import_module(module), raise_on_error=False)
    assert ran.attempted > 0
    assert ran.failed == 0
