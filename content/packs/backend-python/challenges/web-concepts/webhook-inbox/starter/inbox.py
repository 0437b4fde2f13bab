"""An inbox for webhooks as a plain WSGI application: python inbox.py

A shop sends a POST for each thing that happens. It signs each delivery, and repeats one until it gets a
2xx. Settings come from the environment: WEBHOOK_SECRETS, READER_TOKEN and DATABASE.
"""

import hashlib
import hmac
import os
import time
from dataclasses import dataclass
from http import HTTPStatus
from wsgiref.simple_server import make_server

LARGEST = 64 * 1024
"""Bytes of a body, at most."""

TOLERANCE = 300
"""Seconds that the clock of a sender may differ from ours."""


@dataclass(frozen=True)
class Settings:
    """What differs between two installations."""

    secrets: tuple
    token: str
    database: str


class SettingsError(Exception):
    """A setting is missing or too weak; the text names it and never contains its value."""


def read_settings(environ):
    """Return the Settings of an environment. Raise SettingsError.

    WEBHOOK_SECRETS is one secret or several with commas between them: while a secret is exchanged, the
    old and the new one are both right. A secret and READER_TOKEN have 16 characters or more. DATABASE is
    a path, "inbox.db" if it is missing.
    """
    raise NotImplementedError


def signature(secret, timestamp, body):
    """Return the signature that a sender computes for a body: sha256= and 64 hexadecimal digits."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_genuine(secrets, timestamp, body, given, now):
    """Tell if the signature fits one of the secrets, and the timestamp is at most TOLERANCE seconds off.

    `timestamp` and `given` are headers as they came in, so they can be any text.
    """
    raise NotImplementedError


class Application:
    """The inbox.

    - POST /hooks: 202 for a new delivery, 200 for one that was stored before. Otherwise, in this order:
      415 unless it is application/json; 411 without a Content-Length, 400 if that isn't a number, 413 if
      it is above LARGEST; 401 unless it is genuine; 400 for a body that isn't a JSON object with a text
      `kind`, or without an X-Delivery. (NaN isn't JSON, even if Python's parser takes it.)
    - GET /events?after=0&limit=20: with "Authorization: Bearer" and the token, a JSON list of what is
      stored after an id, oldest first, each with id, delivery, received and body. Otherwise 401 with
      WWW-Authenticate. A limit from 1 to 100; 400 for other values.
    - GET /livez: 200 while the process runs. GET /readyz: 200 if the database answers, else 503.

    Unknown paths are 404, other methods 405 with Allow. All answers but those of /livez and /readyz are
    JSON, errors an object with `error`.
    """

    def __init__(self, settings, clock=time.time):
        self.settings = settings
        self.clock = clock

    def __call__(self, environ, start_response):
        status, headers, body = self.answer(environ)
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]

    def answer(self, environ):
        """Return the status, a list of headers and the body of the answer."""
        if environ["PATH_INFO"] == "/livez":
            return 200, [("Content-Type", "text/plain")], b"ok"
        return 404, [("Content-Type", "application/json")], b'{"error": "there is nothing here"}'


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, Application(read_settings(os.environ))) as server:
        server.serve_forever()
