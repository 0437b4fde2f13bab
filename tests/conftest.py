"""What all tests share: property tests without a deadline, the same examples each time in CI."""

import os

import pytest
from hypothesis import settings

settings.register_profile("milepost", deadline=None)
settings.register_profile("ci", parent=settings.get_profile("milepost"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "milepost")


@pytest.fixture(autouse=True)
def _own_umask():
    """The command line narrows the process's file modes; the next test must not see that."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)
