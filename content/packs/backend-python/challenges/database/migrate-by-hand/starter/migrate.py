"""Migrations for SQLite: python migrate.py party.db

A migration is a file such as 0002_seats.sql in the folder of this program. What was applied is in the
table `migration`.
"""

import hashlib
import re
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")

TABLE = """
CREATE TABLE IF NOT EXISTS migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL
)
"""


class MigrationError(Exception):
    """The migrations can't be applied; the text names the file."""


@dataclass(frozen=True)
class Migration:
    """One file."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self):
        """A fingerprint of the content."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def connect(path):
    """Return a connection that begins no transaction on its own: BEGIN and COMMIT are yours."""
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA foreign_keys = ON")
    return con


def find(folder):
    """Return the migrations of a folder in the order of their numbers. Other files are passed over.

    The numbers are 1, 2, 3 and so on: raise MigrationError if one comes twice or is left out.
    """
    raise NotImplementedError


def pending(con, migrations):
    """Return those that are yet to be applied, in order.

    Raise MigrationError if one that was applied is now different, has another name, or isn't there any
    more.
    """
    raise NotImplementedError


def migrate(con, folder):
    """Apply what is pending, and return the names of what was applied.

    Each migration is one transaction, together with its row in the table `migration`. If one fails, raise
    MigrationError with the original error as its cause: nothing of this one is left, those before it
    stay, and the connection is not in a transaction. Two programs that do this at the same moment apply
    each migration once.
    """
    raise NotImplementedError


def main(arguments):
    """Bring a database up to date, and say what was done."""
    con = connect(arguments[0])
    try:
        done = migrate(con, Path(__file__).parent)
    except MigrationError as error:
        print(f"migrate: {error}", file=sys.stderr)
        return 1
    print("\n".join(done) or "nothing to do")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
