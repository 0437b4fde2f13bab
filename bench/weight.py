"""Memory that this process takes."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def resident() -> float:
    """Return MiB now, from /proc; the most so far on systems that have none."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return peak()
    return pages * resource.getpagesize() / 2**20


def peak() -> float:
    """Return MiB at most so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
