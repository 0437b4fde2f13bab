"""Questions on their way between a pack's folder and a file: where they go, what stays, what is told."""

import pytest

from content.checks.folder import PackFolder
from content.formats import format_named
from content.formats.base import RefusedError
from content.formats.pack import appended, imported
from content.formats.registry import format_of
from content.loader import load_pack
from content.model import Status
from tests.content.conftest import TinyPack

GIFT = format_named("gift")
ONE = b"Which port does HTTPS use by default?{=443 ~80}"


@pytest.fixture
def pack(tmp_path):
    tiny = TinyPack(tmp_path / "tiny")
    tiny.write()
    return load_pack(tiny.folder, needs_lock=False)


@pytest.fixture
def folder(tmp_path, pack):
    return PackFolder(tmp_path / "tiny")


def test_what_lacks_an_explanation_is_a_draft_and_that_is_told(pack):
    result = imported(GIFT, ONE, "q.gift", pack, "ints")
    [question] = result.questions["ints"]
    assert (question.id, question.status) == ("which-port-does-https-use-by-default", Status.DRAFT)
    assert "status: draft" in result.notes[0].message


def test_an_import_adds_to_the_end_of_a_file_and_leaves_its_comments(pack, folder, tmp_path):
    file = tmp_path / "tiny/questions/ints.yaml"
    file.write_text("# read by Ana\n" + file.read_text())
    before = file.read_text()
    result = imported(GIFT, ONE, "q.gift", pack, "ints")
    folder.replace("questions/ints.yaml", appended(folder, "ints", result.questions["ints"]))
    assert file.read_text().startswith(before.rstrip("\n"))
    assert load_pack(tmp_path / "tiny", needs_lock=False).question("which-port-does-https-use-by-default")


def test_the_same_file_twice_adds_nothing(pack):
    twice = imported(GIFT, ONE + b"\n\n" + ONE, "q.gift", pack, "ints")
    assert twice.count == 1
    assert twice.notes[-1].message == "left out: which-port-does-https-use-by-default asks the same already"
    assert twice.notes[-1].place == "q.gift:3"


def test_a_question_goes_to_the_topic_that_its_file_names_and_nowhere_else(pack):
    data = (
        b"$CATEGORY: top/Strings\n\n"
        + ONE
        + b"\n\n$CATEGORY: top/Cooking\n\nHow long does an egg boil?{=5 ~9}"
    )
    result = imported(GIFT, data, "q.gift", pack)
    assert list(result.questions) == ["strings"]
    assert "the roadmap has no topic Cooking; say which with --topic" in result.notes[-1].message


def test_a_topic_takes_two_hundred_questions(pack):
    data = b"\n\n".join(b"How much is one and %d in all?{#%d}" % (n, n + 1) for n in range(250))
    result = imported(GIFT, data, "q.gift", pack, "ints")
    assert result.count + len(pack.questions["ints"]) == 200
    assert "200 questions, which is all" in result.notes[-1].message


def test_what_does_not_fit_is_refused_before_anything_is_written(pack, folder, tmp_path):
    result = imported(GIFT, ONE, "q.gift", pack, "ints")
    (tmp_path / "tiny/questions/ints.yaml").write_text("topic: ints\nquestions: [")
    with pytest.raises(RefusedError, match="questions/ints"):
        appended(folder, "ints", result.questions["ints"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Which of all?{=%s ~b}" % ("a" * 300), "an option has 300 characters"),
        ("%s?{=a ~b}" % ("a" * 400), "its text has"),
        ("Which of these two?{=a ~a}", "two of its options read alike"),
        ("Which of these two?{~a ~b}", "exactly one option"),
        ("Match these two of them?{=a->b =c->d}", "pairs"),
    ],
)
def test_what_no_question_may_be_is_left_out_with_its_reason(pack, text, why):
    result = imported(GIFT, text.encode(), "q.gift", pack, "ints")
    assert result.count == 0
    assert why in result.notes[0].message


def test_more_options_than_five_lose_wrong_ones(pack):
    result = imported(GIFT, b"Which of all these is it?{~a ~b ~c ~d ~e ~f =g}", "q.gift", pack, "ints")
    [question] = result.questions["ints"]
    assert [each.text for each in question.options] == ["a", "b", "c", "d", "g"]
    assert "2 of 7 options" in result.notes[0].message


def test_formats_are_known_by_the_ends_of_names():
    assert format_of("A.GIFT.txt").name == "gift"
    assert format_of("a.csv").name == "csv"
    assert format_of("a.pdf") is None
