"""A screen for what the program shows while it works."""

import pytest

from tests.support.commands import Terminal


@pytest.fixture
def screen(monkeypatch):
    """A terminal to redirect to; nobody may have told Rich to take anything else for one."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal()
