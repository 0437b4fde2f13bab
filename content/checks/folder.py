"""The one way to the files of a pack: regular files inside its folder, and no more than a pack needs.

A pack is written by somebody else. A file in it may be a link to a file of ours, a pipe that nobody
writes to, a device without end, or larger than memory. Everything that reads a pack reads it here.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path

from content.errors import shown
from content.whole_files import write_whole

FILE_BYTES = 1024 * 1024
"""Bytes of a file, at most. The largest of the shipped pack has 25 KB."""

PACK_BYTES = 8 * FILE_BYTES
"""Bytes of all files of one pack together, at most: ten times the shipped pack."""

PACK_FILES = 1000
"""Files of one pack, at most. The shipped pack has 119."""

ENTRIES = 2000
"""Names that are looked at in one folder, at most."""

_BY_PARENT = os.open in os.supports_dir_fd and os.scandir in os.supports_fd and hasattr(os, "O_NOFOLLOW")
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody writes to opens at once
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

LESS = "Take out what a pack doesn't need."
INSTEAD = "Put a file in its place."
COPY = "Put a copy of what it leads to in its place."
UNFORESEEN = "Look at the disk, and at the permissions."
_HINTS = {
    errno.EACCES: "Give this user the permission.",
    errno.EPERM: "Give this user the permission.",
    errno.ENOSPC: "Make room on the disk.",
    errno.EDQUOT: "Make room on the disk.",
    errno.EROFS: "The disk is read-only: use another.",
    errno.ELOOP: INSTEAD,
}
"""The advice on errors of the system, by their number."""


class FileError(Exception):
    """Error: a file of a pack is not read; the text says why, and ``hint`` in a sentence what to do."""

    def __init__(self, why: str, hint: str | None = None) -> None:
        super().__init__(why)
        self.hint = hint

    @property
    def advice(self) -> str:
        """The text as a sentence, with the hint after it where there is one."""
        return f"{self}. {self.hint}" if self.hint else f"{self}."


class MissingError(FileError):
    """Error: there is no such file."""


class NotAFolderError(FileError):
    """Error: there is something else in the place of a folder."""


class PackFolder:
    """The folder of one pack. It counts what was read of it and refuses to read on without end.

    The folder itself may be a link, as an operator makes one. What is inside it may be one too, if it
    leads to something inside.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bytes = self._files = 0
        self.events = 0  # of its files as far as they were read, counted by who reads them

    def names(self, folder: str = "") -> list[str]:
        """The names in ``folder``, sorted, as paths from the pack's own folder. Raises FileError."""
        with _telling(), self._listed(folder) as entries:
            found = [entry.name for entry in islice(entries, ENTRIES + 1)]
        if len(found) > ENTRIES:
            raise FileError(f"the folder has more than {ENTRIES} entries", LESS)
        if hidden := [name for name in found if not name.isprintable()]:
            raise FileError(f"a name in the folder can't be shown: {shown(hidden[0])}", "Rename it.")
        return sorted(f"{folder}/{name}" if folder else name for name in found)

    def read(self, name: str) -> bytes:
        """The content of one regular file. Raises FileError."""
        with _telling(), self._opened(name) as descriptor:
            known = os.fstat(descriptor)
            if not stat.S_ISREG(known.st_mode):
                raise FileError("it isn't a regular file", INSTEAD)
            self._files += 1
            if self._files > PACK_FILES:
                raise FileError(f"the pack has more than {PACK_FILES} files", LESS)
            with open(descriptor, "rb", closefd=False) as file:
                # It may grow while it is read.
                data = b"" if known.st_size > FILE_BYTES else file.read(FILE_BYTES + 1)
            if known.st_size > FILE_BYTES or len(data) > FILE_BYTES:
                raise FileError(f"the file has more than {FILE_BYTES // 1024} KiB", "Shorten it.")
        self._bytes += len(data)
        if self._bytes > PACK_BYTES:
            most = f"{PACK_BYTES // FILE_BYTES} MiB"
            raise FileError(f"the files of the pack have more than {most} together", LESS)
        return data

    def replace(self, name: str, text: str) -> None:
        """Write a file of the pack whole: what was there, be it a link, gives way. Raises FileError.

        The folder that it is in is made if it is missing; one that is a link out of the pack is refused.
        """
        self.replace_all({name: text})

    def replace_all(self, texts: Mapping[str, str]) -> None:
        """Write several files as ``replace`` writes one: none is changed before all are on the disk."""
        with _telling("written"):
            write_whole({self._place(name): text.encode() for name, text in texts.items()})

    def _place(self, name: str) -> Path:
        """Return where a file is to be written; its folder is made if it is missing."""
        folder, _, last = name.rpartition("/")
        if folder and not os.path.lexists(self._root / folder):
            (self._root / folder).mkdir()
        return self._inside(folder) / last

    @cached_property
    def _root(self) -> Path:
        return self._folder.resolve(strict=True)

    def _inside(self, name: str) -> Path:
        """The path that ``name`` leads to, without links. Raises FileError, and OSError."""
        path = (self._root / name).resolve(strict=True)
        if not path.is_relative_to(self._root):
            raise FileError("it is a link that leads out of the pack", COPY)
        return path

    @contextmanager
    def _listed(self, folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        if not _BY_PARENT:  # Windows opens no folder
            with os.scandir(self._inside(folder)) as entries:
                yield entries
            return
        with self._opened(folder, os.O_DIRECTORY) as descriptor, os.scandir(descriptor) as entries:
            yield entries

    @contextmanager
    def _opened(self, name: str, flags: int = 0) -> Iterator[int]:
        descriptor = _open(self._root, self._inside(name), _FLAGS | flags)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


@contextmanager
def _telling(what: str = "read") -> Iterator[None]:
    """Raise the system's errors as a FileError: why something can't be ``what``."""
    try:
        yield
    except NotADirectoryError:
        raise NotAFolderError("it isn't a folder", "Put a folder in its place.") from None
    except FileNotFoundError:
        raise MissingError("the file is missing") from None
    except RuntimeError:  # how Python before 3.13 tells of links that go in a circle
        raise FileError("it is a link that leads to itself", INSTEAD) from None
    except OSError as error:
        why = error.strerror or "unknown error"
        raise FileError(f"cannot be {what}: {why}", _HINTS.get(error.errno or 0, UNFORESEEN)) from error


def _open(root: Path, path: Path, flags: int) -> int:
    """Open a path that has no links in it, one folder after the other.

    A link that took the place of a folder after the path was resolved is not followed. Where the system
    cannot open by parent folder, the path is opened as it is.
    """
    if not _BY_PARENT or path == root:
        return os.open(path, flags)
    *parents, last = path.relative_to(root).parts
    parent = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parents:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
            os.close(parent)
            parent = below
        return os.open(last, flags | os.O_NOFOLLOW, dir_fd=parent)
    finally:
        os.close(parent)
