"""The installed packs: read at the start, and again when their files have changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bot.errors import SetupError
from bot.library import Installed, Library
from content.loader import load_packs, shipped_packs_folder
from content.model import Pack
from milepost.settings import ProgramSettings

log = logging.getLogger(__name__)

Files = frozenset[tuple[str, int, int]]
"""A state of folders: path, time of the last change in nanoseconds, and size in bytes of each file."""


def open_library(settings: ProgramSettings) -> Library:
    """Return the packs that are whole; the others are logged, problem by problem.

    Raises SetupError when no pack is whole.
    """
    packs = _load(_folders(settings))
    if not packs:
        raise SetupError("No pack can be loaded. Run: milepost content check")
    return Library(packs)


class PackReader:
    """Reads packs again once their files have changed and stand still.

    A pack that is not whole any more is served on as it was read last, and the log says why. ``changed`` is
    called when another library is installed.
    """

    def __init__(
        self, settings: ProgramSettings, installed: Installed, changed: Callable[[], None] = lambda: None
    ) -> None:
        self._folders = _folders(settings)
        self._installed = installed
        self._changed = changed
        self._read = self._seen = state_of(self._folders)

    async def look(self) -> None:
        """Look at the files. What changed since the last look may be half written, and is not read yet."""
        files = await asyncio.to_thread(state_of, self._folders)
        stands_still, self._seen = files == self._seen, files
        if files == self._read or not stands_still:
            return
        self._read = files
        self._install(await asyncio.to_thread(_load, self._folders))

    def _install(self, packs: dict[str, Pack]) -> None:
        before = self._installed.library.packs
        for pack_id in sorted(before.keys() - packs.keys()):
            log.error("%s can't be read as it is now: it is served as it was read last", pack_id)
        news = {id_: pack for id_, pack in packs.items() if pack != before.get(id_)}
        if not news:
            return
        self._installed.library = Library({**before, **news})
        for pack_id, pack in sorted(news.items()):
            log.warning("%s was read again: version %s is served now", pack_id, pack.info.version)
        self._changed()


def _load(folders: Sequence[Path]) -> dict[str, Pack]:
    """Return the packs of several folders by id; of two with one id the first stays. The rest is logged."""
    packs: dict[str, Pack] = {}
    for folder in folders:
        loaded = load_packs(folder)
        for problem in loaded.problems:
            log.error("left out: %s", problem)
        for pack_id in sorted(packs.keys() & loaded.packs):
            log.error("left out: %s in %s has the id of a pack that ships with Milepost", pack_id, folder)
        packs |= {pack_id: pack for pack_id, pack in loaded.packs.items() if pack_id not in packs}
    return packs


def _folders(settings: ProgramSettings) -> list[Path]:
    return [shipped_packs_folder(), *([settings.packs_folder] if settings.packs_folder else [])]


def state_of(folders: Sequence[Path]) -> Files:
    """Return the state of all files of packs. A folder that can't be read has none."""
    return frozenset(found for folder in folders for found in _walk(folder))


def _walk(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield the files as far as they can be read: a folder that is removed meanwhile ends the list."""
    with suppress(OSError):
        for path in folder.rglob("*"):
            with suppress(OSError):
                known = path.stat()
                yield str(path), known.st_mtime_ns, known.st_size
