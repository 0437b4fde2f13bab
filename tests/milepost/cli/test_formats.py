"""``milepost content import`` and ``export``: from one pack's folder into another's."""

import shutil
from pathlib import Path

import pytest

from content.loader import load_pack
from tests.content.conftest import TinyPack
from tests.content.test_whole_files import no_file_longer_than
from tests.support.commands import Milepost


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    TinyPack(tmp_path / "tiny").write()
    return Milepost(monkeypatch, capsys)


def test_an_export_is_written_and_imported_into_another_topic(milepost, tmp_path):
    ran = milepost("content", "export", "tiny", "--as", "gift", "--to", "out.gift", "--report", "lost.txt")
    assert ran.code == 0
    assert "6 questions written to out.gift." in ran.out
    report = (tmp_path / "lost.txt").read_text()
    assert (
        "proof; the kind output (asked as a choice); 2 hints; difficulty; objective; bloom; references"
        in report
    )
    (tmp_path / "new.gift").write_text("Which port does HTTPS use by default?{=443 ~80}")
    ran = milepost("content", "import", "new.gift", "--to", "tiny", "--topic", "strings")
    assert ran.code == 0
    assert "1 question added to strings." in ran.out
    assert len(load_pack(tmp_path / "tiny", needs_lock=False).questions["strings"]) == 4


def test_questions_are_imported_into_a_pack_that_has_none_yet(milepost, tmp_path):
    new = ("--title", "Networks", "--goal", "Name the ports that servers use.", "--topic", "Ports")
    assert milepost("content", "new", "pack", "networks", *new).code == 0
    (tmp_path / "new.gift").write_text("Which port does HTTPS use by default?{=443 ~80}")
    ran = milepost("content", "import", "new.gift", "--to", "networks")
    assert "1 question added to ports." in ran.out
    assert len(load_pack(tmp_path / "networks", needs_lock=False).questions["ports"]) == 1


