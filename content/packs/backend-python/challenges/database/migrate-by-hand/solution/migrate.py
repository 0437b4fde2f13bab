"""Migrations for SQLite: python migrate.py party.db"""

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
    """Return the migrations of a folder in the order of their numbers."""
    found = []
    for file in sorted(Path(folder).iterdir()):
        if match := NAME.fullmatch(file.name):
            found.append(Migration(int(match[1]), file.name, file.read_text(encoding="utf-8")))
    for number, each in enumerate(found, start=1):
        if each.number != number:
            raise MigrationError(f"{each.name}: number {number} was expected")
    return found


def pending(con, migrations):
    """Return those that are yet to be applied, in order."""
    known = {each.number: each for each in migrations}
    applied = con.execute("SELECT number, name, checksum FROM migration").fetchall()
    for number, name, checksum in applied:
        now = known.get(number)
        if now is None or (now.name, now.checksum) != (name, checksum):
            raise MigrationError(f"{name}: it was applied, and is different now or gone")
    return [each for each in migrations if each.number not in {number for number, *_ in applied}]


def migrate(con, folder):
    """Apply what is pending, and return the names of what was applied."""
    migrations = find(folder)
    done = []
    while True:
        con.execute("BEGIN IMMEDIATE")
        try:
            con.execute(TABLE)
            rest = pending(con, migrations)
            if not rest:
                con.execute("COMMIT")
                return done
            for statement in statements(rest[0].sql):
                con.execute(statement)
            con.execute(
                "INSERT INTO migration VALUES (?, ?, ?)", (rest[0].number, rest[0].name, rest[0].checksum)
            )
            con.execute("COMMIT")
        except BaseException as error:
            con.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise MigrationError(f"{rest[0].name}: {error}") from error
            raise
        done.append(rest[0].name)


def statements(sql):
    """Yield the statements of a script one by one."""
    part = ""
    for piece in re.split(r"(?<=;)", sql + "\n;"):
        part += piece
        if sqlite3.complete_statement(part):
            yield part
            part = ""


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
