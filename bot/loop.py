"""The event loop that serves: uvloop, and asyncio's own on Windows, where there is no uvloop."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def serve_on_loop(main: Coroutine[Any, Any, T]) -> T:
    """Like ``asyncio.run``: what the coroutine returns, once everything it began is ended."""
    if sys.platform == "win32":
        return asyncio.run(main)
    import uvloop  # noqa: PLC0415 - it cannot be had everywhere

    return uvloop.run(main)
