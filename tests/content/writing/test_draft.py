"""A draft: what can't be written is refused before anything is."""

import pytest

from content.writing.draft import CannotWriteError, Draft, open_draft, start_pack

INFO = {"id": "p", "title": "P", "version": "1.0.0", "schema": 1, "licence": "CC0", "as_of": "2026-01-01"}
ROADMAP = {
    "source": "None",
    "steps": [
        {"id": "s", "title": "S", "goal": "Know what a step is for.", "topics": [{"id": "t", "title": "T"}]}
    ],
}
QUESTION = {
    "id": "q",
    "type": "truefalse",
    "stem": "A question is asked here.",
    "options": [{"id": "true", "text": "True", "correct": True}, {"id": "false", "text": "False"}],
    "explanation": "It is asked by whom it concerns, and that is enough.",
}


@pytest.fixture
def folder(tmp_path):
    start_pack(tmp_path / "p", INFO, ROADMAP).write()
    return tmp_path / "p"


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_nothing_is_on_the_disk_before_it_is_written(folder):
    draft = open_draft(folder)
    draft.add_question("t", QUESTION)
    assert names(folder) == ["ids.lock", "pack.yaml", "roadmap.yaml"]
    draft.write()
    assert names(folder) == ["ids.lock", "pack.yaml", "questions/t.yaml", "roadmap.yaml"]


def test_an_open_draft_knows_what_is_there(folder):
    open_draft_of = open_draft(folder)
    assert (open_draft_of.topics, open_draft_of.steps) == ({"t": "T"}, {"s": "S"})
    assert open_draft_of.taken == {"s", "t"}
    assert open_draft_of.questions("t") == 0


def test_a_file_that_the_checker_would_refuse_is_never_written(folder):
    draft = open_draft(folder)
    with pytest.raises(CannotWriteError, match=r"^exactly one option must be `correct: true`\.$"):
        draft.add_question(
            "t", {**QUESTION, "options": [{**each, "correct": True} for each in QUESTION["options"]]}
        )
    draft.write()
    assert "questions/t.yaml" not in names(folder)


def test_a_list_that_is_not_the_last_thing_is_left_to_its_author(folder):
    draft = open_draft(folder)
    draft.add_question("t", QUESTION)
    draft.write()
    file = folder / "questions/t.yaml"
    file.write_text(file.read_text().replace("topic: t\n", "") + "topic: t\n")
    with pytest.raises(CannotWriteError, match=r"^Nothing was added\. questions/t\.yaml:\d: .* Move it"):
        open_draft(folder).add_question("t", {**QUESTION, "id": "r"})


def test_ctrl_c_half_way_leaves_every_file_as_it_was(folder, monkeypatch):
    draft = open_draft(folder)
    draft.add_question("t", QUESTION)
    before = {name: (folder / name).read_bytes() for name in names(folder)}

    def breaks(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", breaks)
    with pytest.raises(KeyboardInterrupt):
        draft.write()
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before


def test_a_file_that_is_not_utf_8_is_named(folder):
    (folder / "ids.lock").write_bytes(b"\xff")
    with pytest.raises(
        CannotWriteError,
        match=r"^ids\.lock: the file is not UTF-8\. Restore it from version control: .* run `milepost",
    ):
        open_draft(folder)


def test_a_draft_of_nothing_has_no_questions(tmp_path):
    assert Draft(tmp_path).questions("t") == 0
