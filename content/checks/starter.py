"""Starts sandboxes from a thread that has nothing to hand on to them (Linux).

Bubblewrap hands on two things of whoever starts it: the session's keyring, in which a desktop keeps
passwords, and the machine's devices, such as /dev/null, which belong to scripts where root runs the check.
Linux keeps both for each thread. So one thread sees devices whose modes can't be changed, and all sandboxes
are started there, each with a keyring of its own. It lasts: bubblewrap ends with the thread that starts it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from content.checks.keyrings import join_new_keyring

T = TypeVar("T")

DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
"""Devices of the machine that bubblewrap gives to scripts."""

_NEW_MOUNTS, _BIND, _SLAVE, _ALL_BELOW = 0x20000, 0x1000, 1 << 19, 0x4000
_MOUNT_SETATTR, _HERE, _READ_ONLY = 442, -100, 1


def start_apart(start: Callable[[], T], *, closed_in: bool = True) -> T:
    """Return what ``start`` returns, called in the thread that has nothing to hand on if ``closed_in``."""
    if not closed_in:
        return start()
    return _thread(os.getpid()).submit(_start, start).result()


def _start(start: Callable[[], T]) -> T:
    join_new_keyring()
    return start()


@cache
def _thread(_process: int) -> ThreadPoolExecutor:
    """Return the thread of a process; a fork has none of its parent's."""
    return ThreadPoolExecutor(1, initializer=_prepare)


def _prepare() -> None:
    join_new_keyring()  # for sandboxes that get none: a script can use up how many a user may have
    _keep_devices()


def _keep_devices() -> None:
    """Keep the devices' modes from children of this thread, where the system allows it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return  # they belong to root alone
    libc = ctypes.CDLL(None)
    if libc.unshare(_NEW_MOUNTS) != 0:
        return
    if libc.mount(b"none", b"/", None, _SLAVE | _ALL_BELOW, None) != 0:
        return
    for name in DEVICES:
        path = f"/dev/{name}".encode()
        if libc.mount(path, path, None, _BIND, None) == 0:
            wanted = (ctypes.c_uint64 * 4)(_READ_ONLY)
            libc.syscall(_MOUNT_SETATTR, _HERE, path, 0, wanted, ctypes.sizeof(wanted))
