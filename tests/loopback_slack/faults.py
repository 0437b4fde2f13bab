"""Faults that a test scripts: the next calls that match are answered badly, late or not at all."""

import socket
import struct
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass
class Fault:
    """Strikes the next ``times`` calls whose method matches (``*`` stands for anything) and whose
    arguments include ``where``.

    ``delay`` seconds pass first. With ``acted`` the call is then done before it goes wrong: the message is
    posted and the answer lost. ``status`` answers that (429 with ``retry_after``), ``error`` answers 200
    with that word, ``reset`` resets the connection; with none the call is answered as usual, only late.
    """

    method: str = "*"
    times: int = 1
    status: int = 0
    retry_after: int = 1
    error: str = ""
    reset: bool = False
    acted: bool = False
    delay: float = 0.0
    where: dict = field(default_factory=dict)

    def matches(self, method, args):
        """Would it strike this call now?"""
        fits = all(args.get(key) == value for key, value in self.where.items())
        return self.times > 0 and fits and fnmatchcase(method, self.method)

    @property
    def answers(self):
        """Does it put its own end to the call?"""
        return bool(self.status or self.error or self.reset)


class Faults:
    """The script and what came of it: ``struck`` holds (monotonic time, method, fault)."""

    def __init__(self, now):
        self._now = now
        self._script = []
        self.struck = []

    def add(self, **described):
        """Script one; see Fault for the words. Returns it."""
        fault = Fault(**described)
        self._script.append(fault)
        return fault

    def clear(self):
        """Strike nothing more."""
        self._script.clear()

    def strike(self, method, args):
        """The fault for this call, or None."""
        for fault in self._script:
            if fault.matches(method, args):
                fault.times -= 1
                self.struck.append((self._now(), method, fault))
                return fault
        return None


def reset(transport):
    """End a connection with a TCP reset, as a crashing peer does."""
    if transport is None:
        return
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
