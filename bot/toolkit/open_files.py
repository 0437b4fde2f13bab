"""File descriptors: each connection takes one, and so do the database's files and outgoing calls."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from typing import Any

from bot.toolkit.limits import RateLimitedLog

log = logging.getLogger(__name__)

MOST_WANTED = 65_536
"""Open files that are asked for, at most: some systems refuse a limit that is not a number."""

UNKNOWN = 1024
"""Limit to assume where the system does not tell its own: the usual one."""

USED_UP = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


def raise_limit() -> int:
    """Let this process open as many files as the system allows it to. Returns how many that is."""
    if sys.platform == "win32":
        return UNKNOWN
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_WANTED if hard == resource.RLIM_INFINITY else min(hard, MOST_WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError) as error:
            log.warning("this process stays at %d open files: %s", soft, error)
    return limit()


def limit() -> int:
    """Return how many files this process may have open at once."""
    if sys.platform == "win32":
        return UNKNOWN
    import resource  # noqa: PLC0415 - not on Windows

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_WANTED if soft == resource.RLIM_INFINITY else soft


def calm(loop: asyncio.AbstractEventLoop) -> None:
    """Let the loop log once a minute that files have run out, which it would else log at every try."""
    quiet = RateLimitedLog(logging.getLogger("asyncio"))

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in USED_UP:
            quiet.warning("the system lets this process open nothing more: %s", error.strerror)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
