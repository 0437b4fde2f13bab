"""Tools and loans in SQLite; both implementations use it."""

import os
import sqlite3
from contextlib import closing

SCHEMA = """
CREATE TABLE IF NOT EXISTS tool (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, phone TEXT
);
CREATE TABLE IF NOT EXISTS loan (
  id INTEGER PRIMARY KEY, tool INTEGER NOT NULL REFERENCES tool (id), borrower TEXT NOT NULL,
  returned INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS one_open ON loan (tool) WHERE returned = 0;
"""


class Missing(Exception):
    """There is no such tool or loan."""


class Out(Exception):
    """The tool is out."""


class Invalid(Exception):
    """A field is missing, of another type or outside its limits."""


def rows(query, *values):
    with closing(sqlite3.connect(os.environ["DATABASE"])) as con, con:
        con.row_factory = sqlite3.Row
        con.execute("PRAGMA foreign_keys = ON")
        return con.execute(query, values).fetchall()


def create():
    with closing(sqlite3.connect(os.environ["DATABASE"])) as con:
        con.executescript(SCHEMA)


def text(body, name):
    value = body.get(name) if isinstance(body, dict) else None
    if not (isinstance(value, str) and value.strip() and len(value) <= 100):
        raise Invalid(f"{name} must be a text of 1 to 100 characters")
    return value


def as_loan(row):
    return dict(row) | {"returned": bool(row["returned"])}


def tools():
    return [dict(row) for row in rows("SELECT id, name, owner FROM tool ORDER BY id")]


def tool(number):
    found = rows("SELECT id, name, owner FROM tool WHERE id = ?", number)
    if not found:
        raise Missing("there is no such tool")
    return dict(found[0])


def add_tool(body):
    name, owner = text(body, "name"), text(body, "owner")
    phone = body.get("phone")
    if not isinstance(phone, str | None):
        raise Invalid("phone must be a text")
    query = "INSERT INTO tool (name, owner, phone) VALUES (?, ?, ?) RETURNING id, name, owner"
    return dict(rows(query, name, owner, phone)[0])


def loans():
    return [as_loan(row) for row in rows("SELECT * FROM loan WHERE NOT returned ORDER BY id")]


def loan(number):
    found = rows("SELECT * FROM loan WHERE id = ?", number)
    if not found:
        raise Missing("there is no such loan")
    return as_loan(found[0])


def lend(number, body):
    tool(number)
    try:
        found = rows(
            "INSERT INTO loan (tool, borrower) VALUES (?, ?) RETURNING *", number, text(body, "borrower")
        )
    except sqlite3.IntegrityError:
        raise Out("the tool is out") from None
    return as_loan(found[0])


def give_back(number, body):
    loan(number)
    if not (isinstance(body, dict) and body.get("returned") is True):
        raise Invalid("returned must be true")
    rows("UPDATE loan SET returned = 1 WHERE id = ?", number)
    return loan(number)
