"""``milepost content import`` and ``export``: from one pack's folder into another's."""

import pytest

from content.loader import load_pack
from tests.content.conftest import TinyPack
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
    assert "left out: references" in (tmp_path / "lost.txt").read_text()
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


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "x.pdf", "--to", "tiny"), "doesn't say what format it has"),
        (("import", "x.gift", "--to", "tiny"), "x.gift isn't a file."),
        (
            ("import", "x.gift", "--to", "tiny", "--topic", "cooking"),
            "no topic cooking; it has ints, strings",
        ),
        (("import", "x.gift", "--to", "nowhere"), "does not load"),
        (("export", "tiny", "--as", "pdf"), "There is no format pdf."),
        (("export", "tiny", "--as", "csv", "--to", "no/where.csv"), "can't be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(milepost, words, why):
    ran = milepost("content", *words)
    assert ran.code == 2
    assert why in ran.err
