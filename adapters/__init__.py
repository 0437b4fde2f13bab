"""The platforms, one folder each. A folder is found by its name, so a new platform edits no list."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def names() -> tuple[str, ...]:
    """The platforms that exist, sorted."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg))


def load(name: str) -> ModuleType:
    """Import the platform ``name``. An unknown name raises LookupError, naming those that exist."""
    if name not in names():
        raise LookupError(f"There is no platform {name!r}; there are {', '.join(names())}.")
    return importlib.import_module(f"{__name__}.{name}")
