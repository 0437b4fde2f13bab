"""A temporary folder that goes away whatever a program has made in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count


@contextmanager
def temporary_folder() -> Iterator[str]:
    """Make a folder, and remove it with all that is in it, as far as the system lets go of that."""
    folder = tempfile.TemporaryDirectory(prefix="milepost-", ignore_cleanup_errors=True)
    try:
        yield folder.name
    finally:
        try:
            folder.cleanup()
        except RecursionError:
            with suppress(OSError):
                _flatten(folder.name)
            folder.cleanup()


def _flatten(folder: str) -> None:
    """Bring what is in folders inside up to this one, so that none is too deep to be removed."""
    numbers = count()
    while inside := [each.path for each in os.scandir(folder) if each.is_dir(follow_symlinks=False)]:
        for path in inside:
            os.chmod(path, 0o700)  # noqa: PTH101
            for each in list(os.scandir(path)):
                if each.is_dir(follow_symlinks=False):
                    os.chmod(each.path, 0o700)  # noqa: PTH101  a folder that can't be written can't be moved
                    os.rename(each.path, os.path.join(folder, f"up-{next(numbers)}"))  # noqa: PTH104, PTH118
                else:
                    os.unlink(each.path)  # noqa: PTH108
            os.rmdir(path)  # noqa: PTH106
