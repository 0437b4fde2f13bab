"""Ends what scripts leave running after they have ended the process that watched them (Linux).

Such processes become children of the nearest ancestor that asks for them. This process can be that one,
if all the children that it has itself are started through here.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from content.checks.launcher import PATIENCE, SUBREAPER, children

Started = subprocess.Popen[bytes]


class Orphans:
    """Processes that are children of this process and that it did not start."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._one_at_a_time = threading.Lock()
        self._adopts = False

    @contextmanager
    def adopted(self) -> Iterator[None]:
        """Take in the descendants whose parents end. All other children are started here meanwhile."""
        if sys.platform != "linux" or self._adopts:
            yield
            return
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        self._known.update(children())
        prctl(SUBREAPER, 1, 0, 0, 0)
        self._adopts = True
        try:
            yield
        finally:
            self._adopts = False
            prctl(SUBREAPER, 0, 0, 0, 0)

    def start(self, process: Callable[[], Started]) -> Started:
        """Start a child that is no orphan until it is ``forgotten``."""
        with self._one_at_a_time:
            started = process()
            self._known.add(started.pid)
            return started

    def forget(self, process: Started) -> None:
        """Count a child that has ended no longer, since its number is free for others."""
        with self._one_at_a_time:
            self._known.discard(process.pid)

    def end(self) -> None:
        """End the orphans, and those that become children of this process when they end."""
        if not self._adopts:
            return
        until = time.monotonic() + PATIENCE
        with self._one_at_a_time:
            while time.monotonic() < until and (found := set(children()) - self._known):
                for pid in found:
                    with suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                        os.waitpid(pid, 0)


ORPHANS = Orphans()
"""Orphans of this process."""
