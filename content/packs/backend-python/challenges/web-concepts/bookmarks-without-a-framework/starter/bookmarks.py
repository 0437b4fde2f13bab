"""A bookmark service as a plain WSGI application. Run it with: python bookmarks.py"""

import json
import sqlite3
from wsgiref.simple_server import make_server

SCHEMA = """
CREATE TABLE IF NOT EXISTS bookmark (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL
)
"""


class Application:
    """The service, on one database file."""

    def __init__(self, database):
        self.database = database
        with self.connect() as con:
            con.execute(SCHEMA)
        con.close()

    def connect(self):
        """Return a new connection: each request opens its own and closes it."""
        return sqlite3.connect(self.database)

    def __call__(self, environ, start_response):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if (method, path) == ("GET", "/healthz"):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"ok"]
        start_response("501 Not Implemented", [("Content-Type", "application/json")])
        return [json.dumps({"error": "not written yet"}).encode()]


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, Application("bookmarks.db")) as server:
        server.serve_forever()
