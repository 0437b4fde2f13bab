"""Checks of ``milepost doctor`` on the files that hold secrets, and the addresses that tokens go to."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import adapters
from bot.chat.configuration import HERE, elsewhere, named_file, secrets_folder
from bot.toolkit.checks import Check
from bot.toolkit.redaction import redacted
from milepost.settings import ProgramSettings

_SIDES = ("", "-wal", "-shm")
_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH

_NEW = "\N{ZERO WIDTH SPACE}new"
"""Name that stands for a file that isn't there yet."""

_MOST_LINKS = 40
"""Links on the way to one file, at most, as on Linux."""


def examine_addresses(_: ProgramSettings) -> Iterator[Check]:
    """Every address of a platform that isn't its official one."""
    for platform in adapters.usable():
        for variable, address in elsewhere(platform.Settings()):
            says = f"{variable} sends requests, and the tokens in them, to {redacted(address)}"
            yield Check(f"{platform.PLATFORM} address", ok=True, says=says)


def examine_files(settings: ProgramSettings) -> Iterator[Check]:
    """Yield whether others can read or replace what holds secrets: files of settings, and the database."""
    if os.name == "nt":  # its files have no such modes
        return
    problems = [*_of_files(settings), *_of_folders(settings)]
    for problem in dict.fromkeys(problems):
        yield Check("secrets", ok=False, says=problem)
    if not problems:
        yield Check("secrets", ok=True, says="the files that hold them are yours alone")


def _of_files(settings: ProgramSettings) -> Iterator[str]:
    for file in _files(settings):
        yield from _problems(file, sealed=file.parent == secrets_folder() and _is_sealed(file))


def _of_folders(settings: ProgramSettings) -> Iterator[str]:
    """One problem for each folder in which others can replace a part of a path, or add to what is read."""
    said: set[Path] = set()
    for path in _looked_up(settings):
        for folder, why in walk(path):
            if folder not in said:
                said.add(folder)
                yield why


def _looked_up(settings: ProgramSettings) -> Iterator[Path]:
    """The paths at which settings and data are looked for, whether something is there or not."""
    yield from _files(settings)
    yield named_file() or HERE
    if folder := secrets_folder():
        yield folder / _NEW
    if file := settings.database_file:
        yield file
        yield file.with_name(_NEW)


def _files(settings: ProgramSettings) -> Iterator[Path]:
    """The files that are there."""
    file = named_file() or HERE
    if file.is_file():
        yield file
    folder = secrets_folder()
    if folder and folder.is_dir():
        yield from (file for file in sorted(folder.iterdir()) if file.is_file())
    if settings.database_file:
        for side in _SIDES:
            file = settings.database_file.with_name(settings.database_file.name + side)
            if file.is_file():
                yield file


def _problems(file: Path, *, sealed: bool) -> Iterator[str]:
    """Yield the problems of one file.

    ``sealed`` files are mounted to be read only, with their owner's mode.
    """
    found = file.stat()
    mode = stat.S_IMODE(found.st_mode)
    # A service may share a file with root alone, by its group.
    others = _BY_OTHERS & ~stat.S_IRGRP if found.st_uid == 0 != os.geteuid() else _BY_OTHERS
    if mode & (_WRITTEN_BY_OTHERS if sealed else others):
        can = "change" if mode & _WRITTEN_BY_OTHERS else "read"
        yield f"other users of this machine may {can} {file} (mode {mode:04o}): chmod 600 {file}"
    if _is_theirs(found) and not sealed:
        yield f"{file} belongs to another user, who can change it: chown {os.geteuid()} {file}"


def walk(path: Path) -> Iterator[tuple[Path, str]]:
    """The folders on the way to a path, links followed, in which others decide what is found; and why.

    Nobody else writes to a folder that is ours or root's and has no mode for it. One that is sticky, as
    /tmp is, protects what is there and ours, but anybody may add to it.
    """
    folder, links = Path("/"), 0
    parts = list(reversed(Path.cwd().joinpath(path).parts[1:]))
    while parts:
        part = parts.pop()
        if part == "..":
            folder = folder.parent
            continue
        try:
            within, inside = folder.stat(), _inside(folder / part)
            sealed = _is_sealed(folder)
        except OSError:
            return  # nobody like us gets there
        may = f"may add files to {folder}" if part == _NEW else f"may replace {path}"
        if sealed:
            pass
        elif _is_theirs(within):
            yield folder, f"{folder} belongs to another user, who {may}: chown {os.geteuid()} {folder}"
        elif _is_open(within) and not (within.st_mode & stat.S_ISVTX and inside and not _is_theirs(inside)):
            yield folder, f"other users of this machine {may}: chmod go-w {folder}"
        if inside is None:
            return
        if not stat.S_ISLNK(inside.st_mode):
            folder /= part
            continue
        links += 1
        if links > _MOST_LINKS:
            return
        target = (folder / part).readlink()
        folder = Path("/") if target.is_absolute() else folder
        parts += reversed(target.parts[target.is_absolute() :])


def _inside(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _is_theirs(found: os.stat_result) -> bool:
    return found.st_uid not in {0, os.geteuid()}


def _is_open(folder: os.stat_result) -> bool:
    """Tell whether others may add to a folder and, unless it is sticky, delete from it."""
    if folder.st_mode & stat.S_IWOTH:
        return True
    return bool(folder.st_mode & stat.S_IWGRP) and not _is_group_of_ours(folder.st_gid)


def _is_group_of_ours(gid: int) -> bool:
    """Tell whether nobody but root or this user is in the group: many systems give each user their own."""
    import grp  # noqa: PLC0415 - not on Windows
    import pwd  # noqa: PLC0415

    if gid == 0:
        return True
    try:
        user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(gid)
    except KeyError:
        return False
    return (user.pw_gid, user.pw_name) == (gid, group.gr_name) and {*group.gr_mem} <= {user.pw_name}


def _is_sealed(path: Path) -> bool:
    """Tell whether a path is mounted to be read only, as containers do it: nobody else is near it."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
