"""``python -m tests.endtoend.dying POINT PASSAGE``: ``milepost run`` on Discord that is killed at a point.

A point lies between two steps of serving a post, an edit or an answer. The process sends itself SIGKILL
when it passes the point for that number of times: nothing is closed, flushed or told to anybody.
"""

import asyncio
import functools
import os
import random
import signal
import sys

from adapters.discord.adapter import Discord
from bot.worker.outbox import Outbox
from bot.worker.senders import posts as post_sender
from milepost.cli import main
from storage import SqlDatabase
from storage.batch import Batch

WITHIN = 0.01
"""Seconds in which a request that is on its way is cut off."""

CLAIMED = {"a post is claimed, not sent": "post ", "an edit is claimed, not made": "edit "}
"""Beginning of the name of a claim at each point."""

POINTS = {
    **dict.fromkeys(CLAIMED, (Outbox, "_claim")),
    "a post is on its way": (Discord, "send"),
    "a post is sent, not recorded": (Discord, "send"),
    "a post is recorded, not committed": (post_sender, "_record_success"),
    "an edit is made, not recorded": (Discord, "edit"),
    "rows are written, not committed": (Batch, "flush"),
    "rows are committed, nobody is told": (SqlDatabase, "_transact"),
}
ON_ITS_WAY = "a post is on its way"


def killed_at(point, passage):
    """Arm the point."""
    owner, name = POINTS[point]
    step, passed = getattr(owner, name), 0

    @functools.wraps(step)
    async def mortal(*arguments, **named):
        nonlocal passed
        if point == ON_ITS_WAY:
            passed += 1
            if passed == passage:
                asyncio.get_running_loop().call_later(random.uniform(0, WITHIN), die)
            return await step(*arguments, **named)
        done = await step(*arguments, **named)
        # Whatever claims and has found nothing, has not passed.
        passed += claims(point, done) if point in CLAIMED else done is None or bool(done)
        if passed == passage:
            die()
        return done

    setattr(owner, name, mortal)


def claims(point, claimed):
    """Tell if what the outbox has claimed is of the point's kind, of which it claims one at a time."""
    return any(name.startswith(CLAIMED[point]) for name in claimed)


def die():
    """As a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    killed_at(sys.argv[1], int(sys.argv[2]))
    sys.argv[1:] = ["run"]
    main()
