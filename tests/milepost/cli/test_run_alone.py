"""Only one Milepost serves a database, and what it writes is its owner's."""

import os
import stat

import pytest
from filelock import FileLock

from bot.errors import SetupError
from milepost.cli.run import alone
from milepost.settings import ProgramSettings
from tests.support.commands import Milepost


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o022)
    yield Milepost(monkeypatch, capsys)
    os.umask(before)


def test_a_second_milepost_on_a_database_is_refused(tmp_path):
    settings = ProgramSettings(database_url=f"sqlite:///{tmp_path / 'milepost.db'}")
    with (
        FileLock(tmp_path / "milepost.db.lock"),
        pytest.raises(SetupError, match="Another Milepost") as told,
    ):
        alone(settings).__enter__()
    assert "MILEPOST_DATABASE_URL" in str(told.value)
    with alone(settings):
        pass


def test_a_fresh_demonstration_spares_the_files_of_one_that_runs(milepost, tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    kept = folder / "playground.jsonl"
    kept.write_text("said\n")
    with FileLock(folder / "milepost.db.lock"):
        ran = milepost("demo", "--no-browser", "--fresh", "--folder", folder)
    assert ran.code == 2
    assert "Another Milepost" in ran.err
    assert kept.read_text() == "said\n"


def test_files_are_made_for_their_owner_alone(milepost, tmp_path):
    assert milepost("db", "upgrade").code == 0
    files = [file for file in tmp_path.rglob("milepost.db*") if file.is_file()]
    assert files
    assert all(stat.S_IMODE(file.stat().st_mode) & 0o077 == 0 for file in files)
