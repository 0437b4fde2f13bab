"""One measured number, and the machine that it was measured on."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sqlite3
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit. ``goal`` is what it should be; ``against`` relates it to a baseline."""

    name: str
    what: str
    value: float
    unit: str
    goal: str = ""
    against: str = ""

    @property
    def shown(self) -> str:
        """Return the value with as many digits as mean something."""
        whole = isinstance(self.value, int) or self.value >= 100
        digits = 0 if whole else 1 if self.value >= 10 else 2 if self.value >= 1 else 3
        return f"{self.value:,.{digits}f} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine that a run is measured on."""

    cores: int
    cpu: str
    system: str
    python: str
    sqlite: str
    date: str
    load: str

    def __str__(self) -> str:
        return (
            f"{self.date}, {self.cores} cores of {self.cpu}, {self.system}, Python {self.python}, "
            f"SQLite {self.sqlite}, load before the run {self.load}"
        )


def this_machine() -> Machine:
    """Return the machine that runs now; ``load`` tells whether it had other work."""
    return Machine(
        cores=os.cpu_count() or 1,
        cpu=_cpu(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        load=f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
    )


def times(value: float, baseline: float, name: str) -> str:
    """Return how many times the baseline, such as ``0.42 × name``."""
    ratio = value / baseline
    return f"{ratio:,.0f} × {name}" if ratio >= 100 else f"{ratio:.2f} × {name}"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "an unknown processor"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
