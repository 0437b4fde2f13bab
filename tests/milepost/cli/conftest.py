"""The command line in an empty folder, with nobody or somebody at the terminal."""

import io
import sys

import pytest

from tests.support.authoring import NEW_PACK
from tests.support.commands import Milepost, Typing


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return Milepost(monkeypatch, capsys)


@pytest.fixture
def typed(milepost, monkeypatch):
    """Run a command while these lines are typed."""

    def run(*words, lines, end=KeyboardInterrupt):
        monkeypatch.setattr(sys, "stdin", Typing(lines, end))
        return milepost("content", "new", *words)

    return run


@pytest.fixture
def started(milepost):
    assert milepost("content", "new", "pack", "fractions", *NEW_PACK).code == 0
    return "fractions"
