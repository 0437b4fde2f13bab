"""Results of ``milepost doctor``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check, with what to do when it is not well."""

    check: str
    ok: bool
    says: str
