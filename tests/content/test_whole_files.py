"""Files written whole: all of them, or each stays as it was."""

import contextlib
import resource

import pytest

from content.whole_files import write_whole

MUCH = b"x" * 100_000


@pytest.fixture
def files(tmp_path):
    old = tmp_path / "old.txt"
    old.write_bytes(b"as it was")
    return {old: MUCH, tmp_path / "new.txt": b"new"}


def state(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextlib.contextmanager
def no_file_longer_than(size):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_new_and_old_files_are_written(files, tmp_path):
    write_whole(files)
    assert state(tmp_path) == {"old.txt": MUCH, "new.txt": b"new"}


def test_where_one_has_no_room_none_is_changed(files, tmp_path):
    with no_file_longer_than(len(MUCH) // 2), pytest.raises(OSError, match="File too large"):
        write_whole(dict(reversed(files.items())))
    assert state(tmp_path) == {"old.txt": b"as it was"}


def test_ctrl_c_before_the_first_takes_its_place_leaves_nothing_behind(files, tmp_path, monkeypatch):
    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", pressed)
    with pytest.raises(KeyboardInterrupt):
        write_whole(files)
    assert state(tmp_path) == {"old.txt": b"as it was"}


def test_a_file_keeps_its_permissions(files, tmp_path):
    (tmp_path / "old.txt").chmod(0o640)
    write_whole(files)
    assert (tmp_path / "old.txt").stat().st_mode & 0o777 == 0o640


def test_a_link_gives_way_to_the_file_and_so_does_what_a_killed_run_left(tmp_path):
    (tmp_path / "elsewhere").write_bytes(b"as it was")
    (tmp_path / "file").symlink_to("elsewhere")
    (tmp_path / ".file.new").symlink_to("elsewhere")
    write_whole({tmp_path / "file": b"new"})
    assert state(tmp_path) == {"elsewhere": b"as it was", "file": b"new"}
    assert not (tmp_path / "file").is_symlink()
