"""Shared boards with cards, and who may do what on them: pip install flask

Everything but GET /healthz needs the header `Authorization: Bearer TOKEN`. Bodies are JSON.

    request                              who              answer
    POST   /boards {"title"}             everybody        201, Location; the sender is its owner
    GET    /boards                       everybody        only boards of the sender: id, title, role
    GET    /boards/<id>                  viewer           id, title, role of the sender
    PATCH  /boards/<id> {"title"}        owner            200
    DELETE /boards/<id>                  owner            204
    GET    /boards/<id>/members          viewer           a list of name and role
    PUT    /boards/<id>/members/<name> {"role"}   owner   204; 422 for an unknown name or role
    DELETE /boards/<id>/members/<name>   owner; members may remove themselves    204
    GET    /boards/<id>/cards            viewer           a list of id, text, author
    POST   /boards/<id>/cards {"text"}   editor           201, the card
    PATCH  /boards/<id>/cards/<card> {"text"}     editor  200, the card
    DELETE /boards/<id>/cards/<card>     editor           204

An editor may do what a viewer may, an owner all.

- 401, with WWW-Authenticate: no token, or one that nobody has
- 404: there is no such board or card, or the sender isn't a member of the board. Nobody can tell which.
- 403: a member with too low a role
- 409: the board would have no owner any more
- 422: a field is missing, empty, of a wrong type, or unknown
"""

import hashlib
import secrets
import sqlite3
from contextlib import closing

from flask import Flask, current_app, g

ROLES = ("viewer", "editor", "owner")

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, token_hash TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS board (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS member (
  board INTEGER NOT NULL REFERENCES board (id),
  user INTEGER NOT NULL REFERENCES user (id),
  role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  PRIMARY KEY (board, user)
);
CREATE TABLE IF NOT EXISTS card (
  id INTEGER PRIMARY KEY,
  board INTEGER NOT NULL REFERENCES board (id),
  author INTEGER NOT NULL REFERENCES user (id),
  text TEXT NOT NULL
);
"""


def connect(database):
    """Return a connection on which foreign keys are enforced."""
    con = sqlite3.connect(database)
    con.execute("PRAGMA foreign_keys = ON")
    return con


def db():
    """Return the connection of the current request."""
    if "con" not in g:
        g.con = connect(current_app.config["DATABASE"])
    return g.con


def hash_of(token):
    """Return what is stored of a token. A fast hash will do: a token is random, not chosen."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_user(database, name):
    """Store a user and return the token, which is shown this once."""
    token = secrets.token_urlsafe(32)
    with closing(connect(database)) as con, con:
        con.execute("INSERT INTO user (name, token_hash) VALUES (?, ?)", (name, hash_of(token)))
    return token


def create_app(database):
    """Return the application on one database file."""
    app = Flask(__name__, static_folder=None)
    app.config["DATABASE"] = database
    with closing(connect(database)) as con:
        con.executescript(SCHEMA)

    @app.teardown_appcontext
    def close(_):
        if "con" in g:
            g.con.close()

    @app.get("/healthz")
    def healthz():
        return "ok"

    return app
