"""``milepost doctor`` on files with secrets: people who can read, replace or add them."""

import os
import stat
from types import SimpleNamespace

import pytest

from milepost.cli.doctor_files import _is_group_of_ours, examine_files
from milepost.settings import ProgramSettings
from tests.support.configured import alone, loaded


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)


def findings():
    return [(check.ok, check.says) for check in examine_files(loaded()[ProgramSettings])]


def private(folder):
    """A folder with every file that holds secrets, all as they should be."""
    (folder / "secrets").mkdir(mode=0o700)
    (folder / "data").mkdir(mode=0o700)
    files = [folder / name for name in (".env", "secrets/discord_token")]
    files += [folder / f"data/milepost.db{side}" for side in ("", "-wal", "-shm")]
    for file in files:
        file.touch(mode=0o600)
    return files


def test_files_that_are_ours_alone_are_well(monkeypatch, tmp_path):
    private(tmp_path)
    monkeypatch.setenv("MILEPOST_SECRETS_FOLDER", "secrets")
    assert findings() == [(True, "the files that hold them are yours alone")]


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize(
    ("mode", "can"),
    [(0o644, "read"), (0o640, "read"), (0o604, "read"), (0o620, "change"), (0o666, "change")],
)
def test_a_file_that_others_can_read_is_told_with_what_to_do(monkeypatch, tmp_path, number, mode, can):
    file = private(tmp_path)[number]
    file.chmod(mode)
    monkeypatch.setenv("MILEPOST_SECRETS_FOLDER", "secrets")
    ((ok, says),) = findings()
    name = file.relative_to(tmp_path)
    assert not ok
    assert says == (f"other users of this machine may {can} {name} (mode {mode:04o}): chmod 600 {name}")


def test_a_named_file_is_looked_at_and_a_link_is_followed(monkeypatch, tmp_path):
    real = tmp_path / "real"
    real.touch(mode=0o644)
    (tmp_path / "my.env").symlink_to(real)
    monkeypatch.setenv("MILEPOST_ENV_FILE", "my.env")
    ((ok, says),) = findings()
    assert not ok
    assert "chmod 600 my.env" in says


def test_a_folder_in_which_others_can_replace_them_is_told(monkeypatch, tmp_path):
    private(tmp_path)
    tmp_path.chmod(0o777)
    ((ok, says),) = findings()
    assert not ok
    assert says == f"other users of this machine may replace .env: chmod go-w {tmp_path}"
    tmp_path.chmod(0o777 | stat.S_ISVTX)
    assert findings()[0][0]


AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
STRANGER = 65534


@AS_ROOT
@pytest.mark.parametrize("name", [".", "secrets", "data"])
def test_a_folder_of_another_user_is_told(monkeypatch, tmp_path, name):
    private(tmp_path)
    monkeypatch.setenv("MILEPOST_SECRETS_FOLDER", "secrets")
    folder = tmp_path / name
    os.chown(folder, STRANGER, STRANGER)
    ((ok, says),) = findings()
    assert not ok
    assert says.startswith(f"{folder} belongs to another user, who may replace ")
    assert says.endswith(f": chown 0 {folder}")


@AS_ROOT
@pytest.mark.parametrize(("group", "told"), [(0, False), (STRANGER, True)])
def test_a_folder_that_a_group_of_others_can_write_is_told(monkeypatch, tmp_path, group, told):
    private(tmp_path)
    os.chown(tmp_path, 0, group)
    tmp_path.chmod(0o770)
    ((ok, says),) = findings()
    assert ok is not told
    assert says.endswith(f": chmod go-w {tmp_path}") is told


