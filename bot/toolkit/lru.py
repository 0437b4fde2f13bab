"""What is kept in memory for comfort alone, and never grows."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedDict(OrderedDict[K, V]):
    """A dict of at most ``most`` entries: those that were set longest ago are forgotten."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        """Set it; it is now the newest."""
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)


class ByteCache(Generic[K]):
    """Byte strings by key, of at most ``most`` bytes together: those used longest ago are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, bytes] = OrderedDict()
        self.size = 0

    def get(self, key: K) -> bytes | None:
        """Return what is kept under the key, which is now the newest."""
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def __setitem__(self, key: K, value: bytes) -> None:
        """Keep it; what alone is too large is not kept."""
        self.size += len(value) - len(self._held.pop(key, b""))
        self._held[key] = value
        while self.size > self._most:
            self.size -= len(self._held.popitem(last=False)[1])
