"""A press crosses few files and functions, so that a reader can follow it."""

import pytest

from tests.reading import press

MOST_FILES, MOST_FUNCTIONS = 48, 209
"""The figures of today in a process that has cached nothing yet, to be lowered: 30 and 150 are wanted."""

pytestmark = pytest.mark.asyncio


async def test_a_press_crosses_few_files_and_functions():
    trace = await press()
    assert len(trace.files) <= MOST_FILES, sorted(trace.files)
    assert len(trace.calls) <= MOST_FUNCTIONS
