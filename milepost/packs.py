"""The installed packs: read at the start, and again when their files have changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from bot.errors import SetupError
from bot.library import Installed, Library
from content.errors import Problem
from content.loader import load_packs, shipped_packs_folder
from content.model import Pack
from milepost.settings import ProgramSettings

log = logging.getLogger(__name__)

Files = frozenset[tuple[str, int, int]]
"""A state of folders: path, time of the last change in nanoseconds, and size in bytes of each file."""


@dataclass(frozen=True)
class Complaint:
    """A sentence for the log on one place in a folder of packs: the folder of a pack, mostly."""

    place: Path
    says: str


@dataclass(frozen=True)
class Found:
    """One reading of all folders: the whole packs by id, where each is, and what is said of the others."""

    packs: Mapping[str, Pack]
    places: Mapping[str, Path]
    complaints: Sequence[Complaint]


class PackReader:
    """Reads the packs at the start, and again once their files have changed and stand still.

    ``installed`` has the packs that are whole. One that is not whole any more, or has another id, is served
    on as it was read last, and the log says why. What the log said of a pack it says again only when that
    pack's files have changed. ``changed`` is called when another library is installed.

    Raises SetupError when no pack is whole at the start.
    """

    def __init__(self, settings: ProgramSettings) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._folders = _folders(settings)
        self._read = self._seen = state_of(self._folders)
        found = _load(self._folders)
        self._told: set[str] = set()
        self._tell(found.complaints, self._read)
        if not found.packs:
            raise SetupError("No pack can be loaded. Run: milepost content check")
        self._places = {**found.places}
        self.installed = Installed(Library(found.packs))

    async def look(self) -> None:
        """Look at the files. What changed since the last look may be half written, and is not read yet."""
        files = await asyncio.to_thread(state_of, self._folders)
        stands_still, self._seen = files == self._seen, files
        if files == self._read or not stands_still:
            return
        differ, self._read = self._read ^ files, files
        self._install(await asyncio.to_thread(_load, self._folders), differ)

    def _install(self, found: Found, differ: Files) -> None:
        before = self.installed.library.packs
        gone = sorted(before.keys() - found.packs.keys())
        self._tell([*found.complaints, *(self._on_missing(each, found) for each in gone)], differ)
        self._places |= found.places
        news = {id_: pack for id_, pack in found.packs.items() if pack != before.get(id_)}
        if not news:
            return
        self.installed.library = Library({**before, **news})
        for pack_id, pack in sorted(news.items()):
            log.warning("%s was read again: version %s is served now", pack_id, pack.info.version)
        self.changed()

    def _tell(self, complaints: Sequence[Complaint], differ: Files) -> None:
        """Log what is new, and once more what is said of a pack whose files are among those that differ."""
        paths = [Path(path) for path, _, _ in differ]
        touched = {each for path in paths for each in (path, *path.parents)}.difference(self._folders)
        for each in complaints:
            if each.says not in self._told or each.place in touched:
                log.error("%s", each.says)
        self._told = {each.says for each in complaints}

    def _on_missing(self, pack_id: str, found: Found) -> Complaint:
        """Return what is said of a pack that is served, and that no folder has any more."""
        place = self._places[pack_id]
        now = next((id_ for id_, where in found.places.items() if where == place), None)
        if now:
            return Complaint(
                place,
                f"the pack in {place} has the id {now} now, which makes it another pack:"
                f" {pack_id} is served as it was read last. A restart leaves its groups without a roadmap,"
                f" unless a pack has the id {pack_id} again",
            )
        if not place.is_dir():
            return Complaint(
                place,
                f"the folder of {pack_id}, {place}, is gone: it is served as it was read last."
                " Put it back before a restart, which leaves its groups without a roadmap",
            )
        return Complaint(
            place,
            f"{pack_id} can't be read as it is now: it is served as it was read last."
            " Fix what is named above; that is read without a restart",
        )


def _load(folders: Sequence[Path]) -> Found:
    """Return the packs of several folders by id; of two with one id the first stays."""
    packs: dict[str, Pack] = {}
    places: dict[str, Path] = {}
    complaints: list[Complaint] = []
    for folder in folders:
        loaded = load_packs(folder)
        complaints += [Complaint(_place_of(folder, each), f"left out: {each}") for each in loaded.problems]
        for pack_id in sorted(packs.keys() & loaded.packs.keys()):
            says = f"left out: {pack_id} in {folder} has the id of a pack that ships with Milepost."
            complaints.append(
                Complaint(folder / loaded.folders[pack_id], f"{says} Give it another id in its pack.yaml")
            )
        new = [each for each in loaded.packs if each not in packs]
        packs |= {each: loaded.packs[each] for each in new}
        places |= {each: folder / loaded.folders[each] for each in new}
    return Found(packs, places, complaints)


def _place_of(folder: Path, problem: Problem) -> Path:
    """Return the folder of the pack that a problem is in, or ``folder`` itself, which it names whole."""
    return folder if problem.file == str(folder) else folder / PurePath(problem.file).parts[0]


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
