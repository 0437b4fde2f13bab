"""Ids as Slack writes them, and timestamps that are unique and grow."""

import itertools
import secrets


class Ids:
    """Counts up from a random place, so that two servers do not share ids."""

    def __init__(self, clock):
        self._clock = clock
        self._numbers = itertools.count(secrets.randbelow(1 << 24) << 8)
        self._last = 0

    def new(self, prefix):
        """An id such as ``C07K3QX01``; the prefix says of what."""
        return f"{prefix}0{_base36(next(self._numbers)):0>8}"

    def ts(self):
        """Microseconds of the clock as ``1700000000.000100``, later than every one before."""
        self._last = max(int(self._clock() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def secret():
    """Something that nobody guesses."""
    return secrets.token_hex(16)


def _base36(number):
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text
