"""A store of keys and values in one file, which survives a power cut at any moment.

The file is a log: each change is a record at its end, and nothing is ever overwritten. The design of a
record is yours. It needs a length and a checksum (zlib.crc32), and the length needs protection too.
"""

import os


class Damaged(Exception):
    """A byte in the middle of the file has changed. What comes after it can't be trusted."""


class Store:
    """Keys are text, values are bytes. Memory has the keys and where their values are, never the values."""

    def __init__(self, path):
        """Open a store, and create the file if it isn't there.

        The last record may be incomplete, or zeros may follow the last one: that is what a power cut
        leaves. It is cut off, so that the next record follows a whole one. Any other change raises
        Damaged and leaves the file alone. A half-made file of `compact` is removed.
        """
        self.path = path
        self.file = open(path, "a+b")

    def get(self, key):
        """Return the value of a key, or None."""
        raise NotImplementedError

    def put(self, key, value):
        """Store a value. When this returns it is on the disk (flush, then os.fsync)."""
        raise NotImplementedError

    def delete(self, key):
        """Remove a key. It is no error if there is none."""
        raise NotImplementedError

    def change(self, changes):
        """Make several changes at once, whenever the power goes: all or none.

        `changes` is a dictionary of keys with their values, or None to delete one.
        """
        raise NotImplementedError

    def keys(self):
        """Return the keys, sorted."""
        raise NotImplementedError

    def compact(self):
        """Write what is current to a new file next to this one, and put it in its place with os.replace.

        If that fails at any point, the store goes on with the old file.
        """
        raise NotImplementedError

    def close(self):
        """Close the file."""
        self.file.close()
