"""Questions on their way between a pack's folder and a file: where they go, what stays, what is told."""

import datetime as dt
import shutil
from dataclasses import replace

import pytest
import yaml

from content.checks.folder import FileError, PackFolder
from content.errors import PackError
from content.formats import format_named
from content.formats.base import RefusedError, Source
from content.formats.build import built
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


def test_a_topic_without_a_file_gets_one(pack, folder, tmp_path):
    for file in (tmp_path / "tiny/questions").iterdir():
        file.unlink()
    (tmp_path / "tiny/questions").rmdir()
    with pytest.raises(PackError, match="the topic has no questions/ints"):
        load_pack(tmp_path / "tiny", needs_lock=False)
    bare = load_pack(tmp_path / "tiny", needs_lock=False, needs_questions=False)
    for topic, data in (("ints", ONE), ("strings", b"How long is this text, in all?{#24}")):
        result = imported(GIFT, data, "q.gift", bare, topic)
        folder.replace(f"questions/{topic}.yaml", appended(folder, topic, result.questions[topic]))
    assert (
        (tmp_path / "tiny/questions/ints.yaml")
        .read_text()
        .startswith("topic: ints\nquestions:\n  - id: which")
    )
    assert [len(each) for each in load_pack(tmp_path / "tiny", needs_lock=False).questions.values()] == [
        1,
        1,
    ]


def test_nothing_is_written_through_a_link_that_leads_out_of_the_pack(pack, folder, tmp_path):
    shutil.rmtree(tmp_path / "tiny/questions")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "tiny/questions").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileError, match="leads out of the pack"):
        folder.replace("questions/ints.yaml", "x")
    assert [*(tmp_path / "elsewhere").iterdir()] == []


def test_an_objective_a_level_and_references_become_those_of_the_question():
    source = Source("Ports", "https://example.org/ports", "2", dt.date(2026, 11, 1))
    odd = Source("Odd", "javascript:x()", "", dt.date(2026, 11, 1))
    found = GIFT.read(ONE, "q.gift").found[0]
    more = {"objective": "Name the ports of the web.", "bloom": "remember", "references": (source, odd)}
    question, lost = built(replace(found, **more))
    assert (question.objective, question.bloom) == ("Name the ports of the web.", "remember")
    assert [(each.title, each.section) for each in question.references] == [("Ports", "2")]
    assert lost == ["a reference that isn't whole"]
    _, lost = built(replace(found, objective="Short.", bloom="guess"))
    assert lost == ["an objective of 6 characters", "the level guess"]


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


def test_a_list_in_brackets_is_refused_with_its_place_and_what_to_do(pack, folder, tmp_path):
    file = tmp_path / "tiny/questions/ints.yaml"
    questions = yaml.safe_load(file.read_text())["questions"]
    flow = yaml.safe_dump(questions, default_flow_style=True)
    file.write_text(f"topic: ints\nquestions: {flow}")
    bracketed = load_pack(tmp_path / "tiny", needs_lock=False)
    result = imported(GIFT, ONE, "q.gift", bracketed, "ints")
    with pytest.raises(RefusedError) as caught:
        appended(folder, "ints", result.questions["ints"])
    assert str(caught.value) == (
        "questions/ints.yaml:2: the list under 'questions' is written in brackets. Give each entry lines of"
        " its own, the first of which begins with a hyphen and a space. Nothing was added."
    )


def test_a_list_that_something_follows_is_refused_with_its_place_and_what_to_do(pack, folder, tmp_path):
    file = tmp_path / "tiny/questions/ints.yaml"
    file.write_text(file.read_text().replace("topic: ints\n", "") + "topic: ints\n")
    result = imported(GIFT, ONE, "q.gift", pack, "ints")
    with pytest.raises(
        RefusedError, match=r"ints\.yaml:1: the list .* isn't the last thing .* Move it to the"
    ):
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
    assert format_of("A.APKG").name == format_of("a.colpkg").name == "anki"
    assert format_of("a.txt").name == "anki-text"
    assert format_of("a.pdf") is None
