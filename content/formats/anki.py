"""Packages of Anki: a zip archive with a database of notes, and media that are not read.

Nothing of an archive is written to the disk, and of its files only the database is unpacked, up to a limit.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from content.errors import shown
from content.formats.anki_database import DATABASE_BYTES, OLDER, notes_of
from content.formats.anki_notes import question_of
from content.formats.anki_schema import database_of
from content.formats.base import Aspect, Found, Note, Read, RefusedError
from content.formats.decode import require_small

PACKAGE_BYTES = 32 * 1024 * 1024
"""Bytes of a package, at most: it may have media in it."""

MEMBERS = 10_000
"""Files in a package, at most."""

NEWEST, NEWER, OLDEST = "collection.anki21b", "collection.anki21", "collection.anki2"
"""Names of the database. Where there is a newer one too, the oldest only asks people to update Anki."""

_ENTRY = b"PK\1\2"
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCKED = 1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Anki:
    """Packages of Anki: decks (.apkg) and whole collections (.colpkg)."""

    name: str = "anki"
    title: str = "Anki"
    suffixes: tuple[str, ...] = (".apkg", ".colpkg")
    file_bytes: int = PACKAGE_BYTES
    carries: frozenset[Aspect] = frozenset(Aspect)

    def read(self, data: bytes, file: str) -> Read:
        """Return the questions of a package. Raises RefusedError."""
        require_small(data, file, self.file_bytes)
        found: list[Found] = []
        notes: list[Note] = []
        database, media = _unpacked(data, file)
        if media:
            notes.append(Note(file, "", f"left out: {media} files with images or sound"))
        for each in notes_of(database, file):
            made = each if isinstance(each, Note) else question_of(each)
            (notes if isinstance(made, Note) else found).append(made)  # type: ignore[arg-type]
        return Read(tuple(found), tuple(notes))

    def write(self, found: Sequence[Found]) -> bytes:
        """Return the questions as a package without media, in a deck for each topic."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(OLDEST), database_of(found), zipfile.ZIP_DEFLATED)
            archive.writestr(zipfile.ZipInfo("media"), "{}")
        return out.getvalue()


def _unpacked(data: bytes, file: str) -> tuple[bytes, int]:
    """Return the database of a package, and how many media it has. Raises RefusedError."""
    if data.count(_ENTRY) > MEMBERS:
        raise RefusedError(file, f"it has more than {MEMBERS:,} files in it; export it without media")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            info = _database(archive, file)
            with archive.open(info) as member:
                database = member.read(DATABASE_BYTES + 1)
            media = sum(name.isdigit() for name in archive.namelist())
    except _BROKEN:
        raise RefusedError(file, "it isn't a whole zip archive, as Anki's packages are") from None
    if len(database) > DATABASE_BYTES:
        size = DATABASE_BYTES // 1024 // 1024
        message = f"its collection has more than {size} MiB when unpacked; export one deck at a time"
        raise RefusedError(file, message)
    return database, media


def _database(archive: zipfile.ZipFile, file: str) -> zipfile.ZipInfo:
    """Return the entry of the newest database that can be read. Raises RefusedError."""
    names = archive.namelist()
    if strays := [name for name in names if _strays(name)]:
        raise RefusedError(file, f"it has a file {shown(strays[0])} in it, which leads out of the package")
    if NEWEST in names:
        raise RefusedError(file, f"it is in Anki's newest form, which isn't read; {OLDER}")
    name = next((name for name in (NEWER, OLDEST) if name in names), "")
    if not name:
        raise RefusedError(file, f"it has no {OLDEST} in it, so it isn't a package of Anki's")
    if names.count(name) > 1:
        raise RefusedError(file, f"it has two files {name} in it")
    info = archive.getinfo(name)
    if info.flag_bits & _LOCKED:
        raise RefusedError(file, "it is locked with a password")
    if info.compress_type not in _PACKED:
        raise RefusedError(file, "it is packed in another way than Anki's packages are")
    return info


def _strays(name: str) -> bool:
    """Tell whether a name would lead out of the folder that an archive is unpacked into."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")
