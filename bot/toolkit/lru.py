"""Caches of a limited size."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedDict(OrderedDict[K, V]):
    """A dict of at most ``most`` entries that evicts those set longest ago.

    >>> recent = BoundedDict[str, int](2)
    >>> recent["a"], recent["b"], recent["c"] = 1, 2, 3
    >>> list(recent)
    ['b', 'c']
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        """Set an entry, which is now the newest."""
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)


class ByteCache(Generic[K]):
    """An LRU cache of byte strings, of at most ``most`` bytes together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, bytes] = OrderedDict()
        self.size = 0

    def get(self, key: K) -> bytes | None:
        """Return the bytes kept under the key, which are now the newest."""
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def __setitem__(self, key: K, value: bytes) -> None:
        """Keep bytes; a string that alone is too large is not kept."""
        self.size += len(value) - len(self._held.pop(key, b""))
        self._held[key] = value
        while self.size > self._most:
            self.size -= len(self._held.popitem(last=False)[1])
