"""A pack that is made to stop Milepost is left out, and the good one beside it loads."""

import shutil
import signal
import sys

import pytest

from content import loader
from content.checks.folder import FILE_BYTES, FileError, PackFolder
from content.errors import FILE_PROBLEMS, PACK_PROBLEMS
from content.loader import load_packs
from tests.content import hostile
from tests.content.loading import load_alone
from tests.endtoend.running import Demo, milepost

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and limits are those of POSIX")

SECONDS, MIB = 8.0, 200
"""Limits for loading: seconds of processor time (2 on a fast machine) and MiB of memory growth."""

WHOLE = {"a-lock-of-half-a-million-lines", "folders-a-hundred-deep"}
"""Cases that a pack survives: what is odd in it is not read when packs are served."""


@pytest.fixture
def folders(tiny):
    """Makes a folder for each case, with a good pack and the bad one in it."""
    tiny.load()

    def make(names):
        made = []
        for name in names:
            folder = tiny.folder.parent / "cases" / name
            shutil.copytree(tiny.folder, folder / "good")
            shutil.copytree(tiny.folder, folder / "bad")
            for file in ("pack.yaml", "ids.lock"):
                path = folder / "bad" / file
                path.write_text(path.read_text().replace("id: tiny", "id: bad"))
            hostile.CASES[name](folder / "bad")
            made.append(folder)
        return made

    return make


def test_no_case_stops_the_good_pack_or_costs_much(folders):
    names = sorted(hostile.CASES)
    lines, done = load_alone(*folders(names))
    last = lines[-1] if lines else None
    ended = signal.Signals(-done.returncode).name if done.returncode < 0 else done.returncode
    assert done.returncode == 0, f"{last} ended the process: {ended} {done.stderr[-2000:]}"
    results = dict(zip([line["begins"] for line in lines[::2]], lines[1::2], strict=True))
    assert list(results) == names
    for name, found in results.items():
        expected = ["bad", "tiny"] if name in WHOLE else ["tiny"]
        assert found["packs"] == expected, f"{name}: {found['problems'][:3]}"
        assert found["seconds"] < SECONDS, f"{name} took {found['seconds']:.1f} s"
        assert found["mib"] < MIB, f"{name} took {found['mib']:.0f} MiB"
        assert_told_shortly(name, found["problems"])
    slowest = max(results, key=lambda name: results[name]["seconds"])
    largest = max(results, key=lambda name: results[name]["mib"])
    sys.stdout.write(
        f"{len(results)} hostile packs: the good one loaded beside each. "
        f"Slowest {results[slowest]['seconds']:.2f} s ({slowest}), "
        f"largest {results[largest]['mib']:.0f} MiB ({largest}).\n"
    )


def assert_told_shortly(name, problems):
    assert len(problems) <= PACK_PROBLEMS, name
    for file in {each.partition(":")[0] for each in problems}:
        told = [each for each in problems if each.partition(":")[0] == file]
        assert len(told) <= FILE_PROBLEMS, f"{name}: {file}"
    for each in problems:
        assert len(each) < 1200, f"{name}: {each[:300]}"
        assert each.isprintable(), f"{name}: {each!a}"
        assert "SECRET" not in each, f"{name}: {each}"
        assert "can't be read (" not in each, f"{name} was not foreseen: {each}"


@pytest.mark.parametrize("error", [MemoryError(), RecursionError("too deep"), KeyError("x" * 10_000)])
def test_an_error_that_nobody_foresaw_is_one_problem_of_its_pack(folders, monkeypatch, error):
    [folder] = folders(["nothing"])
    read = loader.read_files

    def fails(files):
        if files._folder.name == "bad":
            raise error
        return read(files)

    monkeypatch.setattr(loader, "read_files", fails)
    loaded = load_packs(folder)
    assert list(loaded.packs) == ["tiny"]
    [problem] = map(str, loaded.problems)
    assert problem.startswith(f"bad: the pack can't be read ({type(error).__name__}")
    assert len(problem) < 300


FATAL = (
    "nested-100000",
    "nested-2000-in-a-text",
    "laughs-as-title",
    "laughs-as-id",
    "merge-bomb",
    "unknown-keys-200000",
    "sexagesimal",
    "a-pipe-as-questions",
    "a-link-to-zeros",
    "a-link-to-a-secret",
)
"""Each of these once ended, hung or starved the whole process, or quoted somebody's secrets."""


@pytest.fixture
def beside_each_other(folders, tmp_path):
    """One folder of packs with a good one and all that are fatal."""
    packs = tmp_path / "packs"
    packs.mkdir()
    for folder in folders(FATAL):
        (folder / "bad").rename(packs / folder.name)
    (folder / "good").rename(packs / "good")
    return packs


def test_the_doctor_names_every_bad_pack_and_finds_the_good_one(beside_each_other, tmp_path):
    ran = milepost("doctor", cwd=tmp_path, MILEPOST_PACKS_FOLDER=str(beside_each_other))
    said = ran.stdout + ran.stderr
    assert ran.returncode in {0, 1}, said
    assert "packs: tiny" in said
    assert {name for name in FATAL if f"{name}/" in said} == set(FATAL)
    assert "SECRET" not in said
    assert "Traceback" not in said


def test_milepost_starts_beside_bad_packs(beside_each_other, tmp_path):
    demo = Demo(tmp_path / "data", cwd=tmp_path, MILEPOST_PACKS_FOLDER=str(beside_each_other))
    try:
        assert demo.start()
    finally:
        demo.kill()
    told = [line for line in demo.complaints if "left out: " in line]
    assert {name for name in FATAL if any(f"left out: {name}/" in line for line in told)} == set(FATAL)
    assert not [line for line in demo.complaints if "Traceback" in line or "SECRET" in line]


@pytest.fixture
def pack_folder(tmp_path):
    (tmp_path / "pack.yaml").write_text("id: one")
    (tmp_path / "outside").mkdir()
    (tmp_path / "pack").mkdir()
    return PackFolder(tmp_path / "pack")


@pytest.mark.parametrize("name", ["a-folder", "a-link-out", "a-circle", "large.yaml"])
def test_each_refusal_says_what_to_do(pack_folder, tmp_path, name):
    pack = tmp_path / "pack"
    (pack / "a-folder").mkdir()
    (pack / "a-link-out").symlink_to(tmp_path / "pack.yaml")
    (pack / "a-circle").symlink_to("a-circle")
    (pack / "large.yaml").write_bytes(b"x" * (FILE_BYTES + 1))
    with pytest.raises(FileError) as caught:
        pack_folder.read(name)
    assert caught.value.hint.endswith(".")
    assert caught.value.advice == f"{caught.value}. {caught.value.hint}"


@pytest.mark.parametrize(
    ("number", "hint"), [(28, "Make room on the disk."), (13, "Give this user"), (5, "Look at")]
)
def test_an_error_of_the_system_comes_with_what_to_do(pack_folder, monkeypatch, number, hint):
    def refuses(_files):
        raise OSError(number, "the system's words")

    monkeypatch.setattr("content.checks.folder.write_whole", refuses)
    with pytest.raises(FileError, match="cannot be written: the system's words") as caught:
        pack_folder.replace("pack.yaml", "id: two")
    assert caught.value.hint.startswith(hint)
