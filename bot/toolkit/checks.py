"""One thing that ``milepost doctor`` has looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """How it went, and what to do when it is not well."""

    check: str
    ok: bool
    says: str
