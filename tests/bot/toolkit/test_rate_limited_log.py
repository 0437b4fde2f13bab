"""Warnings that strangers cause, and what is said when files run out."""

import asyncio
import errno
import logging

import pytest

from bot.toolkit import open_files
from bot.toolkit.limits import RateLimitedLog

pytestmark = pytest.mark.asyncio


async def lines(caplog, count):
    async with asyncio.timeout(20):
        while len(caplog.records) < count:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)
    return [record.getMessage() for record in caplog.records]


async def test_the_first_is_said_at_once_and_the_others_are_counted(caplog):
    quiet = RateLimitedLog(logging.getLogger("door"), 0.05)
    for number in range(500):
        quiet.warning("refused %s", number)
        quiet.warning("closed")
    assert [record.getMessage() for record in caplog.records] == ["refused 0", "closed"]
    told = await lines(caplog, 4)
    assert told[2:] == ["refused 0 (and 499 more like it)", "closed (and 499 more like it)"]


async def test_after_a_quiet_while_the_next_is_said_at_once(caplog):
    quiet = RateLimitedLog(logging.getLogger("door"), 0.01)
    quiet.warning("refused")
    async with asyncio.timeout(20):
        while quiet._counts:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)
    quiet.warning("refused")
    assert [record.getMessage() for record in caplog.records] == ["refused", "refused"]


async def test_files_that_ran_out_are_said_once_and_other_faults_as_ever(caplog):
    loop = asyncio.get_running_loop()
    open_files.calm(loop)
    try:
        for _ in range(1000):
            error = OSError(errno.EMFILE, "Too many open files")
            loop.call_exception_handler({"message": "accept", "exception": error})
        assert len(caplog.records) == 1
        assert caplog.records[0].exc_info is None
        loop.call_exception_handler({"message": "another fault", "exception": RuntimeError("x")})
        assert caplog.records[1].exc_info
    finally:
        loop.set_exception_handler(None)


async def test_as_many_files_as_the_system_allows():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        assert open_files.limit() == 256
        wanted = open_files.MOST_WANTED
        assert open_files.raise_limit() == (min(before[1], wanted) if before[1] >= 0 else wanted)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
