"""A service for notes with eight holes. Run it on your own machine only: flask --app notes run

The holes: SQL made of text, notes shown as HTML, no CSRF token, no word about frames, nobody asks
whose note it is, endless logins, fast hashes, and one in requirements.txt.
"""

import hashlib
import os
import sqlite3

from flask import Flask, abort, current_app, g, redirect, render_template_string, request, session

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, secret TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS note (
  id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES user (id), text TEXT NOT NULL
);
"""

ACCOUNT = """<!doctype html><title>{{ title }}</title>
<form method="post" action="{{ request.path }}">
<input name="name"><input name="password" type="password"><button>{{ title }}</button></form>
"""

LIST = """<!doctype html><title>Notes</title>
<form method="get" action="/"><input name="q"><button>Search</button></form>
<form method="post" action="/notes"><textarea name="text"></textarea><button>Add</button></form>
<ul>{% for number, text in notes %}
<li><a href="/notes/{{ number }}">Open</a> {{ text|safe }}</li>
{% endfor %}</ul>
"""

NOTE = """<!doctype html><title>Note {{ number }}</title><p>{{ text|safe }}</p>
<form method="post" action="/notes/{{ number }}/delete"><button>Delete</button></form>
"""


def db():
    """Return the connection of the current request."""
    if "con" not in g:
        g.con = sqlite3.connect(current_app.config["DATABASE"])
    return g.con


def me():
    """Return the id of the user who is logged in, or end the request with 401."""
    return session.get("user") or abort(401)


def hashed(password):
    """Return what is stored of a password."""
    return hashlib.sha256(password.encode()).hexdigest()


def create_app(database="notes.db"):
    """Return the application on one database file."""
    app = Flask(__name__, static_folder=None)
    app.config.update(DATABASE=database, SECRET_KEY=os.urandom(32))
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
            secret = hashed(request.form["password"])
            db().execute("INSERT INTO user (name, secret) VALUES (?, ?)", (request.form["name"], secret))
        return redirect("/login", 303)

    @app.route("/login", methods=["GET", "POST"])
    def login():
        if request.method == "GET":
            return render_template_string(ACCOUNT, title="Log in")
        name, secret = request.form["name"], hashed(request.form["password"])
        row = db().execute(f"SELECT id FROM user WHERE name = '{name}' AND secret = '{secret}'").fetchone()
        if row is None:
            abort(401)
        session["user"] = row[0]
        return redirect("/", 303)

    @app.get("/")
    def list_notes():
        query = (
            f"SELECT id, text FROM note WHERE owner = {me()} AND text LIKE '%{request.args.get('q', '')}%'"
        )
        return render_template_string(LIST, notes=db().execute(query).fetchall())

    @app.post("/notes")
    def add():
        with db():
            note = db().execute(
                "INSERT INTO note (owner, text) VALUES (?, ?)", (me(), request.form["text"])
            )
        return redirect(f"/notes/{note.lastrowid}", 303)

    @app.get("/notes/<int:number>")
    def show(number):
        me()
        row = db().execute("SELECT text FROM note WHERE id = ?", (number,)).fetchone() or abort(404)
        return render_template_string(NOTE, number=number, text=row[0])

    @app.post("/notes/<int:number>/delete")
    def delete(number):
        me()
        with db():
            db().execute("DELETE FROM note WHERE id = ?", (number,))
        return redirect("/", 303)

    return app