def test_a_group_that_has_only_this_user_is_no_group_of_others(monkeypatch):
    me = os.geteuid()
    monkeypatch.setattr("pwd.getpwuid", lambda uid: {me: SimpleNamespace(pw_gid=7000, pw_name="ana")}[uid])
    groups = {
        7000: SimpleNamespace(gr_name="ana", gr_mem=["ana"]),
        7001: SimpleNamespace(gr_name="staff", gr_mem=[]),
    }
    monkeypatch.setattr("grp.getgrgid", groups.__getitem__)
    assert [_is_group_of_ours(gid) for gid in (0, 7000, 7001, 7002)] == [True, True, False, False]
    groups[7000].gr_mem = ["ana", "bob"]
    assert not _is_group_of_ours(7000)


@pytest.mark.parametrize("name", ["link", "link-to-link", "link/../other/.env"])
def test_links_on_the_way_are_followed_through_every_folder(monkeypatch, tmp_path, name):
    for each in ("open", "safe", "other"):
        (tmp_path / each).mkdir(mode=0o700)
    for each in ("safe/env", "other/.env"):
        (tmp_path / each).touch(mode=0o600)
    (tmp_path / "open/link").symlink_to("../safe/env" if name == "link" else tmp_path / "safe")
    (tmp_path / "link-to-link").symlink_to("open/link")
    named = {"link": "open/link", "link-to-link": "link-to-link/env"}.get(name, "open/link/../other/.env")
    monkeypatch.setenv("MILEPOST_ENV_FILE", named)
    assert findings() == [(True, "the files that hold them are yours alone")]
    (tmp_path / "open").chmod(0o777)
    assert findings() == [
        (False, f"other users of this machine may replace {named}: chmod go-w {tmp_path / 'open'}")
    ]


def test_a_folder_above_the_folder_is_looked_at(monkeypatch, tmp_path):
    (tmp_path / "above/here").mkdir(mode=0o700, parents=True)
    (tmp_path / "above").chmod(0o777)
    monkeypatch.chdir(tmp_path / "above/here")
    private(tmp_path / "above/here")
    ((ok, says),) = findings()
    assert not ok
    assert says == f"other users of this machine may replace .env: chmod go-w {tmp_path / 'above'}"


@pytest.mark.parametrize("mode", [0o777, 0o1777])
@pytest.mark.parametrize("linked", [False, True])
def test_a_folder_of_secrets_to_which_others_can_add_is_told(monkeypatch, tmp_path, mode, linked):
    for each in ("secrets", "safe"):
        (tmp_path / each).mkdir(mode=0o700)
    if linked:
        (tmp_path / "safe/token").touch(mode=0o600)
        (tmp_path / "secrets/discord_token").symlink_to("../safe/token")
    (tmp_path / "secrets").chmod(mode)
    monkeypatch.setenv("MILEPOST_SECRETS_FOLDER", "secrets")
    ((ok, says),) = findings()
    assert not ok
    assert says.endswith(f": chmod go-w {tmp_path / 'secrets'}")


def test_where_others_can_put_a_file_that_is_not_there_yet_is_told(tmp_path):
    tmp_path.chmod(0o1777)
    ((ok, says),) = findings()
    assert not ok
    assert says == f"other users of this machine may replace .env: chmod go-w {tmp_path}"


@AS_ROOT
def test_a_link_of_another_user_in_a_sticky_folder_is_told(monkeypatch, tmp_path):
    private(tmp_path)
    (tmp_path / "link").symlink_to(".env")
    os.chown(tmp_path / "link", STRANGER, STRANGER, follow_symlinks=False)
    tmp_path.chmod(0o1777)
    monkeypatch.setenv("MILEPOST_ENV_FILE", "link")
    ((ok, says),) = findings()
    assert not ok
    assert "may replace link" in says


@AS_ROOT
def test_a_file_of_another_user_is_told(monkeypatch, tmp_path):
    private(tmp_path)
    os.chown(tmp_path / ".env", 65534, 65534)
    ((ok, says),) = findings()
    assert not ok
    assert says == ".env belongs to another user, who can change it: chown 0 .env"


def test_where_nothing_is_yet_nothing_is_wrong():
    assert findings() == [(True, "the files that hold them are yours alone")]
