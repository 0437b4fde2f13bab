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
    """Base of every error that Milepost raises on purpose."""


class UserError(MilepostError):
    """Refusal of what a person asked for. Its text is one plain sentence that says why.

    ``field`` names the form field or option at fault, None when it is none in particular.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class StorageError(MilepostError):
    """Failure of the database to serve now.

    Its text is for the operator and says what to do; ``for_members`` tells no path and no SQL.
    """

    for_members = "My database isn't answering properly."


class DatabaseBusy(StorageError):
    """Error: another process holds the lock."""

    for_members = "My database is busy right now."


class DatabaseReadOnly(StorageError):
    """Error: the file or its folder may not be written."""

    for_members = "My database can't be written to right now."


class DatabaseFull(StorageError):
    """Error: no room on the disk, or the file's limit is reached."""

    for_members = "My database is full."


class CommitUnknown(StorageError):
    """Error: the answer to a commit was lost.

    All of it is saved, or nothing: never run it again blindly.
    """

    for_members = "My database stopped answering while it was saving."


class DatabaseNewer(StorageError):
    """Error: the schema is one that this Milepost does not know."""


class BadValue(StorageError):
    """Error: a row holds what no Milepost wrote, because the database was changed by hand."""

    for_members = "Something in my database can't be read."


class Conflict(StorageError):
    """Error: a unique fact was written twice at once. Running the unit of work again decides it."""

    for_members = "Someone else did the same thing at the same moment."


class SetupError(MilepostError):
    """Error: the bot cannot start.

    Its text says what to do; the command line prints it and exits with 2.
    """


def is_the_databases(error: Exception) -> bool:
    """Tell whether an error is trouble of the database, and no schedule's or group's fault.

    A row that breaks a rule or can't be read may be their fault.
    """
    return isinstance(error, StorageError) and not isinstance(error, Conflict | BadValue)
