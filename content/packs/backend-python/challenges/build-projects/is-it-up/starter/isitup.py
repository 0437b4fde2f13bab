"""Look regularly whether sites answer, and show it on a page: python isitup.py https://example.org ...

Times are seconds since 1970, as time.time() gives them. They are passed in, so that tests need not wait.
"""

import sqlite3
import sys
import time
from dataclasses import dataclass

SCHEMA = """
CREATE TABLE IF NOT EXISTS look (
  url TEXT NOT NULL, at REAL NOT NULL, ok INTEGER NOT NULL, seconds REAL NOT NULL, reason TEXT NOT NULL
);
"""

IN_A_ROW = 3
"""Failed looks one after the other that make a site count as down."""

LARGEST = 100_000
"""Bytes of an answer that are read at most."""


@dataclass(frozen=True)
class Look:
    """One look at a site. `reason` is empty if it's fine."""

    ok: bool
    seconds: float
    reason: str = ""


def connect(database):
    """Return a connection to a database with the table."""
    con = sqlite3.connect(database)
    con.executescript(SCHEMA)
    return con


def look_at(url, timeout=5.0):
    """Ask for a page and return a Look. Never raise, whatever comes back.

    Each wait ends with the timeout, and a body that still trickles in after that is given up. Statuses
    below 400 are fine, after redirects. Other addresses than http:// and https:// aren't asked for.
    The reason is a short text for the page: the status, or what went wrong.
    """
    raise NotImplementedError


def note(con, url, at, look):
    """Store a look. Return the notice that it calls for: "down", "up" or None.

    A site is down from the look on that makes IN_A_ROW failures in a row, and up again with the first
    that succeeds. Each change gives one notice.
    """
    raise NotImplementedError


def uptime(con, url, since, until):
    """Return the share of looks that succeeded from `since` (included) to `until` (not), or None."""
    raise NotImplementedError


def outages(con, url):
    """Return the outages as (first failed look, first good look after it or None), the oldest first.

    Fewer than IN_A_ROW failures in a row are no outage.
    """
    raise NotImplementedError


def page(con, urls, now):
    """Return the status page as HTML.

    It has each site with its state (up, down, unknown), its uptime in the last 24 hours, such as
    99.9 %, and its last reason.
    """
    return "<!doctype html><title>Is it up?</title><h1>Is it up?</h1>"


def forget(con, before):
    """Delete looks older than a time and return how many there were."""
    raise NotImplementedError


def main(urls):
    """Look at all sites once a minute, print notices, and write status.html."""
    con = connect("looks.db")
    while True:
        for url in urls:
            notice = note(con, url, time.time(), look_at(url))
            if notice:
                print(f"{time.ctime()}  {url} is {notice}", flush=True)
        with open("status.html", "w", encoding="utf-8") as file:
            file.write(page(con, urls, time.time()))
        time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1:])
