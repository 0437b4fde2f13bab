"""Files written whole: next to where they belong first, then each put in its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files, new or old: none takes its place before all of them are on the disk. Raises OSError.

    Neither a full disk nor Ctrl+C leaves half a file, or some of the files. Whatever has the name gives
    way, be it a link; a file of that name leaves its permissions to the new one.
    """
    waiting: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            new = waiting[path] = path.with_name(f".{path.name}.new")
            new.unlink(missing_ok=True)
            with new.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _take_permissions(path, new)
        for path, new in waiting.items():
            new.replace(path)
    finally:
        for new in waiting.values():
            with suppress(OSError):
                new.unlink(missing_ok=True)


def _take_permissions(old: Path, new: Path) -> None:
    with suppress(FileNotFoundError):
        known = old.lstat().st_mode
        if stat.S_ISREG(known):
            new.chmod(stat.S_IMODE(known))
