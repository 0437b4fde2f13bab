"""Shared boards with cards, and who may do what on them."""

import hashlib
import secrets
import sqlite3
from contextlib import closing
from functools import wraps

from flask import Flask, abort, current_app, g, jsonify, request, url_for
from werkzeug.exceptions import HTTPException

ROLES = ("viewer", "editor", "owner")

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, token_hash TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS board (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS member (
  board INTEGER NOT NULL REFERENCES board (id) ON DELETE CASCADE,
  user INTEGER NOT NULL REFERENCES user (id),
  role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  PRIMARY KEY (board, user)
);
CREATE TABLE IF NOT EXISTS card (
  id INTEGER PRIMARY KEY,
  board INTEGER NOT NULL REFERENCES board (id) ON DELETE CASCADE,
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


def row(query, *values):
    """Return the first row of a query, or None."""
    return db().execute(query, values).fetchone()


def hash_of(token):
    """Return what is stored of a token. A fast hash will do: a token is random, not chosen."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_user(database, name):
    """Store a user and return the token, which is shown this once."""
    token = secrets.token_urlsafe(32)
    with closing(connect(database)) as con, con:
        con.execute("INSERT INTO user (name, token_hash) VALUES (?, ?)", (name, hash_of(token)))
    return token


def allowed(role):
    """Mark an endpoint with the role that it needs on its board: a role, "anybody" or "public"."""

    def mark(endpoint):
        endpoint.role = role

        @wraps(endpoint)
        def inside(**values):
            return endpoint(**values)

        return inside

    return mark


def guard():
    """Refuse a request before its endpoint sees it. An endpoint without a mark is refused to all."""
    endpoint = current_app.view_functions.get(request.endpoint)
    if endpoint is None:
        return  # an unknown path or method: 404 or 405 will follow
    needed = getattr(endpoint, "role", "nobody")
    if needed == "public":
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    user = row("SELECT id, name FROM user WHERE token_hash = ?", hash_of(token))
    if scheme.lower() != "bearer" or user is None:
        abort(401)
    g.user, g.name = user
    if needed == "anybody":
        return
    found = row("SELECT role FROM member WHERE board = ? AND user = ?", request.view_args["board"], g.user)
    if found is None:
        abort(404)
    [g.role] = found
    if needed == "nobody" or ROLES.index(g.role) < ROLES.index(needed):
        abort(403)


def only(field):
    """Return the one field that the body may have: a text that isn't empty."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or body.keys() != {field}:
        abort(422)
    value = body[field]
    if not isinstance(value, str) or not value.strip():
        abort(422)
    return value


def user_named(name):
    """Return the id of a user, or None."""
    found = row("SELECT id FROM user WHERE name = ?", name)
    return found and found[0]


def card_or_404(board, card):
    """Return a card of this board and no other, as it is sent."""
    found = row(
        "SELECT card.id, text, user.name FROM card JOIN user ON user.id = author"
        " WHERE card.id = ? AND board = ?",
        card,
        board,
    )
    return dict(zip(("id", "text", "author"), found or abort(404), strict=True))


def keep_an_owner(board):
    """Undo the current transaction with 409 if the board has no owner any more."""
    if row("SELECT 1 FROM member WHERE board = ? AND role = 'owner'", board) is None:
        db().rollback()
        abort(409)


def add_members(app):
    """Add the endpoints for members."""

    @app.get("/boards/<int:board>/members")
    @allowed("viewer")
    def list_members(board):
        query = "SELECT name, role FROM member JOIN user ON user.id = user WHERE board = ? ORDER BY name"
        rows = db().execute(query, (board,))
        return jsonify([{"name": name, "role": role} for name, role in rows])

    @app.put("/boards/<int:board>/members/<name>")
    @allowed("owner")
    def set_member(board, name):
        role, user = only("role"), user_named(name)
        if role not in ROLES or user is None:
            abort(422)
        with db():
            db().execute(
                "INSERT INTO member VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET role = excluded.role",
                (board, user, role),
            )
            keep_an_owner(board)
        return "", 204

    @app.delete("/boards/<int:board>/members/<name>")
    @allowed("viewer")
    def remove_member(board, name):
        if g.role != "owner" and name != g.name:
            abort(403)
        with db():
            query = "DELETE FROM member WHERE board = ? AND user = ?"
            if not db().execute(query, (board, user_named(name))).rowcount:
                abort(404)
            keep_an_owner(board)
        return "", 204


def add_cards(app):
    """Add the endpoints for cards."""

    @app.get("/boards/<int:board>/cards")
    @allowed("viewer")
    def list_cards(board):
        ids = db().execute("SELECT id FROM card WHERE board = ? ORDER BY id", (board,)).fetchall()
        return jsonify([card_or_404(board, card) for [card] in ids])

    @app.post("/boards/<int:board>/cards")
    @allowed("editor")
    def add_card(board):
        with db():
            query = "INSERT INTO card (board, author, text) VALUES (?, ?, ?)"
            card = db().execute(query, (board, g.user, only("text"))).lastrowid
        return card_or_404(board, card), 201

    @app.patch("/boards/<int:board>/cards/<int:card>")
    @allowed("editor")
    def change_card(board, card):
        card_or_404(board, card)
        with db():
            db().execute("UPDATE card SET text = ? WHERE id = ?", (only("text"), card))
        return card_or_404(board, card)

    @app.delete("/boards/<int:board>/cards/<int:card>")
    @allowed("editor")
    def delete_card(board, card):
        card_or_404(board, card)
        with db():
            db().execute("DELETE FROM card WHERE id = ?", (card,))
        return "", 204


def create_app(database):
    """Return the application on one database file."""
    app = Flask(__name__, static_folder=None)
    app.config["DATABASE"] = database
    with closing(connect(database)) as con:
        con.executescript(SCHEMA)
    app.before_request(guard)

    @app.teardown_appcontext
    def close(_):
        if "con" in g:
            g.con.close()

    @app.errorhandler(HTTPException)
    def refused(error):
        headers = {"WWW-Authenticate": "Bearer"} if error.code == 401 else {}
        return {"error": error.name}, error.code, headers

    @app.get("/healthz")
    @allowed("public")
    def healthz():
        return "ok"

    @app.post("/boards")
    @allowed("anybody")
    def add_board():
        title = only("title")
        with db():
            board = db().execute("INSERT INTO board (title) VALUES (?)", (title,)).lastrowid
            db().execute("INSERT INTO member VALUES (?, ?, 'owner')", (board, g.user))
        where = url_for("show_board", board=board)
        return {"id": board, "title": title, "role": "owner"}, 201, {"Location": where}

    @app.get("/boards")
    @allowed("anybody")
    def list_boards():
        query = (
            "SELECT id, title, role FROM board JOIN member ON board.id = board WHERE user = ? ORDER BY id"
        )
        rows = db().execute(query, (g.user,))
        return jsonify([dict(zip(("id", "title", "role"), each, strict=True)) for each in rows])

    @app.get("/boards/<int:board>")
    @allowed("viewer")
    def show_board(board):
        [title] = row("SELECT title FROM board WHERE id = ?", board)
        return {"id": board, "title": title, "role": g.role}

    @app.patch("/boards/<int:board>")
    @allowed("owner")
    def rename_board(board):
        with db():
            db().execute("UPDATE board SET title = ? WHERE id = ?", (only("title"), board))
        return show_board(board=board)

    @app.delete("/boards/<int:board>")
    @allowed("owner")
    def delete_board(board):
        with db():
            db().execute("DELETE FROM board WHERE id = ?", (board,))
        return "", 204

    add_members(app)
    add_cards(app)
    return app