@pytest.mark.parametrize("format_name", ["anki", "anki-text"])
def test_questions_go_through_a_deck_into_a_pack_whose_topics_have_none(milepost, tmp_path, format_name):
    end = {"anki": "apkg", "anki-text": "txt"}[format_name]
    before = load_pack(tmp_path / "tiny", needs_lock=False)
    assert milepost("content", "export", "tiny", "--as", format_name).code == 0
    shutil.rmtree(tmp_path / "tiny/questions")
    ran = milepost("content", "import", f"tiny.{end}", "--to", "tiny")
    assert ran.code == 0, ran.err
    assert "6 questions added to ints, strings." in ran.out
    after = load_pack(tmp_path / "tiny", needs_lock=False)
    for old, new in zip(before.questions["ints"], after.questions["ints"], strict=True):
        for name in (
            "id",
            "stem",
            "code",
            "objective",
            "bloom",
            "hints",
            "explanation",
            "references",
            "tags",
        ):
            assert getattr(new, name) == getattr(old, name)
        assert [(each.text, each.feedback) for each in new.options] == [
            (each.text, each.feedback) for each in old.options
        ]
    ran = milepost("content", "import", f"tiny.{end}", "--to", "tiny")
    assert "No question was added." in ran.out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "x.pdf", "--to", "tiny"), "doesn't say what format it has"),
        (("import", "x.gift", "--to", "tiny"), "x.gift isn't a file. Name the file to import"),
        (
            ("import", "x.gift", "--to", "tiny", "--topic", "cooking"),
            "no topic cooking; it has ints, strings",
        ),
        (("import", "x.gift", "--to", "nowhere"), "There's no folder nowhere."),
        (("export", "tiny", "--as", "pdf"), "There is no format pdf."),
        (("export", "tiny", "--as", "csv", "--to", "no/where.csv"), "There is no folder no. Create it"),
        (("export", "tiny", "--as", "csv", "--to", "tiny/pack.yaml"), "tiny/pack.yaml is part of the pack"),
        (
            ("export", "tiny", "--as", "csv", "--report", "tiny/roadmap.yaml"),
            "tiny/roadmap.yaml is part of the pack",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(milepost, words, why):
    ran = milepost("content", *words)
    assert ran.code == 2
    assert why in ran.err


def test_where_the_report_cant_be_written_nothing_is_added(milepost, tmp_path):
    (tmp_path / "new.gift").write_text("Which port does HTTPS use by default?{=443 ~80}")
    before = (tmp_path / "tiny/questions/strings.yaml").read_bytes()
    words = ("new.gift", "--to", "tiny", "--topic", "strings", "--report", "no/where.txt")
    assert "There is no folder no. Create it" in milepost("content", "import", *words).complaint
    assert (tmp_path / "tiny/questions/strings.yaml").read_bytes() == before


def test_an_export_that_finds_no_room_leaves_the_file_of_before_and_no_report(milepost, tmp_path):
    (tmp_path / "out").write_bytes(b"as it was")
    before = {path.name for path in tmp_path.iterdir()}
    words = ("tiny", "--as", "gift", "--to", "out", "--report", "lost.txt")
    with no_file_longer_than(1500):
        said = milepost("content", "export", *words).complaint
    assert said.startswith("lost.txt and out can't be written: File too large. Nothing was changed.")
    assert (tmp_path / "out").read_bytes() == b"as it was"
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_draft_is_said_to_be_added(milepost, tmp_path):
    (tmp_path / "new.gift").write_text("Which port does HTTPS use by default?{=443 ~80}")
    ran = milepost("content", "import", "new.gift", "--to", "tiny", "--topic", "strings")
    assert "added as a draft (status: draft), since feedback on a wrong option is missing" in ran.out
    assert "left out" not in ran.out


def test_stopped_between_two_files_nothing_is_added(milepost, tmp_path, monkeypatch):
    text = "$CATEGORY: {}\n\nWhich port does {} use by default?{{=443 ~80}}\n\n"
    (tmp_path / "new.gift").write_text(text.format("ints", "HTTPS") + text.format("strings", "SSH"))
    questions = tmp_path / "tiny/questions"
    before = {each.name: each.read_bytes() for each in questions.iterdir()}
    opened, met = Path.open, []

    def stopped(path, *words, **options):
        if path.name == ".strings.yaml.new":
            met.append(path)
            raise KeyboardInterrupt
        return opened(path, *words, **options)

    monkeypatch.setattr(Path, "open", stopped)
    assert milepost("content", "import", "new.gift", "--to", "tiny").code != 0
    monkeypatch.undo()
    assert len(met) == 1
    assert {each.name: each.read_bytes() for each in questions.iterdir()} == before


def test_the_line_ends_of_a_file_stay_as_they_are(milepost, tmp_path):
    file = tmp_path / "tiny/questions/strings.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (tmp_path / "new.gift").write_text("Which port does HTTPS use by default?{=443 ~80}")
    assert milepost("content", "import", "new.gift", "--to", "tiny", "--topic", "strings").code == 0
    after = file.read_bytes()
    assert b"HTTPS" in after
    assert after.count(b"\n") == after.count(b"\r\n")


def test_where_a_pack_cant_be_written_in_that_is_said(milepost, tmp_path, monkeypatch):
    (tmp_path / "new.gift").write_text("Which port does HTTPS use by default?{=443 ~80}")
    opened = Path.open

    def refused(path, *words, **options):
        if path.name.endswith(".new"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *words, **options)

    monkeypatch.setattr(Path, "open", refused)
    said = milepost("content", "import", "new.gift", "--to", "tiny", "--topic", "strings").complaint
    assert (
        said
        == "tiny: cannot be written: Permission denied. Give this user the permission. Nothing was added."
    )


def test_the_next_command_can_be_copied_whatever_the_folder_is_called(milepost, tmp_path):
    (tmp_path / "tiny").rename(tmp_path / "my pack")
    (tmp_path / "new.gift").write_text("Which port does HTTPS use by default?{=443 ~80}")
    ran = milepost("content", "import", "new.gift", "--to", "my pack", "--topic", "strings")
    assert "milepost content check 'my pack' --write-lock" in ran.out
    ran = milepost("content", "new", "topic", "my pack", "--title", "Floats", "--yes")
    assert "milepost content new question 'my pack' --topic floats" in ran.out
