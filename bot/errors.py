"""Every error that Milepost raises on purpose.

MilepostError
├── UserError            a sentence for the person who caused it; nothing has changed
├── StorageError         the database cannot serve now; the sentence says what to do
│   ├── DatabaseBusy     locked by another process
│   ├── DatabaseReadOnly
│   ├── DatabaseFull
│   ├── CommitUnknown    saved or not: the answer was lost
│   ├── DatabaseNewer    written by a newer Milepost; left untouched
│   ├── BadValue         a row holds what no Milepost wrote
│   └── Conflict         two wrote the same thing at once; the unit of work may run again
└── SetupError           the bot cannot start so; the sentence says what to do
"""

from __future__ import annotations


class MilepostError(Exception):
    """Base of all."""


class UserError(MilepostError):
    """What a person asked for cannot be done. Its text is one plain sentence that says why.

    ``field`` names the form field or option at fault, None when it is none in particular.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class StorageError(MilepostError):
    """The database cannot serve now.

    Its text is for the operator and says what to do; ``for_members`` tells no path and no SQL.
    """

    for_members = "My database isn't answering properly."


class DatabaseBusy(StorageError):
    """Another process holds the lock."""

    for_members = "My database is busy right now."


class DatabaseReadOnly(StorageError):
    """The file or its folder may not be written."""

    for_members = "My database can't be written to right now."


class DatabaseFull(StorageError):
    """No room on the disk, or the file's limit is reached."""

    for_members = "My database is full."


class CommitUnknown(StorageError):
    """The answer to a commit was lost: all of it is saved, or nothing. Never run it again blindly."""

    for_members = "My database stopped answering while it was saving."


class DatabaseNewer(StorageError):
    """The schema is one that this Milepost does not know."""


class BadValue(StorageError):
    """A row holds what no Milepost wrote: the database was changed by hand."""

    for_members = "Something in my database can't be read."


class Conflict(StorageError):
    """A unique fact was written twice at once. Running the unit of work again decides it."""

    for_members = "Someone else did the same thing at the same moment."


class SetupError(MilepostError):
    """The bot cannot start. Its text says what to do; the command line prints it and exits with 2."""


def is_the_databases(error: Exception) -> bool:
    """Trouble that is no schedule's or group's fault. A row may be, that breaks a rule or can't be read."""
    return isinstance(error, StorageError) and not isinstance(error, Conflict | BadValue)
