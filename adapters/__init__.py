"""The platforms, one folder each. A folder is found by its name, so a new platform edits no list.

``adapters/contract`` is not one of them: it is the test suite that all of them pass.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import cast

from bot.chat import Adapter, Platform, PlatformSettings, SetupError, lacking

log = logging.getLogger(__name__)

NOT_PLATFORMS = {"contract"}

HOW = "see docs/architecture.md, “How to add a platform”"


class NotAPlatform(SetupError):
    """A folder does not keep the contract of a platform. Its text names what is missing."""


def names() -> tuple[str, ...]:
    """The folders that exist, sorted."""
    found = {module.name for module in pkgutil.iter_modules(__path__) if module.ispkg}
    return tuple(sorted(found - NOT_PLATFORMS))


def load(name: str) -> Platform:
    """Import the platform ``name``.

    An unknown name raises LookupError, naming those that exist; a folder that is no platform NotAPlatform.
    """
    if name not in names():
        raise LookupError(f"There is no platform {name!r}; there are {', '.join(names())}.")
    folder = f"adapters/{name}"
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except Exception as error:
        raise NotAPlatform(f"{folder} can't be imported: {type(error).__name__}: {error}") from error
    if missing := lacking(module, Platform):
        raise NotAPlatform(f"{folder} is not a platform: it lacks {', '.join(missing)} ({HOW}).")
    platform = cast("Platform", module)
    if name != platform.PLATFORM:
        raise NotAPlatform(f"{folder} is not a platform: its PLATFORM is {platform.PLATFORM!r} ({HOW}).")
    if not issubclass(platform.Settings, PlatformSettings):
        raise NotAPlatform(
            f"{folder} is not a platform: its Settings aren't a bot.chat.PlatformSettings ({HOW})."
        )
    return platform


def usable() -> Iterator[Platform]:
    """Every platform that keeps the contract. What does not is logged once, and harms no other one."""
    for name in names():
        try:
            yield load(name)
        except NotAPlatform as error:
            _tell(str(error))


def broken() -> Iterator[tuple[str, NotAPlatform]]:
    """The folders that are no platforms, each with what is wrong."""
    for name in names():
        try:
            load(name)
        except NotAPlatform as error:
            yield name, error


def require_whole(name: str, adapter: Adapter) -> Adapter:
    """The adapter that the platform has built. Raises NotAPlatform when it lacks something."""
    if missing := lacking(adapter, Adapter):
        raise NotAPlatform(
            f"adapters/{name} is not a platform: its adapter lacks {', '.join(missing)} ({HOW})."
        )
    return adapter


@cache
def _tell(problem: str) -> None:
    log.error("%s", problem)
