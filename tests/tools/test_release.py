"""Conditions of a release, and what ``make release-check`` says when it isn't."""

import datetime as dt
import re
import shutil
import subprocess

import pytest

from tests.endtoend.running import ROOT
from tools import release

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
GOOD = "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-03-02\n\n### Added\n\n- A thing.\n"


def parts(version):
    return tuple(map(int, version.split(".")))


def test_the_changelog_leads_up_to_the_version():
    """The version is the newest release, or newer with something to tell."""
    released = [match["version"] for match in release.RELEASED.finditer(CHANGELOG)]
    assert released == sorted(released, key=parts, reverse=True)
    for match in release.RELEASED.finditer(CHANGELOG):
        dt.date.fromisoformat(match["date"])
    headings = re.findall(r"^## \[([^\]]+)\]", CHANGELOG, re.MULTILINE)
    assert headings == ["Unreleased", *released]
    version = release.version(ROOT)
    if version not in released[:1]:
        assert all(parts(version) > parts(each) for each in released)
        assert release.UNRELEASED.search(CHANGELOG)["text"].strip()


def test_the_version_is_stated_in_one_place():
    version = re.escape(release.version(ROOT))
    stated = re.compile(rf"(?:version|VERSION)\W{{1,6}}{version}\b")
    tracked = [
        path for package in (*release.PACKAGES, "deploy", "docs") for path in (ROOT / package).rglob("*")
    ]
    texts = [path for path in tracked if path.suffix in {".py", ".md", ".toml", ".yaml"}]
    assert [path.name for path in texts if stated.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("changelog", "told"),
    [
        (GOOD, []),
        (GOOD.replace("## [Unreleased]\n\n", ""), ["has no section [Unreleased]"]),
        (GOOD.replace("## [Unreleased]\n", "## [Unreleased]\n\n- Later.\n"), ["lines under [Unreleased]"]),
        (GOOD.replace("0.2.0", "0.1.9"), ["The newest release in CHANGELOG.md isn't 0.2.0"]),
        (GOOD.replace(" - 2026-03-02", ""), ["The newest release in CHANGELOG.md isn't 0.2.0"]),
        (GOOD.replace("2026-", "9026-"), ["dates 0.2.0 on a day to come"]),
    ],
)
def test_a_changelog_that_is_not_ready_is_refused(changelog, told):
    found = list(release.changelog_problems(changelog, "0.2.0"))
    assert len(found) == len(told)
    for part, sentence in zip(told, found, strict=True):
        assert part in sentence


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit that can be released."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "milepost"\nversion = "0.2.0"\n', "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(GOOD, "utf-8")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def git(folder, *words):
    who = ("-c", "user.name=Maya", "-c", "user.email=maya@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def commit(folder):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Release")


def test_a_clean_commit_can_be_released_also_once_it_is_tagged(repository):
    assert list(release.problems(repository)) == []
    git(repository, "tag", "v0.2.0")
    assert list(release.problems(repository)) == []


def test_what_is_not_committed_and_a_tag_elsewhere_are_told(repository):
    git(repository, "tag", "v0.2.0")
    (repository / "new.txt").write_text("x", "utf-8")
    assert list(release.problems(repository)) == [
        "There are changes that aren't committed: git status lists them."
    ]
    commit(repository)
    (found,) = release.problems(repository)
    assert found == "The tag v0.2.0 is on another commit already: choose a new version."


def test_a_version_of_another_form_is_told(repository):
    file = repository / "pyproject.toml"
    file.write_text(file.read_text("utf-8").replace("0.2.0", "0.2.0.dev1"), "utf-8")
    assert "The version 0.2.0.dev1 in pyproject.toml isn't of the form 1.2.3." in release.problems(
        repository
    )


def test_the_page_names_targets_and_files_that_exist():
    page = (ROOT / "docs/releasing.md").read_text("utf-8")
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", page, re.MULTILINE))
    assert targets == {"check", "test", "release-check", "dist"}
    assert [target for target in targets if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []
    assert "git tag --sign v" in page
    assert "git verify-tag v" in page
