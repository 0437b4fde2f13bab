"""The rate limiter against a token bucket as books describe it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.toolkit.limits import Rate, RateLimiter

ACTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40)), max_size=120)
"""Who does something, and how many half seconds after the last act of anybody."""


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
