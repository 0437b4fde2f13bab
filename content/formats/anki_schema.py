"""A database of Anki's, written: the layout that it calls schema 11, with our note type and decks.

Every version of Anki opens it. Notes are known again by their guid, and a newer one takes the place of an
older one, so that a second import changes what the first one added.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from content.formats.anki_notes import FIELDS, NOTE_TYPE, bare, deck_of, fields_of, guid_of, tags_of
from content.formats.base import Found

_TABLES = {
    "col": "crt mod scm ver dty usn ls conf* models* decks* dconf* tags*",
    "notes": "guid* mid mod usn tags* flds* sfld csum flags data*",
    "cards": "nid did ord mod usn type queue due ivl factor reps lapses left odue odid flags data*",
    "revlog": "cid usn ease ivl lastIvl factor time type",
}
"""Columns behind ``id`` by table; those with a star are texts, the others integers."""

_INDEXES = {
    "ix_notes_usn": "notes (usn)",
    "ix_cards_usn": "cards (usn)",
    "ix_revlog_usn": "revlog (usn)",
    "ix_cards_nid": "cards (nid)",
    "ix_cards_sched": "cards (did, queue, due)",
    "ix_revlog_cid": "revlog (cid)",
    "ix_notes_csum": "notes (csum)",
}
_NOTE_TYPE_ID = 1_790_000_000_117
_DECKS_FROM = 1_790_000_001_000
_TYPE_CHANGED = 1_790_000_000
"""Second of the last change of the note type. Anki leaves what people changed of it since."""

_CHANGED_HERE = -1
_FRONT = "{{Front}}"
_BACK = "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}\n{{#Source}}<p class=source>{{Source}}</p>{{/Source}}"
_CSS = """.card { font-family: sans-serif; font-size: 18px; line-height: 1.45; color: black;
  background-color: white; max-width: 40em; margin: 0 auto; padding: 0 1em; }
