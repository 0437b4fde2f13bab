"""A link shortener. This file is the door that the tests knock at; what is behind it is yours.

`make_app` returns a WSGI application: a Flask object, Django's `get_wsgi_application()`, or plain
Python as below. For FastAPI, wrap it with a2wsgi's ASGIMiddleware.

    GET    /healthz                200
    POST   /api/links {"url"}      201, Location: /<code>; 400 or 422 for a bad url; 429 over the limit;
                                   503 if five codes in a row are taken
    GET    /<code>                 302 to the url, and one visit more; 404
    GET    /api/links              my links: a list of code, url, visits
    GET    /api/links/<code>       {"code", "url", "visits", "days": {"2026-11-29": 3}}; 404 if not mine
    DELETE /api/links/<code>       204; 404 if not mine

/api/ needs the header `Authorization: Bearer KEY`, else 401. Errors are JSON with a field `error`.
"""

import json
import secrets
from datetime import UTC, datetime

LIMIT = 20
"""New links per user in one hour."""


def now():
    """Return the time. Everything asks here, so that tests can turn the clock."""
    return datetime.now(UTC)


def new_code():
    """Return a random code of seven characters. Everything asks here: tests can force a collision."""
    return secrets.token_urlsafe(6)[:7]


def make_app(database):
    """Return the application on one database file, and create the tables if they aren't there."""

    def application(environ, start_response):
        found = environ["PATH_INFO"] == "/healthz"
        status = "200 OK" if found else "501 Not Implemented"
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps({"healthy": True} if found else {"error": "not written yet"}).encode()]

    return application


def add_user(database, name):
    """Store a user in the database that make_app prepared, and return the API key, shown this once."""
    raise NotImplementedError
