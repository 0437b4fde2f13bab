"""The parts of a new question: every kind, and each answer that can't be taken."""

import pytest

from bot.domain.questions.matching import judge
from content.checks import check_pack
from content.loader import load_pack
from tests.support.authoring import LONG, STEM, WHY, asked, questions


def test_a_second_question_leaves_the_first_as_it_is_and_puts_its_key_elsewhere(
    milepost, started, tmp_path
):
    asked(milepost)
    file = tmp_path / "fractions/questions/fractions.yaml"
    file.write_text(f"# mine\n{file.read_text()}")
    before = file.read_text()
    assert asked(milepost).code == 0
    assert file.read_text().startswith(before)
    assert [each["id"] for each in questions(tmp_path)] == [
        "fractions-half-two-thirds",
        "fractions-half-two-thirds-2",
    ]
    assert [each.get("correct", False) for each in questions(tmp_path)[1]["options"]] == [
        False,
        True,
        False,
    ]


OTHERS = {
    "truefalse": ("--right", "true"),
    "multi": ("--right", "1/3", "--right", "2/6", "--wrong", "4/3"),
    "short": ("--right", "one third", "--right", "a third"),
    "number": ("--right", "0.25", "--unit", "m"),
    "order": ("--item", "1/4", "--item", "1/3", "--item", "1/2"),
    "match": ("--pair", "1/2 = 0.5", "--pair", "1/4 = 0.25", "--pair", "1/5 = 0.2"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_each_kind_can_be_written(milepost, started, tmp_path, kind):
    words = ("--kind", kind, "--stem", STEM, "--explanation", WHY, *OTHERS[kind])
    ran = milepost("content", "new", "question", "fractions", *words)
    assert ran.code == 0, ran.err
    assert [each["type"] for each in questions(tmp_path)] == [kind]
    load_pack(tmp_path / "fractions")


WORDS = tuple(f"--feedback=Word {number}." for number in (1, 2, 3))
COMPLETE = {
    "single": ("--right", "1/3", "--wrong", "1/6", "--wrong", "4/3"),
    "short": ("--right", "one third", "--mistake", "a half", "--mistake", "a sixth"),
    "number": ("--right", "0.25", "--mistake", "4", "--mistake", "0.5"),
    "order": ("--item", "1/4", "--item", "1/3", "--item", "1/2"),
    "match": ("--pair", "1/2 = 0.5", "--pair", "1/4 = 0.25", "--pair", "1/5 = 0.2"),
    "output": ("--code", "halves.sh", "--language", "bash", "--right", "1/3", "--wrong", "1/6"),
}


@pytest.mark.parametrize("kind", COMPLETE)
def test_nothing_is_left_to_warn_of_when_everything_was_answered(milepost, started, tmp_path, kind):
    (tmp_path / "halves.sh").write_text("echo 1/3\n")
    words = ("--kind", kind, "--stem", STEM, "--explanation", f"{WHY} {LONG}", *COMPLETE[kind], *WORDS)
    more = (
        *("--objective", "Halve a fraction with an even upper number.", "--level", "apply"),
        *("--difficulty", "1", "--hint", "Cut it.", "--hint", "Cut the upper number."),
        *("--source", "https://example.org/fractions"),
    )
    ran = milepost("content", "new", "question", "fractions", *words, *more)
    assert ran.code == 0, ran.err
    pack = load_pack(tmp_path / "fractions")
    report = check_pack(pack, tmp_path / "fractions", judge)
    told = [str(each) for each in report.findings if each.check == "completeness"]
    assert told == []
    [[question]] = pack.questions.values()
    assert (question.bloom, question.objective[:5]) == ("apply", "Halve")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--stem", "Half?"), "--stem: This has 5 characters and needs at least 15."),
        (("--topic", "a/b"), "--topic: Choose fractions."),
        (("--id", "a/b"), "--id: This cannot be 'a/b'."),
        (("--id", "fractions"), "--id: The name fractions is taken."),
        (("--source", "somewhere"), "--source: "),
        (("--kind", "essay"), "--kind: Choose a number"),
        (("--wrong", "1/3"), "--wrong: That is a right answer already."),
        (("--difficulty", "6"), "--difficulty: Type a number from 1 to 5."),
        (("--level", "high"), "--level: Choose one of remember, understand, apply, analyse, evaluate."),
        (("--objective", "Halve."), "--objective: This has 6 characters and needs at least 20."),
        (("--code", "nowhere.sh"), "--code: nowhere.sh can't be read: No such file or directory."),
        (("--language", "latin"), "--language: Choose one of python, "),
        (("--hint", "a\tb"), "--hint: This has a character that shows nothing."),
    ],
)
def test_an_option_that_cannot_be_taken_is_refused_with_a_sentence(
    milepost, started, tmp_path, words, said
):
    base = {"--stem": STEM, "--right": "1/3", "--explanation": WHY, words[0]: words[1]}
    rest = () if words[0] == "--wrong" else ("--wrong", "1/6")
    (tmp_path / "third.py").write_text("print(1 / 3)")
    base |= {"--code": "third.py"} if words[0] == "--language" else {}
    given = [each for pair in base.items() for each in pair]
    ran = milepost("content", "new", "question", "fractions", *given, *rest)
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "fractions/questions").exists()
