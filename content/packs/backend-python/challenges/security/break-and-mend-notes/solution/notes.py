"""A service for notes, with eight holes fixed."""

import hmac
import os
import secrets
import sqlite3
import time

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from flask import Flask, abort, current_app, g, redirect, render_template_string, request, session

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODY = HASHER.hash(secrets.token_hex())
ATTEMPTS, WINDOW = 5, 15 * 60

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, secret TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS note (
  id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES user (id), text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS failure (name TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS failure_of ON failure (name, at);
"""

TOKEN = '<input name="token" type="hidden" value="{{ token() }}">'

ACCOUNT = f"""<!doctype html><title>{{{{ title }}}}</title>
<form method="post" action="{{{{ request.path }}}}">{TOKEN}
<input name="name"><input name="password" type="password"><button>{{{{ title }}}}</button></form>
"""

LIST = f"""<!doctype html><title>Notes</title>
<form method="get" action="/"><input name="q"><button>Search</button></form>
<form method="post" action="/notes">{TOKEN}<textarea name="text"></textarea><button>Add</button></form>
<ul>{{% for number, text in notes %}}
<li><a href="/notes/{{{{ number }}}}">Open</a> {{{{ text }}}}</li>
{{% endfor %}}</ul>
"""

NOTE = f"""<!doctype html><title>Note {{{{ number }}}}</title><p>{{{{ text }}}}</p>
<form method="post" action="/notes/{{{{ number }}}}/delete">{TOKEN}<button>Delete</button></form>
"""


def db():
    """Return the connection of the current request."""
    if "con" not in g:
        g.con = sqlite3.connect(current_app.config["DATABASE"])
    return g.con


def me():
    """Return the id of the user who is logged in, or end the request with 401."""
    return session.get("user") or abort(401)


def token():
    """Return the CSRF token of the session."""
    return session.setdefault("token", secrets.token_urlsafe())


def check_form():
    """Refuse a POST that doesn't come from a form of ours."""
    if request.method == "POST":
        if request.headers.get("Origin", request.host_url.rstrip("/")) != request.host_url.rstrip("/"):
            abort(403)
        if not hmac.compare_digest(request.form.get("token", "").encode(), token().encode()):
            abort(400)


def with_policy(answer):
    """Say on each answer what a browser may do with it."""
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return answer


def verified(secret, password):
    """Tell if a password fits a hash."""
    try:
        return HASHER.verify(secret, password)
    except Argon2Error:
        return False


def note_of_mine(number):
    """Return the text of a note of the user who is logged in, or end the request with 404."""
    row = db().execute("SELECT text FROM note WHERE id = ? AND owner = ?", (number, me())).fetchone()
    return (row or abort(404))[0]


def create_app(database="notes.db"):
    """Return the application on one database file."""
    app = Flask(__name__, static_folder=None)
    app.config.update(DATABASE=database, SECRET_KEY=os.urandom(32), SESSION_COOKIE_SAMESITE="Lax")
    app.add_template_global(token)
    app.before_request(check_form)
    app.after_request(with_policy)
    with app.app_context():
        db().executescript(SCHEMA)
        g.pop("con").close()

    @app.teardown_appcontext
    def close(_):
        if "con" in g:
            g.con.close()

    @app.route("/signup", methods=["GET", "POST"])
    def signup():
        if request.method == "GET":
            return render_template_string(ACCOUNT, title="Sign up")
        with db():
            secret = HASHER.hash(request.form["password"])
            db().execute("INSERT INTO user (name, secret) VALUES (?, ?)", (request.form["name"], secret))
        return redirect("/login", 303)

    @app.route("/login", methods=["GET", "POST"])
    def login():
        if request.method == "GET":
            return render_template_string(ACCOUNT, title="Log in")
        name, now = request.form["name"], time.time()
        recent = "SELECT count(*) FROM failure WHERE name = ? AND at > ?"
        if db().execute(recent, (name, now - WINDOW)).fetchone()[0] >= ATTEMPTS:
            abort(429)
        row = db().execute("SELECT id, secret FROM user WHERE name = ?", (name,)).fetchone()
        if not verified(row[1] if row else NOBODY, request.form["password"]):
            with db():
                db().execute("INSERT INTO failure VALUES (?, ?)", (name, now))
            abort(401)
        session.clear()
        session["user"] = row[0]
        return redirect("/", 303)

    @app.get("/")
    def list_notes():
        query = "SELECT id, text FROM note WHERE owner = ? AND instr(text, ?)"
        return render_template_string(
            LIST, notes=db().execute(query, (me(), request.args.get("q", ""))).fetchall()
        )

    @app.post("/notes")
    def add():
        with db():
            note = db().execute(
                "INSERT INTO note (owner, text) VALUES (?, ?)", (me(), request.form["text"])
            )
        return redirect(f"/notes/{note.lastrowid}", 303)

    @app.get("/notes/<int:number>")
    def show(number):
        return render_template_string(NOTE, number=number, text=note_of_mine(number))

    @app.post("/notes/<int:number>/delete")
    def delete(number):
        note_of_mine(number)
        with db():
            db().execute("DELETE FROM note WHERE id = ? AND owner = ?", (number, me()))
        return redirect("/", 303)

    return app
