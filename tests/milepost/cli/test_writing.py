"""Files that a command writes where somebody says."""

from pathlib import Path

import pytest

from bot.errors import SetupError
from milepost.cli.writing import write_files
from tests.content.test_whole_files import MUCH, no_file_longer_than, state


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real.txt").write_bytes(b"as it was")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_files({tmp_path / "link.txt": b"new"})
    assert (tmp_path / "real.txt").read_bytes() == b"new"
    assert (tmp_path / "link.txt").is_symlink()


def test_what_is_no_regular_file_is_written_to_and_stays():
    write_files({Path("/dev/null"): MUCH})
    assert Path("/dev/null").is_char_device()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SetupError, match=r"^There is no folder .*nowhere\. Create it, or choose"):
        write_files({tmp_path / "one.txt": b"", tmp_path / "nowhere/two.txt": b""})
    assert state(tmp_path) == {}


def test_on_a_full_disk_nothing_is_changed_and_that_is_said(tmp_path):
    (tmp_path / "out.txt").write_bytes(b"as it was")
    with no_file_longer_than(len(MUCH) // 2), pytest.raises(SetupError) as caught:
        write_files({tmp_path / "out.txt": MUCH})
    assert "out.txt can't be written: File too large. Nothing was changed." in str(caught.value)
    assert state(tmp_path) == {"out.txt": b"as it was"}
