"""The transcript: an append-only file of JSON lines that the room is rebuilt from.

A line is one entry as it stands after a change; the last line about an entry counts. A line is
written in one piece and handed to the system before the change is shown, so that it outlives a
killed process.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import logging
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from adapters.playground.codec import message_from, plain
from bot.chat import Message, SetupError

_OTHERS = stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
"""Rights on the file that nobody but its owner may have; a group may be let in to read."""

_ID = re.compile(r"m[0-9]{1,15}\Z")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the room. ``seq`` numbers its last change; the rest is as in a Draft.

    ``replaced_by`` is the press that made the message what it is, if one did.
    """

    id: str
    seq: int
    at: dt.datetime
    channel: str
    author: str = ""
    text: str = ""
    message: Message | None = None
    only_for: str = ""
    reply_to: str = ""
    by: str = ""
    used: str = ""
    key: str = ""
    edited: bool = False
    gone: bool = False
    replaced_by: str = ""

    @property
    def number(self) -> int:
        """Its place among all messages, by when they were posted."""
        return int(self.id[1:])


class Transcript:
    """The file at ``path``. ``epoch`` tells one room's numbers from another's.

    The file and its folder are made if they are absent, for this system's user alone. A group that was let
    in to read stays. Raises SetupError for a file that everybody may read, that others may change, or that
    is somebody else's: what people say would go to them.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        self._latest: dict[str, Entry] = {}
        self.epoch = ""
        self._file = FileIO(path, "a", opener=_private)
        self._replay()
        if not self.epoch:
            self.epoch = secrets.token_hex(4)
            self._append({"epoch": self.epoch})

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries that the file had when it was opened, by their last change."""
        return tuple(self._latest.values())

    def write(self, entry: Entry) -> None:
        """Add a change. Raises OSError when the disk refuses it; nothing half-written stays."""
        self._append({"entry": plain(entry)})

    def close(self) -> None:
        """Close the file; closing it again does nothing."""
        self._file.close()

    def _append(self, record: Mapping[str, Any]) -> None:
        line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        start = self._file.seek(0, os.SEEK_END)
        # On a full disk the system takes a part of the line, or nothing, and may say why.
        if self._file.write(line) != len(line):
            self._file.truncate(start)
            raise OSError(errno.ENOSPC, "The disk took only a part of a line", str(self._path))

    def _replay(self) -> None:
        content = self._path.read_bytes() if self._path.exists() else b""
        whole, _, torn = content.rpartition(b"\n")
        if torn:
            # A process was killed while it wrote; what it wrote had been shown to nobody.
            log.warning("%s ends in a torn line, which is cut off", self._path)
            os.truncate(self._path, len(content) - len(torn))
        for number, line in enumerate(whole.split(b"\n") if whole else (), start=1):
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                fault = type(error).__name__  # its text may be of the line
                log.warning("%s, line %d is unreadable and left out: %s", self._path, number, fault)

    def _take(self, record: Mapping[str, Any]) -> None:
        if "epoch" in record:
            self.epoch = str(record["epoch"])
            return
        entry = _entry_from(record["entry"])
        self._latest.pop(entry.id, None)
        self._latest[entry.id] = entry


def _private(path: str, flags: int) -> int:
    """Open a file; a new one is ours alone. Raises SetupError for an old one that isn't."""
    opened = os.open(path, flags, 0o600)
    found = os.fstat(opened)
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & _OTHERS):
        os.close(opened)
        raise SetupError(
            f"{path} has the playground's conversations, but isn't this user's alone: delete it, or run "
            "chown and chmod 600 on it."
        )
    return opened


def _entry_from(data: Mapping[str, Any]) -> Entry:
    if not _ID.match(data["id"]):
        raise ValueError(f"{data['id']!r} is no message id")
    message = data["message"]
    return Entry(
        **{
            **data,
            "at": dt.datetime.fromisoformat(data["at"]),
            "message": None if message is None else message_from(message),
        }
    )
