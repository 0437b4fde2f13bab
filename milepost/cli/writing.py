"""Files that a command writes where somebody says: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from bot.errors import SetupError
from content.whole_files import write_whole


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files, new or old, all of them or none. Raises SetupError.

    A link is followed. What is no regular file, such as ``/dev/stdout``, gets its bytes directly, after the
    others.
    """
    for path in files:
        if not path.parent.is_dir():
            raise SetupError(f"There is no folder {path.parent}. Create it, or choose another name.")
    direct = [path for path in files if path.exists() and not path.is_file()]
    try:
        write_whole({Path(os.path.realpath(path)): files[path] for path in files if path not in direct})
        for path in direct:
            path.write_bytes(files[path])
    except OSError as error:
        names = " and ".join(map(str, files))
        raise SetupError(
            f"{names} can't be written: {error.strerror or 'unknown error'}. "
            "Nothing was changed. Choose another place, or make room in this one."
        ) from None
