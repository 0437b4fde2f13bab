"""A link shortener as a plain WSGI application."""

import hashlib
import json
import secrets
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

LIMIT, LARGEST, ATTEMPTS = 20, 16_384, 5

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key_hash TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS link (
  code TEXT PRIMARY KEY, url TEXT NOT NULL, owner INTEGER NOT NULL REFERENCES user (id), made TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS link_of ON link (owner, made);
CREATE TABLE IF NOT EXISTS visit (
  code TEXT NOT NULL REFERENCES link (code) ON DELETE CASCADE, day TEXT NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (code, day)
);
"""


class Refused(Exception):
    """A request that gets an error as its answer."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def now():
    """Return the time."""
    return datetime.now(UTC)


def new_code():
    """Return a random code of seven characters."""
    return secrets.token_urlsafe(6)[:7]


def connect(database):
    """Return a connection on which foreign keys are enforced."""
    con = sqlite3.connect(database)
    con.execute("PRAGMA foreign_keys = ON")
    return closing(con)


def hashed(key):
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def add_user(database, name):
    """Store a user and return the API key, shown this once."""
    key = secrets.token_urlsafe(32)
    with connect(database) as con, con:
        con.execute("INSERT INTO user (name, key_hash) VALUES (?, ?)", (name, hashed(key)))
    return key


def make_app(database):
    """Return the application on one database file."""
    with connect(database) as con:
        con.executescript(SCHEMA)

    def application(environ, start_response):
        try:
            with connect(database) as con, con:
                status, headers, value = answer(con, environ)
        except Refused as error:
            status, headers, value = error.status, [], {"error": str(error)}
        headers = [*headers, ("Content-Type", "application/json")]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [b"" if value is None else json.dumps(value).encode()]

    return application


def answer(con, environ):
    """Return status, headers and the JSON value for one request."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if path == "/healthz":
        return 200, [], {"healthy": True}
    if not path.startswith("/api/"):
        if method != "GET":
            raise Refused(405, "only GET")
        return 302, [("Location", visited(con, path[1:]))], None
    user = user_of(con, environ)
    code = path.removeprefix("/api/links/")
    match method, path == "/api/links", code != path:
        case "POST", True, _:
            code = add(con, user, body_of(environ))
            return 201, [("Location", f"/{code}")], {"code": code}
        case "GET", True, _:
            return 200, [], links(con, user)
        case "GET", _, True:
            return 200, [], statistics(con, user, code)
        case "DELETE", _, True:
            if not con.execute("DELETE FROM link WHERE code = ? AND owner = ?", (code, user)).rowcount:
                raise Refused(404, "you have no such link")
            return 204, [], None
    raise Refused(404, "there is nothing here")


def user_of(con, environ):
    """Return the id of the user with the key of the request."""
    scheme, _, key = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    row = con.execute("SELECT id FROM user WHERE key_hash = ?", (hashed(key),)).fetchone()
    if scheme != "Bearer" or row is None:
        raise Refused(401, "an API key is needed")
    return row[0]


def body_of(environ):
    """Return the JSON object of a request."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        given = json.loads(environ["wsgi.input"].read(min(max(length, 0), LARGEST)))
    except ValueError:
        raise Refused(400, "the body isn't JSON") from None
    if not isinstance(given, dict):
        raise Refused(422, "the body isn't an object")
    return given


def target(value):
    """Return an address that a link may lead to, or refuse it."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and value.isprintable() else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or " " in value:
        raise Refused(422, "url must be an address that begins with http:// or https://")
    return value


def add(con, user, given):
    """Store a link under a code that nobody has, and return the code."""
    url, made = target(given.get("url")), now()
    since = (made - timedelta(hours=1)).isoformat()
    [recent] = con.execute(
        "SELECT count(*) FROM link WHERE owner = ? AND made > ?", (user, since)
    ).fetchone()
    if recent >= LIMIT:
        raise Refused(429, f"{LIMIT} new links an hour are enough")
    for _ in range(ATTEMPTS):
        code = new_code()
        try:
            con.execute("INSERT INTO link VALUES (?, ?, ?, ?)", (code, url, user, made.isoformat()))
        except sqlite3.IntegrityError:
            continue
        return code
    raise Refused(503, "no free code was found")


def visited(con, code):
    """Count a visit and return the address behind a code."""
    row = con.execute("SELECT url FROM link WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise Refused(404, "there is no such link")
    con.execute(
        "INSERT INTO visit VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET number = number + 1",
        (code, now().date().isoformat()),
    )
    return row[0]


def links(con, user):
    """Return the links of a user with their visits."""
    rows = con.execute(
        "SELECT link.code, url, coalesce(sum(number), 0) FROM link LEFT JOIN visit USING (code)"
        " WHERE owner = ? GROUP BY link.code ORDER BY made",
        (user,),
    )
    return [{"code": code, "url": url, "visits": visits} for code, url, visits in rows]


def statistics(con, user, code):
    """Return one link of a user with its visits by day."""
    row = con.execute("SELECT url FROM link WHERE code = ? AND owner = ?", (code, user)).fetchone()
    if row is None:
        raise Refused(404, "you have no such link")
    days = dict(con.execute("SELECT day, number FROM visit WHERE code = ? ORDER BY day", (code,)))
    return {"code": code, "url": row[0], "visits": sum(days.values()), "days": days}
