"""An inbox for webhooks as a plain WSGI application: python inbox.py"""

import hashlib
import hmac
import json
import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

LARGEST = 64 * 1024
TOLERANCE = 300

SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery TEXT NOT NULL UNIQUE,
  received INTEGER NOT NULL,
  body TEXT NOT NULL
)
"""


@dataclass(frozen=True)
class Settings:
    """What differs between two installations."""

    secrets: tuple
    token: str
    database: str


class SettingsError(Exception):
    """A setting is missing or too weak; the text names it and never contains its value."""


def read_settings(environ):
    """Return the Settings of an environment. Raise SettingsError."""
    secrets = tuple(each.strip() for each in environ.get("WEBHOOK_SECRETS", "").split(","))
    token = environ.get("READER_TOKEN", "")
    for name, values in (("WEBHOOK_SECRETS", secrets), ("READER_TOKEN", [token])):
        if any(len(value) < 16 for value in values):
            raise SettingsError(f"{name} must have 16 characters or more")
    return Settings(secrets, token, environ.get("DATABASE", "inbox.db"))


def signature(secret, timestamp, body):
    """Return the signature that a sender computes for a body."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_genuine(secrets, timestamp, body, given, now):
    """Tell if the signature fits one of the secrets, and the timestamp is at most TOLERANCE seconds off."""
    if not is_number(timestamp) or abs(now - int(timestamp)) > TOLERANCE:
        return False
    fits = [same(signature(secret, timestamp, body), given) for secret in secrets]
    return any(fits)


def same(ours, given):
    """Compare two texts in a time that says nothing about where they differ."""
    return hmac.compare_digest(ours.encode(), given.encode("utf-8", "surrogateescape"))


def is_number(text):
    return text.isascii() and text.isdigit() and len(text) <= 15


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status, message, *headers):
        super().__init__(message)
        self.status, self.headers = status, headers


class Application:
    """The inbox."""

    def __init__(self, settings, clock=time.time):
        self.settings = settings
        self.clock = clock
        with closing(self.connect()) as con, con:
            con.execute(SCHEMA)

    def connect(self):
        return sqlite3.connect(self.settings.database)

    def __call__(self, environ, start_response):
        try:
            status, headers, body = self.answer(environ)
        except Refused as error:
            status, headers, body = as_json(error.status, {"error": str(error)}, *error.headers)
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]

    def answer(self, environ):
        """Return the status, a list of headers and the body of the answer."""
        routes = {
            "/hooks": ("POST", self.receive),
            "/events": ("GET", self.events),
            "/livez": ("GET", lambda _: (200, [("Content-Type", "text/plain")], b"ok")),
            "/readyz": ("GET", self.ready),
        }
        if environ["PATH_INFO"] not in routes:
            raise Refused(404, "there is nothing here")
        method, handler = routes[environ["PATH_INFO"]]
        if environ["REQUEST_METHOD"] != method:
            raise Refused(405, "not with this method", ("Allow", method))
        return handler(environ)

    def receive(self, environ):
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
            raise Refused(415, "only application/json is taken")
        body = body_of(environ)
        headers = (environ.get(f"HTTP_X_{name}", "") for name in ("TIMESTAMP", "SIGNATURE", "DELIVERY"))
        timestamp, given, delivery = headers
        if not is_genuine(self.settings.secrets, timestamp, body, given, self.clock()):
            raise Refused(401, "the signature does not fit")
        try:
            event = json.loads(body, parse_constant=not_json)
        except ValueError:
            raise Refused(400, "the body is not JSON") from None
        kind = event.get("kind") if isinstance(event, dict) else None
        if not (isinstance(kind, str) and kind and delivery):
            raise Refused(400, "a kind and an X-Delivery are needed")
        return as_json(202 if self.store(delivery, event) else 200, {"delivery": delivery})

    def store(self, delivery, event):
        """Store an event, and tell if it is new."""
        query = "INSERT INTO event (delivery, received, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        with closing(self.connect()) as con, con:
            return con.execute(query, (delivery, int(self.clock()), json.dumps(event))).rowcount == 1

    def events(self, environ):
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer" or not same(self.settings.token, token):
            raise Refused(401, "a token is needed", ("WWW-Authenticate", "Bearer"))
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        after, limit = query.get("after", ["0"])[0], query.get("limit", ["20"])[0]
        if not (is_number(after) and is_number(limit) and 1 <= int(limit) <= 100):
            raise Refused(400, "after is a number from 0, limit one from 1 to 100")
        with closing(self.connect()) as con:
            rows = con.execute(
                "SELECT id, delivery, received, body FROM event WHERE id > ? ORDER BY id LIMIT ?",
                (int(after), int(limit)),
            ).fetchall()
        names = ("id", "delivery", "received", "body")
        return as_json(200, [dict(zip(names, (*row[:3], json.loads(row[3])), strict=True)) for row in rows])

    def ready(self, environ):
        try:
            with closing(self.connect()) as con:
                con.execute("SELECT 1 FROM event LIMIT 1").fetchall()
        except sqlite3.Error:
            return 503, [("Content-Type", "text/plain")], b"the database does not answer"
        return 200, [("Content-Type", "text/plain")], b"ok"


def not_json(name):
    raise ValueError(f"{name} is not JSON")


def body_of(environ):
    length = environ.get("CONTENT_LENGTH", "")
    if not length:
        raise Refused(411, "a Content-Length is needed")
    if not is_number(length):
        raise Refused(400, "the Content-Length is not a number")
    if int(length) > LARGEST:
        raise Refused(413, "the body is too large")
    return environ["wsgi.input"].read(int(length))


def as_json(status, value, *headers):
    return status, [("Content-Type", "application/json"), *headers], json.dumps(value).encode()


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, Application(read_settings(os.environ))) as server:
        server.serve_forever()
