"""The data layer of a lending library on SQLite. All days are text such as 2026-11-30."""

import pathlib
import sqlite3


def connect(database):
    """Return a connection on which foreign keys are enforced."""
    con = sqlite3.connect(database)
    con.execute("PRAGMA foreign_keys = ON")
    return con


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
    query = "INSERT INTO loan (item, member, lent_on, due_on) VALUES (?, ?, ?, ?)"
    try:
        with con:
            con.executemany(query, [(item, member, lent_on, due_on) for item in items])
    except sqlite3.IntegrityError as error:
        raise NotLent("an item is out, or item or member are unknown") from error


def give_back(con, item, day):
    """Close the open loan of an item. Raise NotLent if there is none."""
    with con:
        query = "UPDATE loan SET returned_on = ? WHERE item = ? AND returned_on IS NULL"
        if con.execute(query, (day, item)).rowcount == 0:
            raise NotLent("this item is not out")


def open_loans(con):
    """Return (title, name, due_on) of each open loan, the earliest due first, with one query."""
    return con.execute(
        "SELECT title, name, due_on FROM loan"
        " JOIN item ON item.id = loan.item JOIN member ON member.id = loan.member"
        " WHERE returned_on IS NULL ORDER BY due_on, loan.id"
    ).fetchall()


OVERDUE = """
SELECT title, name, due_on FROM loan
JOIN item ON item.id = loan.item JOIN member ON member.id = loan.member
WHERE returned_on IS NULL AND due_on < ? ORDER BY due_on, loan.id
"""


def overdue(con, day):
    """Return (title, name, due_on) of the loans that were due before a day."""
    return con.execute(OVERDUE, (day,)).fetchall()
