"""The data kept of a person, as it is exported to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's data in one table: the newest rows, oldest first, each with its columns by name.

    ``about`` describes the table; ``more`` tells that there are older rows.
    """

    name: str
    about: str
    rows: Sequence[Mapping[str, object]]
    more: bool = False
