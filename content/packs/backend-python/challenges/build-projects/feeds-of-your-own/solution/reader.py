"""A feed reader for RSS 2.0 and Atom, on SQLite."""

import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

ATOM = "{http://www.w3.org/2005/Atom}"
LONGEST_REST = 24 * 60

SCHEMA = """
CREATE TABLE IF NOT EXISTS feed (
  id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, title TEXT NOT NULL DEFAULT '',
  tag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '', gone INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', rests_until TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS entry (
  id INTEGER PRIMARY KEY, feed INTEGER NOT NULL REFERENCES feed (id), uid TEXT NOT NULL,
  title TEXT NOT NULL, link TEXT NOT NULL, summary TEXT NOT NULL, published TEXT NOT NULL,
  is_read INTEGER NOT NULL DEFAULT 0, folded TEXT NOT NULL, UNIQUE (feed, uid)
);
CREATE INDEX IF NOT EXISTS entry_unread ON entry (published) WHERE NOT is_read;
"""


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
    """A feed as it was read."""

    title: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Response:
    """An answer from the network. The names of headers are in small letters."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Fetch = Callable[[str, dict[str, str]], Response]


class _Text(HTMLParser):
    """Collects the text of HTML, without scripts and styles."""

    def __init__(self):
        super().__init__()
        self.parts, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style")
        self.parts.append(" ")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")
        self.parts.append(" ")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)


def _plain(source):
    reader = _Text()
    reader.feed(source or "")
    reader.close()
    return " ".join("".join(reader.parts).split())


def _web(address):
    try:
        parts = urlsplit((address or "").strip())
    except ValueError:
        return ""
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else ""


def _time(text):
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read((text or "").strip())
        except ValueError:
            continue
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    return None


def parse(content):
    """Return the Feed in some bytes, or raise NotAFeed."""
    try:
        root = ET.XML(content)  # the expat of today limits how far entities grow
    except (ET.ParseError, ValueError, LookupError) as error:
        raise NotAFeed(f"this isn't XML: {error}") from error
    if root.tag == "rss" and (channel := root.find("channel")) is not None:
        return Feed(_plain(channel.findtext("title")), _kept(map(_of_rss, channel.iter("item"))))
    if root.tag == f"{ATOM}feed":
        title = _plain(_atom_text(root.find(f"{ATOM}title")))
        return Feed(title, _kept(map(_of_atom, root.iter(f"{ATOM}entry"))))
    raise NotAFeed(f"a document that begins with {root.tag} isn't a feed")


def _kept(entries):
    return tuple(each for each in entries if each.uid)


def _of_rss(item):
    title, link = _plain(item.findtext("title")), _web(item.findtext("link"))
    uid = (item.findtext("guid") or "").strip() or link or title
    return Entry(uid, title, link, _plain(item.findtext("description")), _time(item.findtext("pubDate")))


def _of_atom(entry):
    title = _plain(_atom_text(entry.find(f"{ATOM}title")))
    links = [each for each in entry.iter(f"{ATOM}link") if each.get("rel", "alternate") == "alternate"]
    link = _web(links[0].get("href")) if links else ""
    summary = entry.find(f"{ATOM}summary")
    if summary is None:
        summary = entry.find(f"{ATOM}content")
    when = entry.findtext(f"{ATOM}published") or entry.findtext(f"{ATOM}updated")
    uid = (entry.findtext(f"{ATOM}id") or "").strip() or link or title
    return Entry(uid, title, link, _plain(_atom_text(summary)), _time(when))


def _atom_text(element):
    """Return a text construct as HTML: its kind says if the text is HTML already."""
    if element is None:
        return ""
    if element.get("type", "text") == "text":
        return (element.text or "").replace("&", "&amp;").replace("<", "&lt;")
    return "".join([element.text or "", *(ET.tostring(each, "unicode") for each in element)])


def connect(database):
    """Return a connection to a database with the tables."""
    con = sqlite3.connect(database)
    con.executescript(SCHEMA)
    return con


def subscribe(con, address):
    """Subscribe to a feed and return its id."""
    with con:
        con.execute("INSERT INTO feed (address) VALUES (?) ON CONFLICT DO NOTHING", (address,))
    return con.execute("SELECT id FROM feed WHERE address = ?", (address,)).fetchone()[0]


def refresh(con, feed, fetch, now):
    """Ask for a feed and store what is new. Return how many entries are new."""
    row = con.execute("SELECT gone, rests_until FROM feed WHERE id = ?", (feed,)).fetchone()
    if row[0] or row[1] > _stored(now):
        return 0
    answer = None
    try:
        answer = _ask(con, feed, fetch)
        if answer.status == 410:
            _set(con, feed, gone=1, error="gone")
            return 0
        if answer.status not in (200, 304):
            raise NotAFeed(f"status {answer.status}")
        read = parse(answer.body) if answer.status == 200 else None
    except (OSError, NotAFeed) as error:
        _rest(con, feed, answer, now, str(error) or type(error).__name__)
        return 0
    _set(con, feed, errors=0, error="", rests_until="")
    return _store(con, feed, read, answer, now) if read else 0


def _set(con, feed, **values):
    names = ", ".join(f"{name} = ?" for name in values)
    with con:
        con.execute(f"UPDATE feed SET {names} WHERE id = ?", (*values.values(), feed))


def _stored(time):
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _ask(con, feed, fetch):
    address, tag, modified = con.execute(
        "SELECT address, tag, modified FROM feed WHERE id = ?", (feed,)
    ).fetchone()
    wanted = {"If-None-Match": tag, "If-Modified-Since": modified}
    headers = {name: value for name, value in wanted.items() if value}
    lasting = True
    for _ in range(6):
        answer = fetch(address, headers)
        if answer.status not in (301, 302, 307, 308):
            return answer
        address = _web(urljoin(address, answer.headers.get("location", "")))
        if not address:
            raise NotAFeed("a redirect that leads nowhere")
        lasting = lasting and answer.status in (301, 308)
        if lasting:
            _move(con, feed, address)
    raise NotAFeed("too many redirects")


def _move(con, feed, address):
    try:
        _set(con, feed, address=address)
    except sqlite3.IntegrityError as error:
        raise NotAFeed("it has moved to a feed that you have already") from error


def _rest(con, feed, answer, now, error):
    [errors] = con.execute("SELECT errors FROM feed WHERE id = ?", (feed,)).fetchone()
    rest = timedelta(minutes=min(2 ** min(errors + 1, 20), LONGEST_REST))
    wanted = answer.headers.get("retry-after", "") if answer else ""
    if wanted.isascii() and wanted.isdigit():
        rest = max(rest, timedelta(seconds=int(wanted[:7])))
    _set(con, feed, errors=errors + 1, error=error, rests_until=_stored(now + rest))


def _store(con, feed, read, answer, now):
    with con:
        con.execute(
            "UPDATE feed SET title = ?, tag = ?, modified = ? WHERE id = ?",
            (read.title, answer.headers.get("etag", ""), answer.headers.get("last-modified", ""), feed),
        )
        count = "SELECT count(*) FROM entry WHERE feed = ?"
        [before] = con.execute(count, (feed,)).fetchone()
        for each in read.entries:
            folded = f"{each.title}\n{each.summary}".casefold()
            con.execute(
                "INSERT INTO entry (feed, uid, title, link, summary, published, folded)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (feed, uid) DO UPDATE"
                " SET title = excluded.title, link = excluded.link, summary = excluded.summary,"
                " folded = excluded.folded",
                (
                    feed,
                    each.uid,
                    each.title,
                    each.link,
                    each.summary,
                    _stored(each.published or now),
                    folded,
                ),
            )
        return con.execute(count, (feed,)).fetchone()[0] - before


def refresh_all(con, fetch, now):
    """Refresh all feeds and return the number of new entries."""
    return sum(refresh(con, feed, fetch, now) for (feed,) in con.execute("SELECT id FROM feed").fetchall())


def feeds(con):
    """Return a dictionary for each feed, by title."""
    rows = con.execute(
        "SELECT feed.id, address, feed.title, count(entry.id) - coalesce(sum(is_read), 0), error"
        " FROM feed LEFT JOIN entry ON feed = feed.id GROUP BY feed.id ORDER BY feed.title, feed.id"
    )
    return [dict(zip(("id", "address", "title", "unread", "error"), row, strict=True)) for row in rows]


def unread(con, limit=50):
    """Return (id, feed title, title, link) of unread entries, the newest first."""
    return con.execute(
        "SELECT entry.id, feed.title, entry.title, link FROM entry JOIN feed ON feed.id = feed"
        " WHERE NOT is_read ORDER BY published DESC, entry.id LIMIT ?",
        (limit,),
    ).fetchall()


def mark_read(con, entries):
    """Mark entries as read, by their ids."""
    with con:
        con.executemany("UPDATE entry SET is_read = 1 WHERE id = ?", [(each,) for each in entries])


def search(con, text):
    """Return (id, title) of the entries with this text in title or summary, in whatever case."""
    query = "SELECT id, title FROM entry WHERE instr(folded, ?) ORDER BY published DESC, id"
    return con.execute(query, (text.casefold(),)).fetchall()


def export_opml(con):
    """Return the subscriptions as OPML 2.0."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Feeds"
    body = ET.SubElement(root, "body")
    for feed in feeds(con):
        title = feed["title"] or feed["address"]
        ET.SubElement(body, "outline", type="rss", text=title, title=title, xmlUrl=feed["address"])
    return ET.tostring(root, "unicode")


def import_opml(con, content):
    """Subscribe to all feeds of an OPML file, and return how many were new."""
    try:
        root = ET.XML(content)
    except (ET.ParseError, ValueError) as error:
        raise NotAFeed(f"this isn't XML: {error}") from error
    before = len(feeds(con))
    for outline in root.iter("outline"):
        if address := _web(outline.get("xmlUrl")):
            subscribe(con, address)
    return len(feeds(con)) - before