.nightMode.card { color: #eee; background-color: #2c2c2c; }
pre { padding: .6em; overflow-x: auto; border: 1px solid #8888; border-radius: 4px; }
.source { font-size: 14px; }
"""
_LATEX_BEFORE = (
    "\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n\\usepackage{amssymb,amsmath}\n"
    "\\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n"
)
_LATEX_AFTER = "\\end{document}"


def database_of(found: Sequence[Found]) -> bytes:
    """Return a database with a note and a card for each question, in a deck for each topic."""
    second = found[0].shelf.second if found and found[0].shelf else 0
    decks = _deck_ids(found)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        _make_tables(database)
        _insert(database, "col", _collection(decks, second, len(found)))
        for number, each in enumerate(found, start=1):
            id_ = second * 1000 + number
            _insert(database, "notes", _note(each, id_, second))
            _insert(database, "cards", _card(id_, decks[deck_of(each)], number, second))
        return database.serialize()


def _make_tables(database: sqlite3.Connection) -> None:
    for table, columns in _TABLES.items():
        types = (
            f"{name.rstrip('*')} {'text' if name.endswith('*') else 'integer'}" for name in columns.split()
        )
        rest = ", ".join(f"{each} NOT NULL" for each in types)
        database.execute(f"CREATE TABLE {table} (id integer PRIMARY KEY, {rest})")
    database.execute(
        "CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL)"
    )
    for index, where in _INDEXES.items():
        database.execute(f"CREATE INDEX {index} ON {where}")


def _insert(database: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
    names = ["id", *(name.rstrip("*") for name in _TABLES[table].split())]
    marks = ", ".join(f":{name}" for name in names)
    database.execute(f"INSERT INTO {table} VALUES ({marks})", {name: row.get(name, 0) for name in names})  # noqa: S608  names of ours


def _deck_ids(found: Sequence[Found]) -> dict[str, int]:
    """Return the decks by name, those that they are in too, with ids that their names give."""
    names: dict[str, None] = {}
    for each in found:
        parts = deck_of(each).split("::")
        names |= dict.fromkeys("::".join(parts[:count]) for count in range(1, len(parts) + 1))
    return {name: _DECKS_FROM + 1000 * _number(name, 9) for name in names}


def _number(text: str, digits: int) -> int:
    """Return a number that a text gives, of so many hexadecimal digits."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:digits], 16)


def _note(found: Found, id_: int, second: int) -> dict[str, object]:
    fields = fields_of(found)
    first = bare(fields[0])
    digest = hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()  # as Anki finds duplicates
    return {
        "id": id_,
        "guid": guid_of(found),
        "mid": _NOTE_TYPE_ID,
        "mod": second,
        "usn": _CHANGED_HERE,
        "tags": f" {tags} " if (tags := tags_of(found)) else "",
        "flds": "\x1f".join(fields),
        "sfld": first,
        "csum": int(digest[:8], 16),
        "data": "",
    }


def _card(note: int, deck: int, number: int, second: int) -> dict[str, object]:
    return {
        "id": note,
        "nid": note,
        "did": deck,
        "mod": second,
        "usn": _CHANGED_HERE,
        "due": number,
        "data": "",
    }


def _collection(decks: Mapping[str, int], second: int, count: int) -> dict[str, object]:
    named = {"Default": 1, **decks}
    return {
        "id": 1,
        "crt": second - second % 86_400,
        "mod": second * 1000,
        "scm": second * 1000,
        "ver": 11,
        "conf": json.dumps(_configuration(count)),
        "models": json.dumps({str(_NOTE_TYPE_ID): _note_type()}),
        "decks": json.dumps({str(id_): _deck(name, id_, second) for name, id_ in named.items()}),
        "dconf": json.dumps({"1": _deck_options()}),
        "tags": "{}",
    }


def _configuration(count: int) -> dict[str, Any]:
    return {
        "activeDecks": [1],
        "addToCur": True,
        "collapseTime": 1200,
        "curDeck": 1,
        "curModel": _NOTE_TYPE_ID,
        "dueCounts": True,
        "estTimes": True,
        "newSpread": 0,
        "nextPos": count + 1,
        "sched2021": True,
        "schedVer": 2,
        "sortBackwards": False,
        "sortType": "noteFld",
        "timeLim": 0,
    }


def _note_type() -> dict[str, Any]:
    template = {
        "name": "Card 1",
        "ord": 0,
        "qfmt": _FRONT,
        "afmt": _BACK,
        "bqfmt": "",
        "bafmt": "",
        "did": None,
    }
    return {
        "id": _NOTE_TYPE_ID,
        "name": NOTE_TYPE,
        "type": 0,
        "mod": _TYPE_CHANGED,
        "usn": _CHANGED_HERE,
        "sortf": 0,
        "did": None,
        "tmpls": [template],
        "flds": [_field(name, place) for place, name in enumerate(FIELDS)],
        "css": _CSS,
        "latexPre": _LATEX_BEFORE,
        "latexPost": _LATEX_AFTER,
        "latexsvg": False,
        "req": [[0, "any", [0]]],
        "tags": [],
        "vers": [],
    }


def _field(name: str, place: int) -> dict[str, Any]:
    field = {
        "name": name,
        "ord": place,
        "sticky": False,
        "rtl": False,
        "font": "Arial",
        "size": 20,
        "media": [],
    }
    if name == FIELDS[-1]:
        field |= {
            "collapsed": True,
            "plainText": True,
            "excludeFromSearch": True,
            "description": "The whole question, for Milepost. Please leave it as it is.",
        }
    return field


def _deck(name: str, id_: int, second: int) -> dict[str, Any]:
    today = {f"{each}Today": [0, 0] for each in ("lrn", "rev", "new", "time")}
    return {
        "id": id_,
        "mod": second,
        "name": name,
        "usn": _CHANGED_HERE,
        **today,
        "collapsed": False,
        "browserCollapsed": False,
        "desc": "",
        "dyn": 0,
        "conf": 1,
        "extendNew": 0,
        "extendRev": 0,
    }


def _deck_options() -> dict[str, Any]:
    """Return what Anki has for a deck by default."""
    new = {
        "bury": False,
        "delays": [1, 10],
        "initialFactor": 2500,
        "ints": [1, 4, 0],
        "order": 1,
        "perDay": 20,
    }
    again = {"bury": False, "ease4": 1.3, "hardFactor": 1.2, "ivlFct": 1, "maxIvl": 36_500, "perDay": 200}
    lapse = {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0}
    return {
        "id": 1,
        "mod": 0,
        "name": "Default",
        "usn": 0,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "new": new,
        "rev": again,
        "lapse": lapse,
        "dyn": False,
    }
