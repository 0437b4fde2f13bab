"""A feed reader for RSS 2.0 and Atom, on SQLite.

Times are aware datetimes, or None where a feed has none.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


class NotAFeed(Exception):
    """The text isn't a feed that this reader knows; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One entry. `uid` is the feed's own id for it, else its link, else its title."""

    uid: str
    title: str
    link: str = ""
    summary: str = ""
    published: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """A feed as it was read, with its entries in the order of the feed."""

    title: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Response:
    """An answer from the network. The names of headers are in small letters."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Fetch = Callable[[str, dict[str, str]], Response]
"""Function that asks the network: it takes an address and headers, and raises OSError if nobody answers.

Everything goes through such a function, so that tests need no network. It follows no redirects.
"""


def parse(content):
    """Return the Feed in some bytes, or raise NotAFeed.

    Summaries and titles are plain text: elements are dropped, entities resolved, space reduced.
    A link that isn't http:// or https:// is left out. Entries without uid, link and title are left out.
    """
    raise NotImplementedError


def connect(database):
    """Return a connection to a database with your tables; make them if they aren't there."""
    return sqlite3.connect(database)


def subscribe(con, address):
    """Subscribe to a feed and return its id. Once more is no error, and gives the same id."""
    raise NotImplementedError


def refresh(con, feed, fetch, now):
    """Ask for a feed and store what is new. Return how many entries are new.

    - It sends `If-None-Match` and `If-Modified-Since` with what the last good answer had.
    - 200: entries are stored by their uid; one that is known is updated and stays read if it was.
    - 304: nothing is new.
    - 301, 308: the new address is stored, and asked at once. 302, 307: asked at once; neither
      that address nor one that follows it is stored. After five redirects it gives up.
    - 410: the feed is never asked again.
    - anything else, no answer, or not a feed: an error. After n errors in a row the feed rests for
      2 ** n minutes, a day at most; a `Retry-After` in seconds that is longer counts instead.
      A good answer ends the row.
    - While it rests, nothing is asked and 0 is returned.
    """
    raise NotImplementedError


def refresh_all(con, fetch, now):
    """Refresh all feeds and return the number of new entries. One bad feed doesn't stop the others."""
    raise NotImplementedError


def feeds(con):
    """Return a dictionary for each feed, by title: id, address, title, unread, error (a text, or "")."""
    raise NotImplementedError


def unread(con, limit=50):
    """Return (id, feed title, title, link) of unread entries, the newest first.

    An entry without a time counts as published when it was first seen.
    """
    raise NotImplementedError


def mark_read(con, entries):
    """Mark entries as read, by their ids."""
    raise NotImplementedError


def search(con, text):
    """Return (id, title) of the entries with this text in title or summary, in whatever case.

    `%` and `_` are only characters.
    """
    raise NotImplementedError


def export_opml(con):
    """Return the subscriptions as OPML 2.0."""
    raise NotImplementedError


def import_opml(con, content):
    """Subscribe to all feeds of an OPML file, also nested ones, and return how many were new.

    Raise NotAFeed for anything that is no XML.
    """
    raise NotImplementedError
