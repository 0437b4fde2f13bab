"""A rate limiter: each person may do some things at once, and then one more every so often."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.toolkit.lru import BoundedDict

K = TypeVar("K", bound=Hashable)

REMEMBERED = 10_000
"""People remembered, at most. Forgetting the one heard of longest ago fills their bucket."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: ``most`` at once, and one more every ``every`` seconds."""

    most: int
    every: float


class RateLimiter(Generic[K]):
    """Token buckets by key, with one or several rates of which each must allow what is done.

    A bucket is kept as the instant at which it will be full again (the generic cell rate algorithm), so it
    costs a number and no timer. aiolimiter's ``AsyncLimiter`` makes callers wait, needs an object with a
    queue for each person, and does not tell when there is room again.
    """

    def __init__(self, *rates: Rate, remembered: int = REMEMBERED) -> None:
        self._rates = rates
        self._full_at: BoundedDict[K, tuple[float, ...]] = BoundedDict(remembered)

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._full_at)

    def take(self, key: K, now: float, again: int = 1) -> float:
        """Take a token and return 0; without one, return the seconds until there are ``again`` of them.

        ``now`` is in seconds. A clock that was put back far fills the buckets: nobody has to wait for it.

        >>> limiter = RateLimiter[str](Rate(most=1, every=30.0))
        >>> limiter.take("ana", now=0.0), limiter.take("ana", now=10.0)
        (0.0, 20.0)
        """
        known = self._full_at.get(key, (now,) * len(self._rates))
        wait, full = 0.0, []
        for rate, full_at in zip(self._rates, known, strict=True):
            span = rate.most * rate.every
            missing = max(full_at - now, 0.0)
            if missing > span + _ROUNDING:
                missing = 0.0
            if missing + rate.every > span + _ROUNDING:
                wait = max(wait, missing + min(again, rate.most) * rate.every - span)
            full.append(now + missing)
        if not wait:
            full = [at + rate.every for at, rate in zip(full, self._rates, strict=True)]
        # Kept also when refused, so that whoever is refused is not forgotten first.
        self._full_at[key] = tuple(full)
        return wait


_ROUNDING = 1e-3
"""Seconds by which sums may be off: of instants since 1970 the last bit is a quarter of a microsecond."""
