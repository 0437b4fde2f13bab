"""Limits of what one may do in a time, and of what is logged of it."""

import asyncio
import errno
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.toolkit import open_files
from bot.toolkit.limits import Rate, RateLimitedLog, RateLimiter

ACTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40)), max_size=120)
"""Acts: the person's number, and half seconds since anybody's last act."""


class Bucket:
    """Tokens that are counted."""

    def __init__(self, most, every):
        self.most, self.every, self.tokens, self.at = most, every, float(most), 0.0

    def has_one(self, now):
        self.tokens = min(self.most, self.tokens + (now - self.at) / self.every)
        self.at = now
        return self.tokens >= 1


@given(ACTS)
def test_it_allows_what_counted_tokens_allow_and_says_when_there_is_one(acts):
    rates = (Rate(4, 2.0), Rate(9, 8.0))
    limiter = RateLimiter(*rates)
    buckets = {key: [Bucket(rate.most, rate.every) for rate in rates] for key in range(3)}
    now = 0.0
    for key, later in acts:
        now += later / 2
        both = [bucket.has_one(now) for bucket in buckets[key]]
        wait = limiter.take(key, now)
        assert (wait == 0) == all(both)
        if all(both):
            for bucket in buckets[key]:
                bucket.tokens -= 1
        else:
            assert limiter.take(key, now + wait - 0.01) > 0
            assert RateLimiter(*rates).take(key, now) == 0


def test_the_time_told_is_enough_for_several_acts():
    limiter = RateLimiter(Rate(20, 1.0))
    assert [limiter.take("eve", 0.0, 5) for _ in range(21)] == [0] * 20 + [5]
    assert [limiter.take("eve", 5.0, 5) for _ in range(6)] == [0] * 5 + [5]


def test_a_clock_that_is_put_back_locks_nobody_out():
    limiter = RateLimiter(Rate(3, 1.0))
    for _ in range(3):
        assert limiter.take("ana", 1_000_000.0) == 0
    for _ in range(3):
        assert limiter.take("ana", 0.0) == 0
    assert limiter.take("ana", 0.0) > 0


@pytest.mark.parametrize("refused", [False, True])
def test_many_ids_grow_no_memory_and_whoever_goes_on_is_remembered(refused):
    limiter = RateLimiter(Rate(1, 60.0), remembered=100)
    assert limiter.take("eve", 0.0) == 0
    for number in range(10_000):
        limiter.take(f"id {number}", 0.0)
        if refused and number % 50 == 0:
            assert limiter.take("eve", 1.0) > 0, "who is refused is not forgotten"
        assert len(limiter) <= 100
    assert (limiter.take("eve", 1.0) > 0) is refused


async def lines(caplog, count):
    async with asyncio.timeout(20):
        while len(caplog.records) < count:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)
    return [record.getMessage() for record in caplog.records]


@pytest.mark.asyncio
async def test_the_first_is_said_at_once_and_the_others_are_counted(caplog):
    quiet = RateLimitedLog(logging.getLogger("door"), 0.05)
    for number in range(500):
        quiet.warning("refused %s", number)
        quiet.warning("closed")
    assert [record.getMessage() for record in caplog.records] == ["refused 0", "closed"]
    told = await lines(caplog, 4)
    assert told[2:] == ["refused 0 (and 499 more like it)", "closed (and 499 more like it)"]


@pytest.mark.asyncio
async def test_after_a_quiet_while_the_next_is_said_at_once(caplog):
    quiet = RateLimitedLog(logging.getLogger("door"), 0.01)
    quiet.warning("refused")
    async with asyncio.timeout(20):
        while quiet._counts:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)
    quiet.warning("refused")
    assert [record.getMessage() for record in caplog.records] == ["refused", "refused"]


@pytest.mark.asyncio
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


@pytest.mark.asyncio
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
