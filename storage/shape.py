"""The schema that a database has, held against the one that Milepost's own migrations make.

A shape has, for each table, index, view and trigger, the parts that make it up: columns, keys, conditions,
options. What a foreign hand added, took away or changed shows as a difference of parts, in whatever order
they stand.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

Thing = tuple[str, str]
"""The type of a thing, such as ``table``, and its name."""

Shape = Mapping[Thing, frozenset[str]]

MOST_THINGS = 2_000
"""Rows of ``sqlite_schema`` that are read; a fresh one has about a hundred."""

_MOST_TOLD = 20
_LONGEST_NAME = 80

SCHEMA_ROWS = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
"""The statement of ``shape_of_file``, with at most ``MOST_THINGS`` rows."""

_STATISTICS = re.compile(r"sqlite_stat\d")
"""Tables that SQLite's own ANALYZE makes. They hold guesses about speed alone."""

_TOKEN = re.compile(
    r"""\s+ | --[^\n]* | /\*.*?\*/              # nothing
    | (?P<text>'(?:[^']|'')*')
    | "(?P<double>(?:[^"]|"")*)" | \[(?P<bracket>[^\]]*)\] | `(?P<back>(?:[^`]|``)*)`
    | (?P<word>[\w.$]+) | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


def differences(right: Shape, found: Shape) -> tuple[str, ...]:
    """A sentence for each thing that is missing, foreign or other than it must be; at most twenty."""
    told: list[str] = []
    for thing in sorted(right.keys() | found.keys()):
        what = f"{thing[0]} {shown(thing[1])}"
        if thing not in found:
            told.append(f"schema: the {what} is missing")
        elif thing not in right:
            told.append(f"schema: the {what} is foreign")
        else:
            told += [
                f"schema: the {what} lacks {shown(each)}" for each in sorted(right[thing] - found[thing])
            ]
            told += [
                f"schema: the {what} has {shown(each)}" for each in sorted(found[thing] - right[thing])
            ]
    rest = len(told) - _MOST_TOLD
    return (*told[:_MOST_TOLD], *([f"schema: there are {rest} more differences"] if rest > 0 else []))


def shown(text: str, longest: int = _LONGEST_NAME) -> str:
    """A name or a part as it may be printed, whatever it is."""
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def shape_of_file(rows: Iterable[tuple[object, object, object, object]], encoding: str) -> Shape:
    """The shape of a file of SQLite's: the rows of SCHEMA_ROWS, and its encoding of texts."""
    shape: dict[Thing, frozenset[str]] = {("file", "encoding"): frozenset({encoding})}
    for row in rows:
        kind, name, table, sql = map(_text, row)
        if kind == "table" and _STATISTICS.fullmatch(name):
            continue
        parts = _parts(sql) if kind == "table" else [_spelt(sql)]
        shape[kind, name] = frozenset({f"the table {table}", *filter(None, parts)})
    return shape


def _text(value: object) -> str:
    """Return what stands in the schema; a foreign hand may have put bytes there, or a number."""
    return value if isinstance(value, str) else repr(value) if value is not None else ""


def shape_in(connection: sqlite3.Connection) -> Shape:
    """The shape of an open file. It is read as text: nothing in it is run."""
    rows = connection.execute(f"{SCHEMA_ROWS} LIMIT {MOST_THINGS}").fetchall()
    (encoding,) = connection.execute("PRAGMA encoding").fetchone()
    return shape_of_file(rows, encoding)


def _parts(sql: str) -> Iterator[str]:
    """A statement's head, what stands between its outer brackets, and its tail; each in plain spelling."""
    depth = 0
    part: list[str] = []
    for word in _words(sql):
        outer = (word == "(" and depth == 0) or (word in {",", ")"} and depth == 1)
        depth += (word == "(") - (word == ")")
        if outer:
            yield " ".join(part)
            part = []
        else:
            part.append(word)
    yield " ".join(part)


def _spelt(sql: str) -> str:
    return " ".join(_words(sql))


def _words(sql: str) -> Iterator[str]:
    for token in _TOKEN.finditer(sql):
        if word := _plain(token):
            yield word


def _plain(token: re.Match[str]) -> str | None:
    """A token in one spelling: names without quotes and in small letters; None for a gap."""
    if token["text"] is not None:
        return token["text"]
    for quoted, mark in (("double", '"'), ("bracket", ""), ("back", "`")):
        if token[quoted] is not None:
            name = token[quoted].replace(mark * 2, mark) if mark else token[quoted]
            # A name with signs in it must not pass for several words.
            return name.lower() if re.fullmatch(r"\w+", name) else repr(name)
    word = token["word"] or token["sign"]
    return word.lower() if word else None
