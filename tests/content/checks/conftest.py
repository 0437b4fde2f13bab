"""Fixtures of the tests of scripts that are forked from a server."""

import pytest

from content.checks.forks import Forks
from content.checks.sandbox import Sandbox


@pytest.fixture
def sandbox():
    """A sandbox in which Python is started already."""
    with Forks() as forks:
        yield Sandbox(seconds=60, forks=forks)
