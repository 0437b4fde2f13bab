"""The data layer of a lending library on SQLite. All days are text such as 2026-11-30."""

import pathlib
import sqlite3


def connect(database):
    """Return a connection on which foreign keys are enforced."""
    return sqlite3.connect(database)


def create_schema(con):
    """Create the tables in an empty database."""
    con.executescript(pathlib.Path(__file__).with_name("schema.sql").read_text())


def add_item(con, code, title):
    """Store an item and return its id."""
    with con:
        return con.execute("INSERT INTO item (code, title) VALUES (?, ?)", (code, title)).lastrowid


def add_member(con, name, email):
    """Store a member and return the id."""
    with con:
        query = "INSERT INTO member (name, email) VALUES (?, ?)"
        return con.execute(query, (name, email)).lastrowid


class NotLent(Exception):
    """The loan is not possible; the text says why."""


def lend(con, items, member, lent_on, due_on):
    """Lend several items to a member: all of them or, with NotLent, none."""
    raise NotImplementedError


def give_back(con, item, day):
    """Close the open loan of an item. Raise NotLent if there is none."""
    raise NotImplementedError


def open_loans(con):
    """Return (title, name, due_on) of each open loan, the earliest due first, with one query."""
    raise NotImplementedError


OVERDUE = ""
"""The query of overdue: open loans that were due before the day `?`, as in open_loans."""


def overdue(con, day):
    """Return (title, name, due_on) of the loans that were due before a day."""
    return con.execute(OVERDUE, (day,)).fetchall()
