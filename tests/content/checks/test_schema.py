"""One file against its type: the line, the words and the hint of each disagreement."""

import pytest

from content.checks.schema import validate
from content.checks.yaml_source import parse_source
from content.model import PackInfo

KINDS = ("single", "truefalse", "multi", "output", "short", "number", "order", "match", "line")


def the_problem(tiny):
    [problem] = tiny.problems()
    return problem.partition(": ")[2]


def test_a_misspelt_key_is_one_problem_not_two(tiny):
    tiny.question["stme"] = tiny.question.pop("stem")
    assert the_problem(tiny) == "unknown key 'stme'. Did you mean 'stem'?"


def test_an_unknown_key_in_an_optional_part_gets_its_own_keys(tiny):
    tiny.question["code"]["zzz"] = 1
    assert the_problem(tiny) == "unknown key 'zzz'. Choose from language, source."


def test_an_unknown_key_in_a_list_gets_the_keys_of_its_item(tiny):
    tiny.question["options"][1]["feedbak"] = "Twice."
    assert the_problem(tiny) == "unknown key 'feedbak'. Did you mean 'feedback'?"


def test_a_key_is_known_by_its_name_in_the_file(tiny):
    tiny.pack["schemas"] = tiny.pack.pop("schema")
    assert the_problem(tiny) == "unknown key 'schemas'. Did you mean 'schema'?"


def test_a_missing_key_is_at_the_line_of_its_owner(tiny, line_of):
    del tiny.ints[1]["stem"]
    [problem] = tiny.problems()
    line = line_of("questions/ints.yaml", "id: ints-3")
    assert problem == f"questions/ints.yaml:{line}: missing key 'stem'"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("type", "singel", "'type' cannot be 'singel'. Did you mean 'single'?"),
        ("type", "zzz", f"'type' cannot be 'zzz'. Choose from {', '.join(KINDS)}."),
        ("bloom", "aply", "'bloom' cannot be 'aply'. Did you mean 'apply'?"),
        ("stem", "x" * 301, "'stem' has 301 characters and needs at most 300"),
        ("explanation", "Short.", "'explanation' has 6 characters and needs at least 40"),
        (
            "id",
            "Two Words",
            ("'id' cannot be 'Two Words'. Use small letters and digits, joined by single hyphens."),
        ),
        ("hints", ["One.", "x" * 201], "'hints' no. 2 has 201 characters and needs at most 200"),
        (
            "stem",
            True,
            "'stem' must be text, not True. YAML read it as something else: put it in quotes.",
        ),
        ("stem", ["x"], "'stem' must be text, not ['x']"),
        ("difficulty", 6, "'difficulty': input should be less than or equal to 5"),
        (
            "tags",
            ["a", None],
            ("'tags' no. 2 must be text, not None. YAML read it as something else: put it in quotes."),
        ),
    ],
)
def test_what_is_said_of_a_value_that_does_not_fit(tiny, key, value, said):
    tiny.question[key] = value
    assert the_problem(tiny) == said


TRUE_FALSE = [
    {"id": name, "text": name, "correct": name == "true", "feedback": "It is so."}
    for name in ("false", "true")
]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"verify": {"kind": "sql"}}, "a sql proof needs `query`"),
        ({"verify": {"kind": "http"}}, "this kind of proof (http) needs `proof`"),
        ({"verify": {"kind": "server"}}, "this kind of proof (server) needs `proof`"),
        (
            {"verify": {"kind": "run", "claims": {"42": "sum"}}},
            "`claims` and `modelled` belong to a `proof`",
        ),
        ({"verify": {"kind": "doc", "modelled": True}}, "`claims` and `modelled` belong to a `proof`"),
        ({"verify": {"kind": "run", "setup": "x"}}, "`setup` belongs to a sql or shell proof"),
        ({"verify": {"kind": "shell", "query": "x"}}, "`query` belongs to a sql proof"),
        ({"verify": {"kind": "shell"}}, "a shell proof without `proof` needs `code` in bash"),
        ({"verify": {"kind": "doc", "proof": "x"}}, "`proof` does not belong to a doc proof"),
        ({"code": None}, "an output question needs `code`"),
        (
            {"code": {"language": "sql", "source": "x"}},
            "a run proof without `proof` needs Python `code`",
        ),
        (
            {"type": "truefalse", "options": TRUE_FALSE},
            "a truefalse question has the options `true`, `false` in this order",
        ),
    ],
)
def test_parts_of_a_question_that_do_not_fit_together(tiny, changes, said):
    tiny.question.update(changes)
    assert the_problem(tiny) == said


def test_options_do_not_share_an_id(tiny):
    tiny.question["options"][1]["id"] = "sum"
    assert the_problem(tiny) == "two options share an id"


def test_a_range_of_hours_goes_upwards(tiny):
    tiny.challenge["hours"] = {"low": 5, "high": 4}
    assert the_problem(tiny) == "`low` must not be above `high`"


def test_a_mapping_that_is_written_as_a_text_is_told_its_keys(tiny):
    tiny.challenge["hours"] = "2 to 5"
    assert the_problem(tiny) == "'hours' needs low and high. Write it like {low: …, high: …}."


def test_a_version_is_told_how_it_looks(tiny):
    tiny.pack["version"] = "1.0"
    assert the_problem(tiny) == "'version' cannot be '1.0'. Use three numbers, such as 1.0.0."


def test_a_list_with_bad_items_is_not_also_told_to_be_too_short(tiny):
    for option in tiny.question["options"]:
        del option["text"]
    said = tiny.problems()
    assert all("missing key 'text'" in each for each in said), said
    assert len(said) == len(tiny.question["options"])


def test_a_rule_of_the_model_speaks_in_its_own_words(tiny):
    tiny.question["options"][1]["correct"] = True
    assert the_problem(tiny) == "exactly one option must be `correct: true`"


def test_a_file_that_is_not_a_mapping():
    read, [problem] = validate(parse_source("- a\n- b\n", "pack.yaml"), PackInfo)
    assert read is None
    assert str(problem).startswith("pack.yaml:1: the file needs keys. Write it like {id: …, title: …,")


def test_a_problem_deep_in_a_file_is_at_its_own_line(tiny, line_of):
    tiny.question["options"][2]["feedback"] = "too long " * 40
    [problem] = tiny.problems()
    assert problem.startswith(f"questions/ints.yaml:{line_of('questions/ints.yaml', 'too long')}:")
