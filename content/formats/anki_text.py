"""Anki's notes in plain text: a line a note, under headers that say what the columns are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from content.formats.anki_notes import (
    FIELD,
    FIELDS,
    NOTE_TYPE,
    AnkiNote,
    deck_of,
    fields_of,
    guid_of,
    has_gap,
    question_of,
    tags_of,
)
from content.formats.base import FOUND, Aspect, Found, Note, Read, RefusedError
from content.formats.decode import decoded

TEXT_BYTES = 16 * 1024 * 1024
"""Bytes of a file, at most: each note of ours says what it asks twice."""

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}
_COLUMNS = ("guid", "deck", *FIELDS, "tags")


@dataclass
class _Head:
    """The headers of a file: a separator, and what each column is, counted from 1."""

    lines: int = 0
    separator: str = "\t"
    html: bool = True
    note_type: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AnkiText:
    """Notes in plain text, as Anki exports and imports them."""

    name: str = "anki-text"
    title: str = "Anki (text)"
    suffixes: tuple[str, ...] = (".txt",)
    file_bytes: int = TEXT_BYTES
    carries: frozenset[Aspect] = frozenset(Aspect)

    def read(self, data: bytes, file: str) -> Read:
        """Return the questions of a file. Raises RefusedError."""
        text = decoded(data, file, self.file_bytes)
        head = _head(text, file)
        found: list[Found] = []
        notes: list[Note] = []
        seen: dict[str, str] = {}
        for line, row in _rows(text, head, file):
            place = f"{file}:{line}"
            if len(found) + len(notes) >= FOUND:
                raise RefusedError(place, f"the file has more than {FOUND:,} notes")
            guid = _cell(row, head, "guid")
            if guid and seen.setdefault(guid, place) != place:
                made: Found | Note = Note(place, "", f"left out, since {seen[guid]} has the same guid")
            else:
                made = question_of(_note(row, head, place))
            (notes if isinstance(made, Note) else found).append(made)  # type: ignore[arg-type]
        return Read(tuple(found), tuple(notes))

    def write(self, found: Sequence[Found]) -> bytes:
        """Return the questions as notes of our note type, or of any that has a front and a back."""
        out = io.StringIO(newline="")
        head = {
            "separator": "tab",
            "html": "true",
            "notetype": NOTE_TYPE,
            "columns": "\t".join(_COLUMNS),
            **{f"{name} column": str(_COLUMNS.index(name) + 1) for name in ("guid", "deck", "tags")},
        }
        out.writelines(f"#{name}:{value}\n" for name, value in head.items())
        rows = csv.writer(out, delimiter="\t", lineterminator="\n")
        rows.writerows([guid_of(each), deck_of(each), *fields_of(each), tags_of(each)] for each in found)
        return out.getvalue().encode()


def _head(text: str, file: str) -> _Head:
    """Return the headers at the beginning of a file. Raises RefusedError for one without any."""
    head = _Head()
    said: dict[str, str] = {}
    for line in io.StringIO(text):
        if not line.startswith("#"):
            break
        head.lines += 1
        name, colon, value = line[1:].strip("\n").partition(":")
        if colon:
            said[name.strip().lower()] = value
    if not said:
        message = "it doesn't begin with Anki's headers, such as #separator:tab; say with --as what it is"
        raise RefusedError(f"{file}:1", message)
    separator = said.get("separator", "tab")
    head.separator = _SEPARATORS.get(separator.strip().lower(), separator[:1] or "\t")
    if head.separator in '"\r\n':
        raise RefusedError(f"{file}:1", "nothing can be separated by that sign")
    head.html = said.get("html", "").strip().lower() != "false"
    head.note_type, head.deck = said.get("notetype", "").strip(), said.get("deck", "").strip()
    head.tags = tuple(said.get("tags", "").split())
    head.names = tuple(names.split(head.separator)) if (names := said.get("columns")) else ()
    head.columns = {
        name.removesuffix(" column"): int(value.strip()[:6])
        for name, value in said.items()
        if name.endswith(" column") and value.strip().isdecimal()
    }
    return head


def _rows(text: str, head: _Head, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each note with the line that it begins on. Lines with a # between notes are comments."""
    begun = 0

    def lines() -> Iterator[str]:
        nonlocal begun
        for number, line in enumerate(io.StringIO(text), start=1):
            if begun or not line.startswith("#"):
                begun = begun or number
                yield line

    csv.field_size_limit(FIELD + 1)
    rows = csv.reader(lines(), delimiter=head.separator, strict=True)
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield begun, row
            begun = 0
    except csv.Error as error:
        raise RefusedError(f"{file}:{begun or head.lines + 1}", f"a note can't be read: {error}") from None


def _note(row: list[str], head: _Head, place: str) -> AnkiNote:
    own = set(head.columns.values())
    names = {number: name.strip() for number, name in enumerate(head.names, start=1)}
    fields = [(names.get(n) or f"column {n}", text) for n, text in enumerate(row, start=1) if n not in own]
    while len(fields) > 2 and not fields[-1][1].strip():  # a file has columns for its largest note type
        fields.pop()
    cloze = bool(fields) and has_gap(fields[0][1])
    if cloze and len(fields) == 2 and not names:
        fields[1] = ("Back Extra", fields[1][1])
    return AnkiNote(
        place,
        _cell(row, head, "notetype") or head.note_type,
        tuple(fields),
        cloze=cloze,
        tags=(*_cell(row, head, "tags").split(), *head.tags),
        deck=_cell(row, head, "deck") or head.deck,
        plain=not head.html,
    )


def _cell(row: list[str], head: _Head, name: str) -> str:
    place = head.columns.get(name, 0)
    return row[place - 1].strip() if 0 < place <= len(row) else ""
