"""Orders of a small shop, on SQLite, written in 2021 and not touched since: python orders.py shop.db"""

import logging
import re
import sqlite3
import sys
import threading
from datetime import datetime

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


def connect(path):
    """Return a connection to the database."""
    con = sqlite3.connect(path, detect_types=sqlite3.PARSE_DECLTYPES)
    con.executescript(SCHEMA)
    return con


def add_order(con, customer, items):
    """Store an order of now, with its items and their numbers, and return its id."""
    with con:
        made = datetime.utcnow()
        order = con.execute(
            'INSERT INTO "order" (customer, made) VALUES (?, ?)', (customer, made)
        ).lastrowid
        for item, number in items.items():
            if not re.match(r"^[a-z]+\Z", item):
                log.warning("a strange item: %s", item)
            con.execute('INSERT INTO line ("order", item, number) VALUES (?, ?, ?)', (order, item, number))
    log.info("stored by %s", threading.currentThread().getName())
    return order


def made(con, order):
    """Return the time of an order."""
    row = con.execute('SELECT made AS "made [timestamp]" FROM "order" WHERE id = ?', (order,)).fetchone()
    return row[0]


def age_in_days(con, order):
    """Return how many whole days old an order is."""
    return (datetime.utcnow() - made(con, order)).days


def start_in_background(job):
    """Run a job in a thread that doesn't keep the program alive, and return the thread."""
    thread = threading.Thread(target=job)
    thread.setDaemon(True)
    thread.start()
    return thread


def backup(con, path):
    """Write a copy of the database to a file, while others may write."""
    raise NotImplementedError


def restore(path, empty):
    """Fill the file `empty` from a backup. Return the number of rows of each table: a dictionary by name.

    Raise ValueError, and leave `empty` as it was, if it has data already or the backup is damaged.
    """
    raise NotImplementedError


if __name__ == "__main__":
    shop = connect(sys.argv[1])
    print(add_order(shop, 1, {"tea": 1}))
