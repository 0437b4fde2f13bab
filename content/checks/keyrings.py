"""Keyrings of Linux, in which programs keep keys and passwords beside the files of the machine.

The fork server imports it, so it imports little.
"""

from __future__ import annotations

import ctypes
import os
import sys

_CALLS = {"x86_64": 250, "aarch64": 219, "riscv64": 219}
"""Numbers of the system call for keyrings, by machine."""

_JOIN, _READ = 1, 11
_SESSION, _USER, _USER_SESSION = -3, -4, -5
_MOST = 4096
"""Bytes that are read of a list of keys; what an empty one lacks shows in the first."""


def join_new_keyring() -> None:
    """Give this thread, and processes that it starts, a session keyring of their own."""
    _call(_JOIN, 0)


def keys() -> tuple[tuple[int, bytes], ...]:
    """Return what is in the keyrings of this process: how many bytes, or -1, and the list of keys."""
    found = []
    for keyring in (_SESSION, _USER, _USER_SESSION):
        inside = ctypes.create_string_buffer(_MOST)
        found.append((_call(_READ, keyring, inside, _MOST), inside.raw))
    return tuple(found)


def _call(*words: object) -> int:
    number = _CALLS.get(os.uname().machine) if sys.platform == "linux" else None
    return -1 if number is None else int(ctypes.CDLL(None).syscall(number, *words))
