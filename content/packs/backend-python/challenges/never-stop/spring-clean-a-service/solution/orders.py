"""Orders of a small shop, on SQLite, brought up to date: python orders.py shop.db

Times are stored as text in UTC. Rows of before have no offset and a space in the middle; they are UTC too.
"""

import logging
import re
import sqlite3
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime

log = logging.getLogger("orders")

SCHEMA = """
CREATE TABLE IF NOT EXISTS customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS "order" (
  id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer (id), made TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS line (
  id INTEGER PRIMARY KEY, "order" INTEGER NOT NULL REFERENCES "order" (id), item TEXT NOT NULL,
  number INTEGER NOT NULL
);
"""

OLD_ROWS = """
INSERT INTO customer VALUES (1, 'Ann'), (2, 'Bo');
INSERT INTO "order" VALUES (1, 1, '2021-03-28 01:30:00.000000'), (2, 2, '2021-10-31 01:30:00.250000');
INSERT INTO line VALUES (1, 1, 'tea', 2), (2, 1, 'rice', 1), (3, 2, 'soap', 5);
"""

TABLES = ("customer", "order", "line")


def now():
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


def connect(path):
    """Return a connection to the database."""
    con = sqlite3.connect(path)
    con.executescript(SCHEMA)
    return con


def add_order(con, customer, items):
    """Store an order of now, with its items and their numbers, and return its id."""
    with con:
        query = 'INSERT INTO "order" (customer, made) VALUES (?, ?)'
        order = con.execute(query, (customer, now().isoformat())).lastrowid
        for item, number in items.items():
            if not re.match(r"^[a-z]+\Z", item):
                log.warning("a strange item: %s", item)
            con.execute('INSERT INTO line ("order", item, number) VALUES (?, ?, ?)', (order, item, number))
    log.info("stored by %s", threading.current_thread().name)
    return order


def made(con, order):
    """Return the time of an order, aware."""
    [text] = con.execute('SELECT made FROM "order" WHERE id = ?', (order,)).fetchone()
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def age_in_days(con, order):
    """Return how many whole days old an order is."""
    return (now() - made(con, order)).days


def start_in_background(job):
    """Run a job in a thread that doesn't keep the program alive, and return the thread."""
    thread = threading.Thread(target=job, daemon=True)
    thread.start()
    return thread


def backup(con, path):
    """Write a copy of the database to a file, while others may write."""
    with closing(sqlite3.connect(path)) as copy:
        con.backup(copy)


def restore(path, empty):
    """Fill the file `empty` from a backup, and return the number of rows of each table."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source:
        try:
            if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise ValueError("the backup is damaged")
            rows = _rows(source)
        except sqlite3.DatabaseError as error:
            raise ValueError(f"the backup is damaged: {error}") from error
        with closing(sqlite3.connect(empty)) as target:
            if target.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise ValueError(f"{empty} has data already")
            source.backup(target)
            if _rows(target) != rows:
                raise ValueError("the copy has other numbers of rows than the backup")
    return rows


def _rows(con):
    return {name: con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in TABLES}


if __name__ == "__main__":
    shop = connect(sys.argv[1])
    print(add_order(shop, 1, {"tea": 1}))
