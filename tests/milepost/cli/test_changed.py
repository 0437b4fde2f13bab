"""Files that differ from the last commit."""

import subprocess

import pytest

from bot.errors import SetupError
from milepost.cli.changed import changed_files


def git(folder, *command):
    author = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
    subprocess.run(("git", *author, *command), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def pack(tmp_path):
    """A folder in a repository with a first commit, and a file next to it."""
    folder = tmp_path / "packs" / "tiny"
    (folder / "questions").mkdir(parents=True)
    for name in ("pack.yaml", "questions/ints.yaml", "questions/strings.yaml", "../other.yaml"):
        (folder / name).write_text("a: 1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Begin")
    return folder


def test_nothing_has_changed(pack):
    assert changed_files(pack) == frozenset()


def test_files_that_are_edited_staged_or_new_are_named_from_the_folder(pack):
    (pack / "questions" / "ints.yaml").write_text("a: 2\n")
    (pack / "pack.yaml").write_text("a: 2\n")
    git(pack, "add", "pack.yaml")
    (pack / "questions" / "größe.yaml").write_text("a: 1\n")
    (pack / ".." / "other.yaml").write_text("a: 2\n")
    assert changed_files(pack) == {"questions/ints.yaml", "pack.yaml", "questions/größe.yaml"}


def test_a_folder_outside_of_a_repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SetupError, match="in no repository"):
        changed_files(tmp_path)


def test_no_git_at_all(pack, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SetupError, match="asks git"):
        changed_files(pack)
