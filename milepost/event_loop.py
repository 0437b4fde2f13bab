"""The event loop that serves: uvloop, and asyncio's own on Windows, where there is no uvloop."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.toolkit import open_files

T = TypeVar("T")


def serve_on_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine as ``asyncio.run`` does: return its result once everything it began is ended.

    As many files may be open as the system allows, and running out of them is logged once a minute.
    """
    open_files.raise_limit()
    if sys.platform == "win32":
        return asyncio.run(_calmly(main))
    import uvloop  # noqa: PLC0415 - it cannot be had everywhere

    return uvloop.run(_calmly(main))


async def _calmly(main: Coroutine[Any, Any, T]) -> T:
    open_files.calm(asyncio.get_running_loop())
    return await main
