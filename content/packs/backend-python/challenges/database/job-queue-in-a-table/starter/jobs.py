"""A queue of jobs in a table of SQLite. Try it with: python jobs.py queue.db

Programs put jobs in, workers take them out, each job is done by one of them. A worker that takes a job
gets a lease: if it ends without a word, another worker may take the job once the lease is over.
"""

import json
import sqlite3
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LEASE = 60
"""Seconds that a worker has for a job."""

MOST = 4
"""Attempts at a job, at most."""

PAUSE = 10
"""Seconds until a second attempt. Each further pause is twice as long as the one before."""


class LostLease(Exception):
    """Somebody else has the job now, or it is over: what this worker did for it doesn't count."""


@dataclass(frozen=True)
class Job:
    """A job that a worker has taken. `attempts` counts this attempt."""

    id: int
    kind: str
    payload: dict
    attempts: int
    worker: str


def connect(path):
    """Return a connection in WAL mode that waits up to five seconds for a lock.

    It begins no transaction on its own.
    """
    raise NotImplementedError


def create_schema(con):
    """Create the table in an empty database."""
    con.executescript(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))


def enqueue(con, kind, payload, run_at, *, key=None, priority=0):
    """Put a job into the queue and return its id.

    If one with this key is waiting or running, return the id of that one instead. This neither begins a
    transaction nor ends one: a job of a program that rolls back was never there.
    """
    raise NotImplementedError


def claim(con, worker, now):
    """Take the next job and return it; None if there is nothing to do.

    Next is a job that is waiting and due, or running with a lease that is over, and has attempts left:
    the highest priority first, then the earliest `run_at`, then the lowest id. No two workers ever get
    the same attempt.
    """
    raise NotImplementedError


def finish(con, job, now):
    """Mark a job as done. Raise LostLease unless it still belongs to this attempt."""
    raise NotImplementedError


def fail(con, job, error, now):
    """Keep the text of the error, and let the job wait for its next attempt, or mark it as dead after the
    last one.

    Raise LostLease unless it still belongs to this attempt.
    """
    raise NotImplementedError


def bury(con, now):
    """Mark as dead those jobs that ran out of time in their last attempt, and return how many there are."""
    raise NotImplementedError


def counts(con):
    """Return how many jobs there are in each of the four states, zeros included, with one query."""
    raise NotImplementedError


def work(con, worker, handlers, now):
    """Do one job: take it, call the handler of its kind with the payload, finish it. Return None if there
    is none.

    A handler that raises an Exception, or is missing, makes the attempt fail; nothing is raised then. No
    transaction is open while a handler runs. Otherwise return the job.
    """
    raise NotImplementedError


def main(arguments):
    """Put three jobs into a queue, and work until nothing is due."""
    con = connect(arguments[0])
    if not con.execute("SELECT 1 FROM sqlite_master WHERE name = 'job'").fetchone():
        create_schema(con)
    for name in ("ann", "bo", ""):
        enqueue(con, "greet", {"name": name}, time.time())
    handlers = {"greet": lambda payload: print("Hello,", payload["name"][0].upper() + payload["name"][1:])}
    while work(con, "me", handlers, time.time()):
        pass
    print(counts(con))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
