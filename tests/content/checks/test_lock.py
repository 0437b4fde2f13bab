"""ids.lock: what was shipped stays."""

import pytest

from content.checks import write_lock
from content.checks.lock import check_ids
from content.errors import FILE_PROBLEMS
from content.loader import load_pack

LOCK = """\
challenge basics-project active
prompt ints-prompt active
prompt strings-prompt active
question ints-2 active
question ints-3 active
question ints-4 active
question strings-23 active
question strings-24 active
question strings-25 active
step basics active
topic ints active
topic strings active
"""


def ids_findings(tiny, **options):
    return [finding.advice for finding in tiny.check(**options).findings if finding.check == "ids"]


def test_the_lock_is_sorted_and_complete(tiny):
    assert write_lock(tiny.load()) == LOCK


def test_a_fitting_lock_has_no_findings(tiny):
    tiny.lock = LOCK
    assert ids_findings(tiny, released_lock=LOCK) == []


def test_writing_only_adds(tiny):
    pack = tiny.load()
    current = "question gone-long-ago active\nquestion ints-2 retired\n"
    lines = write_lock(pack, current).splitlines()
    assert "question gone-long-ago active" in lines
    assert "question ints-2 retired" in lines
    assert len(lines) == len(LOCK.splitlines()) + 1
    assert lines == sorted(lines)


def test_writing_notes_that_a_question_was_retired(tiny):
    tiny.question["status"] = "retired"
    tiny.write()
    pack = load_pack(tiny.folder, needs_lock=False)
    assert "question ints-2 retired" in write_lock(pack, LOCK)


@pytest.mark.parametrize("line", ["question ints-3 active", "topic ints active", "step basics active"])
def test_every_id_is_in_the_lock(tiny, line):
    tiny.lock = LOCK.replace(f"{line}\n", "")
    kind, name, _ = line.split()
    assert ids_findings(tiny) == [
        f"the {kind} '{name}' is not in the lock. Run `milepost content check --write-lock`."
    ]


def test_an_id_in_the_lock_is_still_in_the_files(tiny):
    tiny.lock = f"{LOCK}question zebra active\n"
    assert ids_findings(tiny) == [
        (
            "the question 'zebra' is gone from the files. "
            "Put it back with `status: retired`: answers to it are stored."
        )
    ]


def test_a_line_that_was_released_stays_in_the_lock(tiny):
    tiny.lock = LOCK
    released = f"{LOCK}question zebra active\n"
    assert ids_findings(tiny, released_lock=released) == [
        (
            "the question 'zebra' was released and is gone from the lock."
            " Put its line back: answers to it may be stored."
        )
    ]


def test_a_retired_id_is_not_used_again(tiny):
    tiny.lock = LOCK.replace("question ints-2 active", "question ints-2 retired")
    assert ids_findings(tiny) == [
        (
            "the question 'ints-2' was retired and is active again. "
            "Retired ids aren't used again. Give the new one its own id."
        )
    ]


def test_a_status_that_changed_is_noted(tiny):
    tiny.question["status"] = "draft"
    tiny.lock = LOCK
    assert ids_findings(tiny) == [
        ("the question 'ints-2' is draft, the lock says active. Run `milepost content check --write-lock`.")
    ]


@pytest.mark.parametrize("line", ["question ints-9", "quiz ints-9 active", "question ints-9 gone"])
def test_a_line_that_cannot_be_understood(tiny, line):
    tiny.lock = f"\n{line}\n{LOCK}"
    [finding] = [each for each in tiny.check().findings if each.check == "ids"]
    assert str(finding) == ("ids.lock:2: error [ids]: not a line of a lock. A line is: kind id status.")


def test_a_line_that_contradicts_another(tiny):
    tiny.lock = f"{LOCK}question ints-2 retired\n"
    assert ids_findings(tiny) == [
        "the question 'ints-2' is listed twice. Leave out one of the two lines; a retired id stays retired."
    ]


def test_a_retired_challenge_counts_as_there(tiny):
    tiny.files["challenges/basics/old.yaml"] = tiny.challenge | {"id": "old", "status": "retired"}
    assert "challenge old retired\n" in write_lock(tiny.load())


def test_a_successor_names_a_retired_question(tiny, line_of):
    tiny.ints[1]["replaces"] = "ints-2"
    tiny.ints[2]["replaces"] = "ints-1"
    findings = tiny.found()
    line = line_of("questions/ints.yaml", "replaces: ints-2")
    assert (
        f"questions/ints.yaml:{line}: error [ids]: 'ints-2' is replaced but active. "
        "Give it `status: retired`."
    ) in findings
    assert any("there is no question 'ints-1'" in finding for finding in findings)


@pytest.mark.parametrize("line", ["a\n", "question q{n} active\n", f"question {'q' * 3000}{{n}} retired\n"])
def test_a_lock_without_end_is_told_of_shortly(tiny, line):
    tiny.load()
    lines = "".join(line.format(n=n) for n in range(900_000 // len(line)))
    (tiny.folder / "ids.lock").write_text(lines)
    findings = list(check_ids(load_pack(tiny.folder), tiny.folder))
    assert 0 < len(findings) <= FILE_PROBLEMS
    assert all(len(str(each)) < 400 for each in findings)


def test_a_lock_that_leads_elsewhere_is_not_read(tiny, tmp_path):
    pack = tiny.load()
    (tmp_path / "secret").write_text("SECRET of somebody\n")
    (tiny.folder / "ids.lock").unlink()
    (tiny.folder / "ids.lock").symlink_to(tmp_path / "secret")
    [finding] = map(str, check_ids(pack, tiny.folder))
    assert finding == (
        "ids.lock: error [ids]: it is a link that leads out of the pack."
        " Put a copy of what it leads to in its place."
    )


def test_no_id_is_lost_behind_lines_that_nobody_understands(tiny):
    current = "what is this\n" * 1000 + "question gone-long-ago retired\n"
    assert "question gone-long-ago retired" in write_lock(tiny.load(), current)


def test_a_lock_that_is_not_utf_8_is_said_to_be_restored_or_written_anew(tiny):
    pack = tiny.load()
    (tiny.folder / "ids.lock").write_bytes(b"\xff\xfe")
    [finding] = map(str, check_ids(pack, tiny.folder))
    assert finding == (
        "ids.lock: error [ids]: the file is not UTF-8. Restore it from version control: it has every id"
        " that was shipped. If nothing was shipped yet, delete it and run"
        " `milepost content check --write-lock`."
    )
