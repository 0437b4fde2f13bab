"""The database in a package of Anki, read in memory as what it is: a file of somebody else's.

Nothing in it runs. It may have tables alone, and only three of them are read, by queries without functions;
time and lengths are bounded. The layout is what Anki calls schema 11, which every version can export.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import Any

from content.errors import shown
from content.formats.anki_notes import AnkiNote
from content.formats.base import FOUND, Note, RefusedError

DATABASE_BYTES = 16 * 1024 * 1024
"""Bytes of a database, at most."""

OLDER = 'in the export window tick "Support older Anki versions", and export it again'
"""Advice for a package in a newer layout."""

SCHEMA = 11

_TABLES = ("col", "notes", "cards")
_NOTES = "SELECT id, guid, mid, tags, flds FROM notes ORDER BY id LIMIT ?"
_MAGIC = b"SQLite format 3\0"
_WAL, _ROLLBACK = b"\2\2", b"\1\1"
_CARDS = 400_000
_DESCRIPTION = 4 * 1024 * 1024
_EVERY, _STEPS = 10_000, 5_000
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: DATABASE_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 2,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 10,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 10,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}


@dataclass(frozen=True)
class _NoteType:
    name: str
    cloze: bool
    fields: tuple[str, ...]


def notes_of(data: bytes, file: str) -> Iterator[AnkiNote | Note]:
    """Yield the notes of a database in the order of their making; for one that can't be read, the reason.

    Raises RefusedError, for the whole file.
    """
    if not data.startswith(_MAGIC):
        raise RefusedError(file, "its collection isn't a database")
    place = file
    try:
        with closing(_opened(data)) as database:
            _require_tables(database, file)
            reader = _Reader(database, file)
            rows = database.execute(_NOTES, [FOUND + 1])
            for number in count(1):
                place = f"{file}, note {number}"
                row = rows.fetchone()
                if row is None:
                    return
                if number > FOUND:
                    message = f"the file has more than {FOUND:,} notes; export one deck at a time"
                    raise RefusedError(place, message)
                yield reader.note(place, number, row)
    except sqlite3.Error as error:
        raise RefusedError(place, f"its database can't be read ({_reason(error)})") from None


def _opened(data: bytes) -> sqlite3.Connection:
    """Return a copy of the database in memory that can't be changed, and that runs nothing."""
    if data[18:20] == _WAL:  # a log next to the file is expected then, and there is none
        data = data[:18] + _ROLLBACK + data[20:]
    database = sqlite3.connect(":memory:", isolation_level=None)
    for limit, most in _LIMITS.items():
        database.setlimit(limit, most)
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA cell_size_check=ON")
    database.execute("PRAGMA query_only=ON")
    database.deserialize(data)
    database.text_factory = bytes  # texts may be in any encoding
    spent = count()
    database.set_progress_handler(lambda: next(spent) > _STEPS, _EVERY)
    return database


def _require_tables(database: sqlite3.Connection, file: str) -> None:
    """Let queries read nothing but tables that are nothing more. Raises RefusedError, and sqlite3.Error."""
    tables: dict[str, int] = {}
    for kind, name, page in database.execute("SELECT type, name, rootpage FROM sqlite_master"):
        if kind in {b"view", b"trigger"}:
            message = f"its database has the {kind.decode()} {_named(name)}, and Anki's have none"
            raise RefusedError(file, message)
        if kind == b"table":
            tables[_named(name).lower()] = page
    for table in _TABLES:
        if table not in tables:
            raise RefusedError(file, f"its database has no table {table}, so it isn't Anki's")
        columns = database.execute(f"PRAGMA table_xinfo({table})").fetchall()
        if not tables[table] or any(hidden for *_, hidden in columns):
            raise RefusedError(file, f"the table {table} in its database is computed, and Anki's aren't")
    database.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY
    )


class _Reader:
    """Notes with the names of their fields and decks, which Anki keeps as JSON. Raises RefusedError."""

    def __init__(self, database: sqlite3.Connection, file: str) -> None:
        self.file = file
        row = database.execute("SELECT ver, models, decks FROM col LIMIT 1").fetchone()
        if row is None:
            raise RefusedError(file, "its database has no collection")
        version, types, decks = row
        if version != SCHEMA:
            raise RefusedError(file, f"its database has a layout other than {SCHEMA}; {OLDER}")
        self.types = dict(_note_types(_described(types, "note types", file)))
        self.decks = {
            key: str(each.get("name", ""))
            for key, each in _described(decks, "decks", file).items()
            if isinstance(each, dict)
        }
        self.homes: dict[object, object] = {}
        for note, deck, home in database.execute("SELECT nid, did, odid FROM cards LIMIT ?", [_CARDS]):
            self.homes.setdefault(note, home or deck)
        self.seen: dict[object, int] = {}

    def note(self, place: str, number: int, row: tuple[Any, ...]) -> AnkiNote | Note:
        """Return a note, or the reason why it can't be read."""
        try:
            return self._note(place, number, row)
        except ValueError as error:
            return Note(place, "", f"left out, since {error}")

    def _note(self, place: str, number: int, row: tuple[Any, ...]) -> AnkiNote:
        id_, guid, kind, tags, fields = row
        for name, value in (("id", id_), ("guid", guid)):
            first = self.seen.setdefault((name, value), number)
            if first != number and value:
                raise ValueError(f"note {first} has the same {name}")
        note_type = self.types.get(str(kind))
        if note_type is None:
            raise ValueError("its note type isn't in the file")
        texts = _text(fields).split("\x1f")
        if len(texts) != len(note_type.fields):
            raise ValueError("its fields aren't those of its note type")
        return AnkiNote(
            place,
            note_type.name,
            tuple(zip(note_type.fields, texts, strict=True)),
            note_type.cloze,
            tuple(_text(tags).split()),
            self.decks.get(str(self.homes.get(id_)), ""),
        )


def _described(value: object, name: str, file: str) -> dict[str, Any]:
    """Return what Anki keeps as JSON. Raises RefusedError."""
    try:
        text = _text(value)
        described = json.loads(text) if len(text) <= _DESCRIPTION else None
    except (ValueError, RecursionError):
        described = None
    if not isinstance(described, dict):
        raise RefusedError(file, f"its list of {name} can't be read")
    return described


def _note_types(described: dict[str, Any]) -> Iterator[tuple[str, _NoteType]]:
    """Yield the note types that are whole, by id."""
    for key, each in described.items():
        fields = each.get("flds") if isinstance(each, dict) else None
        if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
            continue
        names = tuple(str(field.get("name", "")) for field in fields)
        yield key, _NoteType(str(each.get("name", "")), each.get("type") == 1, names)


def _text(value: object) -> str:
    """Return a text of the database. Raises ValueError."""
    if not isinstance(value, bytes):
        raise ValueError("it has something else in the place of a text")  # noqa: TRY004  one error for every note
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise ValueError("its text isn't UTF-8") from None


def _named(name: object) -> str:
    return shown(name.decode("utf-8", "replace"), 40) if isinstance(name, bytes) else ""


def _reason(error: sqlite3.Error) -> str:
    text = str(error)
    return "it takes too long" if text == "interrupted" else shown(text, 100)
