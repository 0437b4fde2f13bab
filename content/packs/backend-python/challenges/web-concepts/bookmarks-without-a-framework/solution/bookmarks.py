"""A bookmark service as a plain WSGI application. Run it with: python bookmarks.py"""

import html
import json
import sqlite3
from contextlib import closing
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import make_server

LARGEST = 64 * 1024

SCHEMA = """
CREATE TABLE IF NOT EXISTS bookmark (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL
)
"""


class Refused(Exception):
    """A request that gets an answer other than the usual one."""

    def __init__(self, status, message, *headers):
        super().__init__(message)
        self.status, self.headers = status, headers


class Application:
    """The service, on one database file."""

    def __init__(self, database):
        self.database = database
        with closing(self.connect()) as con, con:
            con.execute(SCHEMA)

    def connect(self):
        """Return a new connection: each request opens its own and closes it."""
        return sqlite3.connect(self.database)

    def __call__(self, environ, start_response):
        try:
            status, headers, body = self.answer(environ)
        except Refused as error:
            status, headers, body = as_json(error.status, {"error": str(error)}, *error.headers)
        start_response(f"{int(status)} {HTTPStatus(status).phrase}", list(headers))
        return [body]

    def answer(self, environ):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        number = path.removeprefix("/api/bookmarks/")
        if path == "/healthz":
            return routed(method, GET=lambda: (200, [("Content-Type", "text/plain")], b"ok"))
        if path == "/":
            return routed(method, GET=self.page, POST=lambda: self.from_form(environ))
        if path == "/api/bookmarks":
            return routed(method, GET=self.listed, POST=lambda: self.from_json(environ))
        if number != path and number.isascii() and number.isdigit():
            return routed(method, GET=lambda: self.one(number), DELETE=lambda: self.deleted(number))
        raise Refused(404, "there is nothing here")

    def rows(self, query, *values):
        with closing(self.connect()) as con, con:
            return con.execute(query, values).fetchall()

    def listed(self):
        rows = self.rows("SELECT id, url, title FROM bookmark ORDER BY id")
        return as_json(200, [as_dict(row) for row in rows])

    def one(self, number):
        rows = self.rows("SELECT id, url, title FROM bookmark WHERE id = ?", int(number))
        if not rows:
            raise Refused(404, "there is no such bookmark")
        return as_json(200, as_dict(rows[0]))

    def deleted(self, number):
        with closing(self.connect()) as con, con:
            if not con.execute("DELETE FROM bookmark WHERE id = ?", (int(number),)).rowcount:
                raise Refused(404, "there is no such bookmark")
        return 204, [], b""

    def from_json(self, environ):
        try:
            given = json.loads(body_of(environ))
        except ValueError:
            raise Refused(400, "the body is not JSON") from None
        if not isinstance(given, dict):
            raise Refused(422, "the body is not an object")
        number = self.add(given.get("url"), given.get("title"))
        return as_json(201, {"id": number}, ("Location", f"/api/bookmarks/{number}"))

    def from_form(self, environ):
        fields = parse_qs(body_of(environ).decode("utf-8", "replace"))
        self.add(fields.get("url", [None])[0], fields.get("title", [None])[0])
        return 303, [("Location", "/")], b""

    def add(self, url, title):
        if not (isinstance(url, str) and isinstance(title, str) and title.strip()):
            raise Refused(422, "url and title are needed, as text")
        if urlsplit(url).scheme not in ("http", "https"):
            raise Refused(422, "the url must begin with http:// or https://")
        try:
            with closing(self.connect()) as con, con:
                query = "INSERT INTO bookmark (url, title) VALUES (?, ?)"
                return con.execute(query, (url, title)).lastrowid
        except sqlite3.IntegrityError:
            raise Refused(409, "this url is here already") from None

    def page(self):
        rows = self.rows("SELECT url, title FROM bookmark ORDER BY id")
        items = "".join(
            f'<li><a href="{html.escape(url)}">{html.escape(title)}</a></li>' for url, title in rows
        )
        text = (
            "<!doctype html><title>Bookmarks</title>"
            f"<ul>{items}</ul>"
            '<form method="post"><input name="url" type="url" required>'
            '<input name="title" required><button>Add</button></form>'
        )
        return 200, [("Content-Type", "text/html; charset=utf-8")], text.encode()


def routed(method, **handlers):
    if method not in handlers:
        raise Refused(405, "not with this method", ("Allow", ", ".join(handlers)))
    return handlers[method]()


def body_of(environ):
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Refused(400, "the length is not a number") from None
    if not 0 <= length <= LARGEST:
        raise Refused(400, "the body is too long")
    return environ["wsgi.input"].read(length)


def as_dict(row):
    return dict(zip(("id", "url", "title"), row, strict=True))


def as_json(status, value, *headers):
    return status, [("Content-Type", "application/json"), *headers], json.dumps(value).encode()


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, Application("bookmarks.db")) as server:
        server.serve_forever()
