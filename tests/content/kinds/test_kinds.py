"""Each kind of question: its form, its rules, and its proof, which must notice a wrong key."""

from itertools import islice

import pytest

from bot.domain.questions.matching import judge
from content.checks.check import prove_all
from content.checks.experiments import Bench
from content.checks.mutants import with_code_changed, with_key_moved, with_line_moved, with_texts_exchanged
from content.checks.proofs import State
from content.kinds import parse_question

COMMON = ("id", "objective", "bloom", "difficulty", "stem", "hints", "explanation", "references")


def choices(*texts, right=()):
    return [
        {"id": text.lower(), "text": text, "correct": text in right, "feedback": f"A word on {text}."}
        for text in texts
    ]


def an_item(name, text=None):
    return {"id": name, "text": text or f"Item {name}", "feedback": "It comes here."}


def pair(name, left, right):
    return {"id": name, "left": left, "right": right, "feedback": "They belong together."}


MISTAKES = [{"answers": ["7", "8"], "feedback": "Count again."}]
CODE = {"language": "python", "source": "def half(n):\n    part = n / 2\n    return part\n"}

KINDS = {
    "multi": {
        "options": choices("One", "Two", "Three", right=("One", "Three")),
        "verify": {"kind": "run", "proof": "for each in options:\n    if 'e' in each: print(each)"},
    },
    "output": {
        "code": {"language": "python", "source": "print([40 + 2])"},
        "answer": {"form": "code", "accept": ["[42]"]},
        "mistakes": [{"answers": ["42"], "feedback": "It is in a list."}],
        "verify": {"kind": "run"},
    },
    "short": {
        "answer": {"accept": ["mutable"]},
        "mistakes": [{"answers": ["immutable"], "feedback": "The opposite."}],
        "verify": {"kind": "run", "proof": "print('mutable' if [0].pop() == 0 else 'immutable')"},
    },
    "number": {
        "answer": {"value": 42},
        "mistakes": MISTAKES,
        "verify": {"kind": "sql", "query": "SELECT 40 + 2"},
    },
    "order": {
        "items": [an_item("a"), an_item("b"), an_item("c")],
        "verify": {"kind": "run", "proof": "print(' > '.join(sorted(items)))"},
    },
    "match": {
        "pairs": [pair(f"is-{number}", f"`{number} + 1`", f"`{number + 1}`") for number in (1, 2, 3)],
        "verify": {
            "kind": "run",
            "proof": (
                "for left in lefts:\n    for right in rights:\n"
                "        if eval(left) == eval(right): print(left, '=>', right)"
            ),
        },
    },
    "line": {
        "code": CODE,
        "line": 2,
        "fixed": "    part = n // 2",
        "feedback": "Floor division keeps integers.",
        "others": [{"line": 3, "feedback": "It only hands over the value."}],
        "verify": {"kind": "run", "proof": "exec(code)\nassert half(5) == 2"},
    },
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


def declared(tiny, kind, **changes):
    common = {key: tiny.question[key] for key in COMMON}
    return {
        **common,
        "stem": "Something is asked here, and it is short.",
        "type": kind,
        **KINDS[kind],
        **changes,
    }


def proven(question):
    (outcome,) = prove_all([question], Bench(judge))
    return outcome


def put(tiny, kind, **changes):
    tiny.ints[0] = declared(tiny, kind, **changes)
    tiny.ints[0]["distinct_from"] = [each["id"] for each in tiny.strings]
    return tiny


def test_a_question_of_each_kind_passes_every_check(tiny, kind):
    assert put(tiny, kind).found() == []


def test_a_proof_of_each_kind_notices_a_wrong_key(tiny, kind):
    question = parse_question(declared(tiny, kind))
    assert proven(question).state is State.HELD
    mutants = [*with_texts_exchanged(question), *with_key_moved(question), *with_line_moved(question)]
    assert len(mutants) >= 1
    assert [each.done for each in mutants if proven(each.question).state is not State.FAILED] == []


def test_a_proof_of_each_kind_with_code_notices_that_it_is_changed(tiny, kind):
    question = parse_question(declared(tiny, kind))
    changed = [proven(each.question).state for each in islice(with_code_changed(question), 4)]
    assert (State.FAILED in changed) is (question.code is not None)


def regex_of(text, **more):
    return {"answer": {"accept": ["mutable"], "pattern": text, **more}}


def twice(one, other):
    return [{"answers": [one], "feedback": "Seen."}, {"answers": ["9", other], "feedback": "Never seen."}]


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        (
            "multi",
            {"options": choices("One", "Two", "Three", right=("One",))},
            "two correct options or more",
        ),
        ("multi", {"options": choices("A", "B", "C", right=("A", "B", "C"))}, "and a wrong one"),
        ("multi", {"verify": {"kind": "sql", "query": "SELECT 1"}}, "proven by `run`, `http`, `server` or"),
        ("output", {"options": choices("A", "B", right=("A",))}, "either `options` or an `answer`"),
        ("output", {"answer": None, "mistakes": []}, "at least two `options`, or an `answer`"),
        ("output", {"answer": None}, "`mistakes` belong to an `answer`"),
        ("output", {"answer": {"accept": ["[42]"]}}, "needs `form: code` and `mistakes`"),
        ("output", {"code": None, "verify": {"kind": "doc"}}, "an output question needs `code`"),
        ("order", {"items": [an_item("a"), an_item("b"), an_item("a")]}, "two items share an id"),
        (
            "match",
            {"pairs": [pair("a", "A", "1"), pair("b", "B", "2"), pair("a", "C", "3")]},
            "two pairs share",
        ),
        ("line", {"line": 9}, "the code has nothing in line 9"),
        ("line", {"line": 3}, "a line is named twice"),
        ("line", {"fixed": "    part = n / 2 "}, "`fixed` is the line as it is"),
        ("line", {"fixed": " \n"}, "`fixed` is empty: say what the line should be"),
        ("order", {"items": [an_item("a"), an_item("b")]}, "'items' has 2 entries and needs at least 3"),
        ("short", {"answer": {"accept": []}}, "'accept' has 0 entries and needs at least 1"),
        ("short", regex_of(r"(m)\1"), "the pattern can't be used: invalid escape sequence"),
        ("line", {"code": {**CODE, "source": "x = 1\ny = 2"}}, "3 to 20 lines that are not empty"),
    ],
)
def test_a_form_that_cannot_work_is_refused(tiny, kind, changes, said):
    (problem,) = put(tiny, kind, **changes).problems()
    assert said in problem


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("short", {"answer": {"accept": ["mutable", "Mutable."]}}, "'Mutable.' is the same answer as"),
        ("short", {"answer": {"accept": ["mutable", "``"]}}, "'``' is declared and not accepted"),
        (
            "short",
            {"answer": {"accept": ["mutable"], "refuse": ["Mutable"]}},
            "to be refused and is accepted",
        ),
        ("short", {"answer": {"accept": ["mutable", "immutable"]}}, "the mistake 'immutable' is accepted"),
        ("short", {"mistakes": [{"answers": ["a or b"], "feedback": "x"}]}, "can't be read as one answer"),
        ("short", regex_of(".*mutable"), "the pattern lets 'not mutable' through"),
        ("short", regex_of(r"\w+"), "the pattern lets 'x' through"),
        ("short", regex_of("(mutable)?"), "the pattern lets an empty text through"),
        ("short", regex_of("mutable|"), "the pattern lets an empty text through"),
        (
            "short",
            {"answer": {"accept": ["mutable", "GET or PUT"]}},
            "'GET or PUT' reads like several",
        ),
        (
            "short",
            {"mistakes": twice("frozen", "`Frozen`.")},
            "the mistake '`Frozen`.' is the same",
        ),
        (
            "number",
            {"mistakes": twice("7", "7.0")},
            "the mistake '7.0' is the same answer as one",
        ),
        ("output", {"mistakes": twice("[4]", "[ 4 ]")}, "the mistake '[ 4 ]' is the same answer as"),
        (
            "match",
            {"pairs": [pair("a", "GET", "Send a GET."), pair("b", "B", "1"), pair("c", "C", "2")]},
            "the right side repeats the left one",
        ),
        ("short", {"stem": "Is a list mutable or is it not? Say it."}, "the answer 'mutable' stands in it"),
        ("short", {"hints": ["Think of `mutable`.", "Well?"]}, "the answer 'mutable' stands in it"),
        ("number", {"answer": {"value": 42, "tolerance": {"absolute": 35}}}, "the mistake '7' is accepted"),
        (
            "number",
            {"answer": {"value": 42, "unit": {"name": "s", "required": True}}},
            "can't be read as one",
        ),
        ("number", {"answer": {"value": 43}}, "answers '42', which the answer does not accept"),
        ("output", {"answer": {"form": "code", "accept": ["[43]"]}}, "prints '[42]', which the answer"),
        (
            "order",
            {"verify": {"kind": "run", "proof": "print('a > b > c'); print('b > a > c')"}},
            "finds 2 orders",
        ),
        (
            "order",
            {"verify": {"kind": "run", "proof": "print('c > b > a')"}},
            "the key is 'Item a > Item b > Item c'",
        ),
        ("order", {"verify": {"kind": "run", "proof": "pass"}}, "finds the order nothing"),
        (
            "match",
            {"verify": {"kind": "run", "proof": "rights; print('1 + 1 => 2')"}},
            "does not find the pairs",
        ),
        (
            "match",
            {"verify": {"kind": "run", "proof": "rights; print('1 + 1 => 3')"}},
            "which are not the key",
        ),
        ("line", {"verify": {"kind": "run", "proof": "exec(code)\nassert half(4) == 2"}}, "is not fixed"),
        (
            "line",
            {"verify": {"kind": "run", "proof": "exec(code)\nassert half(4) == 3"}},
            "ends with status 1",
        ),
        ("line", {"fixed": "    part = = 2"}, "the code can't be compiled"),
        (
            "multi",
            {"verify": {"kind": "run", "proof": "print('One'); print('Two')"}},
            "the keys are 'One', 'Three'",
        ),
    ],
)
def test_what_a_check_says(tiny, kind, changes, said):
    found = put(tiny, kind, **changes).found()
    assert [each for each in found if said in each], found


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        (
            "order",
            {"items": [{"id": n, "text": t, "feedback": "x"} for n, t in ("aA", "ba", "cC")]},
            "item",
        ),
        ("match", {"pairs": [pair("a", "A", "1"), pair("b", "a", "2"), pair("c", "C", "3")]}, "left side"),
        (
            "match",
            {"pairs": [pair("a", "A", "one"), pair("b", "B", "One."), pair("c", "C", "3")]},
            "right side",
        ),
    ],
)
def test_texts_that_read_alike_are_found(tiny, kind, changes, said):
    changes = {**changes, "verify": {"kind": "doc"}}
    assert [each for each in put(tiny, kind, **changes).found() if f"the {said} reads like 'a'" in each]


def test_a_proof_of_pairs_that_tries_no_texts_brings_a_warning(tiny):
    proof = "for number in (1, 2, 3): print(f'{number} + 1 => {number + 1}')"
    found = put(tiny, "match", verify={"kind": "run", "proof": proof}).found()
    assert ["the proof does not try the right sides" in each for each in found] == [True]


def test_the_same_figure_in_two_units_is_two_mistakes(tiny):
    days = {"unit": "days", "factor": 86400}
    answer = {"value": 31536000, "unit": {"name": "s", "conversions": [days]}}
    changes = {"answer": answer, "mistakes": twice("30 days", "30"), "verify": {"kind": "doc"}}
    assert put(tiny, "number", **changes).found() == []
