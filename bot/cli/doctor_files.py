"""What ``milepost doctor`` says of the files that hold secrets, and of the addresses that tokens go to."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import adapters
from bot.border.check import Check
from bot.border.configuration import HERE, elsewhere, named_file, secrets_folder
from bot.border.redaction import redacted
from bot.settings import Settings

_SIDES = ("", "-wal", "-shm")
_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def examine_addresses(_: Settings) -> Iterator[Check]:
    """Every address of a platform that isn't its official one."""
    for platform in adapters.usable():
        for variable, address in elsewhere(platform.Settings()):
            says = f"{variable} sends requests, and the tokens in them, to {redacted(address)}"
            yield Check(f"{platform.PLATFORM} address", ok=True, says=says)


def examine_files(settings: Settings) -> Iterator[Check]:
    """Whether others can read or replace what holds secrets: files of settings, and the database."""
    if os.name == "nt":  # its files have no such modes
        return
    problems = [problem for file, sealed in _files(settings) for problem in _problems(file, sealed=sealed)]
    for problem in dict.fromkeys(problems):
        yield Check("secrets", ok=False, says=problem)
    if not problems:
        yield Check("secrets", ok=True, says="the files that hold them are yours alone")


def _files(settings: Settings) -> Iterator[tuple[Path, bool]]:
    """The files that are there; with whether a container holds them, so that nobody else is near them."""
    file = named_file() or HERE
    if file.is_file():
        yield file, False
    folder = secrets_folder()
    if folder and folder.is_dir():
        for file in sorted(folder.iterdir()):
            if file.is_file():
                yield file, bool(os.statvfs(file).f_flag & os.ST_RDONLY)
    if settings.database_file:
        for side in _SIDES:
            file = settings.database_file.with_name(settings.database_file.name + side)
            if file.is_file():
                yield file, False


def _problems(file: Path, *, sealed: bool) -> Iterator[str]:
    """``sealed`` files are mounted to be read only, as containers do it with their owner's own mode."""
    found, folder = file.stat(), file.resolve().parent
    mode = stat.S_IMODE(found.st_mode)
    # A service may share a file with root alone, by its group.
    others = _BY_OTHERS & ~stat.S_IRGRP if found.st_uid == 0 != os.geteuid() else _BY_OTHERS
    if mode & (_WRITTEN_BY_OTHERS if sealed else others):
        can = "change" if mode & _WRITTEN_BY_OTHERS else "read"
        yield f"other users of this machine may {can} {file} (mode {mode:04o}): chmod 600 {file}"
    if found.st_uid not in {0, os.geteuid()} and not sealed:
        yield f"{file} belongs to another user, who can change it: chown {os.geteuid()} {file}"
    if _replaceable(folder):
        yield f"other users of this machine may replace {file}: chmod go-w {folder}"


def _replaceable(folder: Path) -> bool:
    """Whether others may delete and make files in it; where it is sticky, as /tmp is, only their own."""
    mode = folder.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX
