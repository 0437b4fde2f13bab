"""The folder of a pack that a command names: read whole, or refused with a sentence."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from shlex import quote

from bot.errors import SetupError
from content.checks.files import PACK
from content.errors import PackError
from content.loader import load_pack
from content.model import Pack


def loaded(folder: Path, *, needs_lock: bool = True, needs_questions: bool = True) -> Pack:
    """Return the pack in ``folder``. Raises SetupError, with every problem of a pack that isn't whole."""
    require_pack(folder)
    try:
        return load_pack(folder, needs_lock=needs_lock, needs_questions=needs_questions)
    except PackError as error:
        raise SetupError(str(error)) from None


def require_pack(folder: Path) -> None:
    """Raise SetupError unless ``folder`` is a folder with a ``pack.yaml``: most others are slips."""
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise SetupError(f"{folder} is a file. Name the folder of the pack instead.")
        if os.path.lexists(folder / PACK):
            return
        inside = sorted(each.parent.name for each in folder.glob(f"*/{PACK}"))
    except FileNotFoundError:
        where = "Check the name, and the folder that you're in."
        raise SetupError(f"There's no folder {folder}. {where}") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise SetupError(
                f"{folder} is a link that leads to itself. Name the folder of the pack."
            ) from None
        raise SetupError(f"{folder} can't be read: {error.strerror}.") from None
    hint = f"It has packs in it; name one of them, such as {folder / inside[0]}." if inside else ""
    new = f"Start one with `milepost content new pack {quote(str(folder))}`."
    raise SetupError(f"{folder} isn't the folder of a pack: it has no {PACK}. {hint or new}")
