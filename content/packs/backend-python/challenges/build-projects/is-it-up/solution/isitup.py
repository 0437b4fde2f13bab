"""Look regularly whether sites answer, and show it on a page: python isitup.py https://example.org ...

Times are seconds since 1970, as time.time() gives them. They are passed in, so that tests need not wait.
"""

import html
import http.client
import itertools
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

SCHEMA = """
CREATE TABLE IF NOT EXISTS look (
  url TEXT NOT NULL, at REAL NOT NULL, ok INTEGER NOT NULL, seconds REAL NOT NULL, reason TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS look_of ON look (url, at);
"""

IN_A_ROW = 3
"""Failed looks one after the other that make a site count as down."""

LARGEST = 100_000
"""Bytes of an answer that are read at most."""


OPENER = urllib.request.build_opener()


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
    """Ask for a page and return a Look. Never raise, and never take much longer than the timeout."""
    begin, host = time.monotonic(), None
    try:
        host = urlsplit(url).hostname
        if urlsplit(url).scheme not in ("http", "https") or not host:
            return Look(False, 0.0, "not an address of the web")
        reason = _ask(url, begin + timeout, timeout)
    except urllib.error.HTTPError as error:
        reason = f"status {error.code}"
        error.close()
    except urllib.error.URLError as error:
        reason = "timeout" if isinstance(error.reason, TimeoutError) else str(error.reason)
    except TimeoutError:
        reason = "timeout"
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = str(error) or type(error).__name__
    return Look(not reason, time.monotonic() - begin, reason)


def _ask(url, end, timeout):
    request = urllib.request.Request(url, headers={"User-Agent": "isitup"})
    with OPENER.open(request, timeout=timeout) as answer:
        size = 0
        while size < LARGEST and (part := answer.read1(8192)):
            size += len(part)
            if time.monotonic() > end:
                raise TimeoutError
    return ""


def note(con, url, at, look):
    """Store a look. Return the notice that it calls for: "down", "up" or None."""
    before = _is_down(con, url)
    with con:
        con.execute(
            "INSERT INTO look VALUES (?, ?, ?, ?, ?)", (url, at, look.ok, look.seconds, look.reason)
        )
    after = _is_down(con, url)
    if before == after:
        return None
    return "down" if after else "up"


def _is_down(con, url):
    last = con.execute(
        "SELECT ok FROM look WHERE url = ? ORDER BY at DESC, rowid DESC LIMIT ?", (url, IN_A_ROW)
    ).fetchall()
    return len(last) == IN_A_ROW and not any(ok for (ok,) in last)


def uptime(con, url, since, until):
    """Return the share of looks that succeeded from `since` (included) to `until` (not), or None."""
    query = "SELECT avg(ok) FROM look WHERE url = ? AND at >= ? AND at < ?"
    return con.execute(query, (url, since, until)).fetchone()[0]


def outages(con, url):
    """Return the outages as (first failed look, first good look after it or None), the oldest first."""
    looks = con.execute("SELECT ok, at FROM look WHERE url = ? ORDER BY at, rowid", (url,))
    found = []
    for ok, group in itertools.groupby(looks, key=lambda row: row[0]):
        times = [at for _, at in group]
        if ok and found and found[-1][1] is None:
            found[-1] = (found[-1][0], times[0])
        if not ok and len(times) >= IN_A_ROW:
            found.append((times[0], None))
    return found


def page(con, urls, now):
    """Return the status page as HTML."""
    rows = []
    for url in urls:
        share = uptime(con, url, now - 86_400, now + 1)
        last = con.execute(
            "SELECT reason FROM look WHERE url = ? ORDER BY at DESC, rowid DESC LIMIT 1", (url,)
        ).fetchone()
        state = "unknown" if last is None else "down" if _is_down(con, url) else "up"
        cells = [url, state, "-" if share is None else f"{100 * share:.1f} %", last[0] if last else ""]
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    return (
        "<!doctype html><title>Is it up?</title><h1>Is it up?</h1>"
        f"<table><tr><th>Site<th>State<th>24 hours<th>Last reason</tr>{''.join(rows)}</table>"
    )


def forget(con, before):
    """Delete looks older than a time and return how many there were."""
    with con:
        return con.execute("DELETE FROM look WHERE at < ?", (before,)).rowcount


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
