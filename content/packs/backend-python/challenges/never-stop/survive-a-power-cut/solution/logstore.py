"""A store of keys and values in one file, which survives a power cut at any moment.

A record is a header (length of the body, checksum of the body, checksum of these two) and a body.
The body is one change of several keys: for each a header (length of the key, length of the value or
DELETED), key, value.
"""

import contextlib
import os
import struct
import zlib

HEADER = struct.Struct(">III")
ENTRY = struct.Struct(">II")
DELETED = 0xFFFFFFFF


class Damaged(Exception):
    """A byte in the middle of the file has changed. What comes after it can't be trusted."""


def record(changes):
    """Return the bytes of a record."""
    parts = []
    for key, value in changes.items():
        name = key.encode()
        parts += [ENTRY.pack(len(name), DELETED if value is None else len(value)), name, value or b""]
    body = b"".join(parts)
    sums = struct.pack(">II", len(body), zlib.crc32(body))
    return sums + struct.pack(">I", zlib.crc32(sums)) + body


class Store:
    """Keys are text, values are bytes. `places` has the offset and length of each value."""

    def __init__(self, path):
        """Open a store, and create the file if it isn't there."""
        self.path = path
        with contextlib.suppress(FileNotFoundError):
            os.remove(self._new())
        self.places = {}
        self.file = open(path, "a+b")
        try:
            self._load()
        except Damaged:
            self.file.close()
            raise

    def _new(self):
        return f"{self.path}.new"

    def _load(self):
        self.file.seek(0, os.SEEK_END)
        size, end = self.file.tell(), 0
        while end < size:
            self.file.seek(end)
            header = self.file.read(HEADER.size)
            if len(header) < HEADER.size or not any(header):
                break
            length, checksum, own = HEADER.unpack(header)
            if zlib.crc32(header[:8]) != own:
                raise Damaged(f"the header at {end}")
            body = self.file.read(length)
            if len(body) < length:
                break
            if zlib.crc32(body) != checksum:
                if end + HEADER.size + length == size or not any(body):
                    break
                raise Damaged(f"the record at {end}")
            self._take(body, end + HEADER.size)
            end += HEADER.size + length
        self._only_zeros_after(end, size)
        self.file.truncate(end)

    def _only_zeros_after(self, end, size):
        """Raise Damaged if zeros were taken for the end although something follows."""
        self.file.seek(end)
        if size - end > HEADER.size and not any(self.file.read(HEADER.size)) and any(self.file.read()):
            raise Damaged(f"zeros at {end}, with data after them")

    def _take(self, body, begin):
        place = 0
        while place < len(body):
            name_length, length = ENTRY.unpack_from(body, place)
            place += ENTRY.size
            key = body[place : place + name_length].decode()
            place += name_length
            if length == DELETED:
                self.places.pop(key, None)
            else:
                self.places[key] = begin + place, length
                place += length

    def get(self, key):
        """Return the value of a key, or None."""
        if key not in self.places:
            return None
        begin, length = self.places[key]
        self.file.seek(begin)
        return self.file.read(length)

    def put(self, key, value):
        """Store a value."""
        self.change({key: value})

    def delete(self, key):
        """Remove a key."""
        if key in self.places:
            self.change({key: None})

    def change(self, changes):
        """Make several changes at once, all or none."""
        if not changes:
            return
        content = record(changes)
        self.file.seek(0, os.SEEK_END)
        begin = self.file.tell()
        try:
            self.file.write(content)
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError:
            self.file.truncate(begin)
            raise
        self._take(content[HEADER.size :], begin + HEADER.size)

    def keys(self):
        """Return the keys, sorted."""
        return sorted(self.places)

    def compact(self):
        """Write what is current to a new file, and put it in the place of this one."""
        try:
            with open(self._new(), "wb") as new:
                new.writelines(record({key: self.get(key)}) for key in self.keys())
                new.flush()
                os.fsync(new.fileno())
            os.replace(self._new(), self.path)
        except OSError:
            with contextlib.suppress(OSError):
                os.remove(self._new())
            raise
        self.file.close()
        folder = os.open(os.path.dirname(os.path.abspath(self.path)), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self.places = {}
        self.file = open(self.path, "a+b")
        self._load()

    def close(self):
        """Close the file."""
        self.file.close()
