"""A queue of jobs in a table of SQLite. Try it with: python jobs.py queue.db"""

import json
import sqlite3
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LEASE = 60
MOST = 4
PAUSE = 10


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
    """Return a connection in WAL mode that waits up to five seconds for a lock."""
    con = sqlite3.connect(path, timeout=5, isolation_level=None)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute("PRAGMA synchronous = NORMAL")
    return con


def create_schema(con):
    """Create the table in an empty database."""
    con.executescript(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))


def enqueue(con, kind, payload, run_at, *, key=None, priority=0):
    """Put a job into the queue and return its id."""
    query = """
    INSERT INTO job (kind, payload, run_at, key, priority) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (key) WHERE state IN ('waiting', 'running') DO UPDATE SET key = key
    RETURNING id
    """
    return con.execute(query, (kind, json.dumps(payload), run_at, key, priority)).fetchone()[0]


def claim(con, worker, now):
    """Take the next job and return it; None if there is nothing to do."""
    query = """
    UPDATE job SET state = 'running', attempts = attempts + 1, worker = :worker, leased_until = :until
    WHERE id = (
      SELECT id FROM job
      WHERE attempts < :most
        AND ((state = 'waiting' AND run_at <= :now) OR (state = 'running' AND leased_until < :now))
      ORDER BY priority DESC, run_at, id LIMIT 1
    )
    RETURNING id, kind, payload, attempts
    """
    values = {"worker": worker, "until": now + LEASE, "most": MOST, "now": now}
    rows = con.execute(query, values).fetchall()
    if not rows:
        return None
    number, kind, payload, attempts = rows[0]
    return Job(number, kind, json.loads(payload), attempts, worker)


def end(con, job, changes, *values):
    """Take a job out of the hands of its worker, unless it is not there any more."""
    query = f"UPDATE job SET worker = NULL, leased_until = NULL, {changes}"
    mine = " WHERE id = ? AND state = 'running' AND worker = ? AND attempts = ?"
    if con.execute(query + mine, (*values, job.id, job.worker, job.attempts)).rowcount == 0:
        raise LostLease(f"job {job.id} is not with {job.worker} any more")


def finish(con, job, now):
    """Mark a job as done. Raise LostLease unless it still belongs to this attempt."""
    end(con, job, "state = 'done'")


def fail(con, job, error, now):
    """Keep the text of the error, and let the job wait for its next attempt, or mark it as dead."""
    if job.attempts >= MOST:
        end(con, job, "state = 'dead', error = ?", error)
    else:
        pause = PAUSE * 2 ** (job.attempts - 1)
        end(con, job, "state = 'waiting', error = ?, run_at = ?", error, now + pause)


def bury(con, now):
    """Mark as dead those jobs that ran out of time in their last attempt, and return how many there are."""
    query = """
    UPDATE job SET state = 'dead', worker = NULL, leased_until = NULL
    WHERE state = 'running' AND leased_until < ? AND attempts >= ?
    """
    return con.execute(query, (now, MOST)).rowcount


def counts(con):
    """Return how many jobs there are in each of the four states, zeros included, with one query."""
    found = dict(con.execute("SELECT state, count(*) FROM job GROUP BY state"))
    return {state: found.get(state, 0) for state in ("waiting", "running", "done", "dead")}


def work(con, worker, handlers, now):
    """Do one job: take it, call the handler of its kind with the payload, finish it."""
    job = claim(con, worker, now)
    if job is None:
        return None
    try:
        if job.kind not in handlers:
            raise LookupError(f"nothing handles {job.kind}")
        handlers[job.kind](job.payload)
    except Exception as error:
        fail(con, job, f"{type(error).__name__}: {error}", now)
    else:
        finish(con, job, now)
    return job


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
