"""A start that cannot be: the real program says one clear sentence, exits with 2 and leaves files alone.

What the command line refuses in the same process is in tests/bot; here are whole processes and files.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import open_database
from tests.content.conftest import TinyPack
from tests.endtoend.running import Demo, milepost
from tests.endtoend.window import opened


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the present schema."""
    file = tmp_path_factory.mktemp("database") / "milepost.db"

    async def make() -> None:
        await (await open_database(f"sqlite:///{file}")).close()

    asyncio.run(make())
    return file


@pytest.fixture
def folder(empty_database: Path, tmp_path: Path) -> Path:
    """A demo's folder with a database in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(empty_database, folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file, but for what SQLite keeps beside an open one."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def complaint(folder: Path, cwd: Path, **settings: str) -> str:
    """Start the demo, which refuses: its one sentence. No file that was in the folder is changed by it."""
    before = contents(folder) if folder.is_relative_to(cwd) and folder.is_dir() else None
    settings = {"MILEPOST_PLAYGROUND_PORT": "0"} | settings
    ran = milepost("demo", "--no-browser", "--folder", str(folder), cwd=cwd, **settings)
    assert (ran.returncode, ran.stdout) == (2, ""), ran
    (line,) = ran.stderr.splitlines()
    assert line.endswith("."), line
    assert before is None or contents(folder).items() >= before.items()
    return line


def test_a_second_demo_on_the_same_folder_is_refused_and_does_not_disturb(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "data", cwd=tmp_path)
    assert demo.start()
    try:
        asyncio.run(_answers(demo))
        sentence = complaint(demo.folder, tmp_path)
        assert sentence.startswith(f"Another Milepost is already using {demo.database}. Stop it first")
        assert "--folder" in sentence  # the demo reads no MILEPOST_DATABASE_URL
        asyncio.run(_answers(demo))
    finally:
        assert demo.stop() == 0
    assert demo.complaints == []


async def _answers(demo: Demo) -> None:
    async with opened(demo.address, "maya") as maya:
        await maya.sees(lambda: maya.saying("Question of the day"))
        known = len(maya.saying("Leaderboard"))
        await maya.post("/say", text="/leaderboard")
        await maya.sees(lambda: len(maya.saying("Leaderboard")) > known)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc, where not even root can write")
@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        ("/proc", "Nothing can be written in the folder /proc: give this user write permission"),
        ("/proc/milepost", "The folder /proc/milepost cannot be made: No such file or directory."),
    ],
)
def test_a_folder_that_cannot_be_written(tmp_path: Path, folder: str, sentence: str) -> None:
    assert complaint(Path(folder), tmp_path).startswith(sentence)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere: run this as another user")
def test_a_folder_that_may_only_be_read(folder: Path, tmp_path: Path) -> None:
    (folder / "milepost.db").chmod(0o400)
    folder.chmod(0o500)
    try:
        assert "write permission" in complaint(folder, tmp_path)
    finally:
        folder.chmod(0o700)


def test_a_file_that_is_no_database(folder: Path, tmp_path: Path) -> None:
    (folder / "milepost.db").write_bytes(os.urandom(20_000))
    sentence = complaint(folder, tmp_path)
    assert sentence.startswith(
        f"The file {folder}/milepost.db isn't a Milepost database. Choose another file"
    )


def test_a_database_of_a_newer_milepost(folder: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder / "milepost.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    sentence = complaint(folder, tmp_path)
    assert "was written by a newer Milepost (revision 9999): install that version" in sentence


@pytest.fixture
def locked(folder: Path) -> Iterator[Path]:
    with closing(sqlite3.connect(folder / "milepost.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield folder


def test_a_database_that_another_program_has_locked(locked: Path, tmp_path: Path) -> None:
    sentence = complaint(locked, tmp_path, MILEPOST_DATABASE_BUSY_SECONDS="0.1")
    assert "is locked by another process: stop the other program" in sentence


def test_a_transcript_that_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "playground.jsonl").mkdir(parents=True)
    sentence = complaint(folder, tmp_path)
    assert f"The transcript {folder}/playground.jsonl cannot be opened: Is a directory." in sentence


def test_settings_that_are_misspelt_and_wrong_are_all_told_at_once(tmp_path: Path) -> None:
    settings = {
        "MILEPOST_TIK_SECONDS": "2",
        "MILEPOST_PLAYGROUND_PROT": "8080",
        "MILEPOST_ROLLOVER": "3 am",
        "MILEPOST_PLAYGROUND_PORT": "99999",
    }
    ran = milepost("demo", "--no-browser", cwd=tmp_path, **settings)
    assert (ran.returncode, ran.stdout) == (2, "")
    told = ran.stderr.splitlines()
    assert len(told) == len(settings)
    for name in settings:
        assert sum(line.startswith(f"{name} is ") for line in told) == 1, name
    assert "MILEPOST_TIK_SECONDS is not a setting. Did you mean MILEPOST_TICK_SECONDS?" in told
    assert not list(tmp_path.iterdir())


def test_a_broken_pack_is_told_and_the_whole_one_is_served(tmp_path: Path) -> None:
    broken = TinyPack(tmp_path / "packs/tiny")
    broken.pack["licens"] = broken.pack.pop("licence")
    broken.write()
    demo = Demo(tmp_path / "data", cwd=tmp_path, MILEPOST_PACKS_FOLDER="packs")
    assert demo.start()
    try:
        asyncio.run(_answers(demo))
    finally:
        assert demo.stop() == 0
    told = demo.complaints
    assert any("left out: tiny/pack.yaml" in line and "licens" in line for line in told), told
    assert all("left out: tiny/" in line for line in told), told
