"""Packages as Anki writes them: schema 11 with its note types, and the zip archive around it."""

import io
import json
import sqlite3
import zipfile

NOTES = """CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL,
    sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL)"""
CARDS = """CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL,
    ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL,
    queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL,
    reps integer NOT NULL, lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL,
    odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL)"""
COL = """CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL,
    scm integer NOT NULL, ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL,
    ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL,
    dconf text NOT NULL, tags text NOT NULL)"""
REST = """
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL,
    ease integer NOT NULL, ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL,
    time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""

BASIC, CLOZE, TYPING, ODD = 1_500_000_000_001, 1_500_000_000_002, 1_500_000_000_003, 1_500_000_000_004
DECK = 1_500_000_000_100


def note_type(id_, name, fields, kind=0):
    template = {"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{Back}}", "did": None}
    return {
        "id": id_,
        "name": name,
        "type": kind,
        "mod": 0,
        "usn": 0,
        "sortf": 0,
        "did": None,
        "tmpls": [template],
        "flds": [{"name": each, "ord": place, "font": "Arial"} for place, each in enumerate(fields)],
        "css": "",
        "latexPre": "",
        "latexPost": "",
        "req": [[0, "any", [0]]],
    }


TYPES = (
    note_type(BASIC, "Basic", ("Front", "Back")),
    note_type(CLOZE, "Cloze", ("Text", "Back Extra"), kind=1),
    note_type(TYPING, "Vokabeln", ("Vorderseite", "Rückseite")),
    note_type(ODD, "Chemistry", ("Name", "Formula", "Mass")),
)
DECKS = {"1": {"id": 1, "name": "Default"}, str(DECK): {"id": DECK, "name": "School::Ints"}}


def database(notes=(), *, change="", col=None, text_encoding="UTF-8", wal=False):
    """A collection of notes (note type, fields, maybe tags and guid). ``change`` is SQL at last."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.execute(f"PRAGMA encoding='{text_encoding}'")
    made.executescript(f"{COL};{NOTES};{CARDS};{REST}")
    row = {"ver": 11, "models": {str(each["id"]): each for each in TYPES}, "decks": DECKS, **(col or {})}
    models, decks = (
        each if isinstance(each, str) else json.dumps(each) for each in (row["models"], row["decks"])
    )
    made.execute("INSERT INTO col VALUES (1,0,0,0,?,0,0,0,'{}',?,?,'{}','{}')", (row["ver"], models, decks))
    for number, (kind, fields, *more) in enumerate(notes, start=1):
        tags, guid = (*more, " ", f"guid{number}")[0], more[1] if len(more) > 1 else f"guid{number}"
        text = fields if isinstance(fields, bytes) else "\x1f".join(fields)
        made.execute(
            "INSERT INTO notes VALUES (?,?,?,0,-1,?,CAST(? AS TEXT),'',0,0,'')",
            (1000 + number, guid, kind, tags, text),
        )
        made.execute(
            "INSERT INTO cards VALUES (?,?,?,0,0,-1,0,0,?,0,0,0,0,0,0,0,0,'')",
            (2000 + number, 1000 + number, DECK, number),
        )
    made.executescript(change)
    data = made.serialize()
    made.close()
    return data[:18] + b"\2\2" + data[20:] if wal else data


def package(members, compression=zipfile.ZIP_DEFLATED):
    """An archive of these files, by name or as pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return out.getvalue()


def apkg(*notes, **options):
    """A package of a deck, as Anki writes it for older versions: the newest database and a dummy."""
    dummy = database([(BASIC, ("Please update to the latest Anki version.", ""))])
    real = database(notes, **options)
    return package(
        {"meta": b"\x08\x02", "collection.anki21": real, "collection.anki2": dummy, "media": "{}"}
    )
