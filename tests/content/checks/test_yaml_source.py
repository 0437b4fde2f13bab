"""Reading YAML with lines."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from content.checks.folder import PackFolder
from content.checks.yaml_source import (
    DEPTH,
    EVENTS,
    KEYS,
    PACK_EVENTS,
    VALUES,
    SourceError,
    parse_source,
    read_source,
)


def refusal(text):
    with pytest.raises(SourceError) as caught:
        parse_source(text, "x.yaml")
    return str(caught.value)


def test_a_key_is_at_its_own_line_even_when_its_text_starts_later():
    source = parse_source("a: 1\nb:\n  - c: >-\n\n      text\n    d: 2\n", "x.yaml")
    assert source.line(["b", 0, "c"]) == 3
    assert source.line(["b", 0, "d"]) == 6


@pytest.mark.parametrize("path", [["b", 0, "missing"], ["b", 0, "c", "deeper"], ["b", 0, 5]])
def test_a_path_that_ends_early_is_at_its_nearest_parent(path):
    assert parse_source("a: 1\nb:\n  - c: 2\n", "x.yaml").line(path) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.yaml:1: the file is empty. Write it, or delete it."),
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: the key 'a' is repeated. It stands on line 1 already."),
        ("a:\n  - b: 1\n    b: 1\n", "x.yaml:3: the key 'b' is repeated. It stands on line 2 already."),
        (
            "a: b: c\n",
            (
                "x.yaml:1: not YAML: mapping values are not allowed in this context. "
                "Put text that holds ': ' in quotes."
            ),
        ),
        (
            "a: 1\nb: @c\n",
            (
                "x.yaml:2: not YAML: found character that cannot start any token. "
                "Indent with spaces, and quote text that begins with `, @ or %."
            ),
        ),
        (
            "a: 1\nday: 2026-02-30\n",
            (
                "x.yaml:2: not YAML: '2026-02-30' is not a value: day is out of range for month. "
                "Put text in quotes."
            ),
        ),
        (
            "a: !!python/name:os.system\n",
            "x.yaml:1: the tag !!python/name:os.system is not read. Text in quotes needs no tag.",
        ),
        (
            "a: 1\nb: &name text\n",
            (
                "x.yaml:2: anchors and aliases (&, *) are not read. "
                "Write the text out, in quotes if it begins so."
            ),
        ),
        ("a: 1\n<<: {b: 1}\n", "x.yaml:2: the key << merges nothing here. Write the keys out."),
        (
            f"a: {'1:' * 30}1\n",
            (
                f"x.yaml:1: not YAML: '{'1:' * 13}1...{':1' * 14}' "
                "is too long for a number or a date: put text in quotes"
            ),
        ),
        ("a: 1\nb: \x01\n", "x.yaml:2: a character that YAML does not allow. Write it as \\u...."),
    ],
)
def test_what_is_refused_and_how_it_is_said(text, said):
    assert refusal(text) == said


@pytest.mark.parametrize(
    ("most", "more", "said"),
    [
        ("[" * DEPTH + "]" * DEPTH, "[" * (DEPTH + 1), "nested more than 20 deep"),
        ("- " * DEPTH + "a", "- " * (DEPTH + 1) + "a", "nested more than 20 deep"),
        (
            "\n".join(f"k{n}: 1" for n in range(KEYS)),
            "\n".join(f"k{n}: 1" for n in range(KEYS + 1)),
            "more than 100 keys",
        ),
        ("- 1\n" * VALUES, "- 1\n" * (VALUES + 1), "2,000 entries of a list"),
        ("- [1,2]\n" * (EVENTS // 4 // 4), ("- [" + "1," * 1900 + "]\n") * 12, "more than 20,000 values"),
    ],
)
def test_a_file_is_read_up_to_each_limit_and_not_beyond(most, more, said):
    assert parse_source(most, "x.yaml").data
    assert said in refusal(more)


@pytest.mark.parametrize("end", ["", "- &a 1\n", "- 'never closed\n"], ids=["good", "refused", "no YAML"])
def test_a_pack_is_read_up_to_its_limit_whether_its_files_are_refused_or_not(tmp_path, end):
    (tmp_path / "x.yaml").write_text(("- [" + "1," * 1900 + "]\n") * 9 + end)
    folder = PackFolder(tmp_path)
    said = []
    for _ in range(20):
        try:
            read_source(folder, "x.yaml")
        except SourceError as error:
            said.append(str(error))
    assert "more than 200,000 values together" in said[-1]
    assert folder.events < PACK_EVENTS + 20


def test_text_that_looks_like_a_reference_is_read_in_quotes():
    assert parse_source("a: '&b'\nc: '<<'\nd: '*e'\n", "x.yaml").data == {"a": "&b", "c": "<<", "d": "*e"}


def test_every_repeated_key_is_reported():
    assert len(refusal("a: 1\na: 2\nb: 1\nb: 2\n").splitlines()) == 2


def test_a_file_that_is_not_utf_8(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(SourceError, match=r"x.yaml:2: the file is not UTF-8. Save it as UTF-8."):
        read_source(PackFolder(tmp_path), "x.yaml")


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(SourceError, match=r"x.yaml: it isn't a regular file"):
        read_source(PackFolder(tmp_path), "x.yaml")


trees = st.recursive(
    st.integers() | st.booleans() | st.text("ab: -#\n'\"", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex("[a-z]{1,3}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=12,
)


def paths_of(value):
    yield ()
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in items:
        yield from ((key, *rest) for rest in paths_of(inner))


@given(st.dictionaries(st.sampled_from(["k", "m"]), trees, min_size=1))
def test_lines_never_go_backwards_in_the_order_of_the_file(tree):
    source = parse_source(yaml.safe_dump(tree, sort_keys=False, default_flow_style=False), "x.yaml")
    assert source.data == tree
    lines = [source.line(path) for path in paths_of(tree)]
    assert lines == sorted(lines)


@given(st.text())
def test_any_text_is_read_or_refused_with_a_problem(text):
    writable = text.encode("utf-8", "replace").decode("utf-8")
    try:
        problems = parse_source(writable, "x.yaml") and []
    except SourceError as error:
        problems = error.problems
    assert all(problem.file == "x.yaml" for problem in problems)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: [1\n", "Is a comma missing, or a bracket not closed?"),
        ("a: [", "Is a value missing, or a bracket not closed?"),
        ("a: 1\n  b: 2\n- c\n", "Put text that holds ': ' in quotes."),
        ("a: 1\n- c\n", "Is a line indented too much or too little, or a hyphen missing?"),
        ("- a\nb: 1\n", "Is a line indented too much or too little, or a hyphen missing?"),
        ('a: "b\n', "Is a quote not closed?"),
        ("a: 1\n---\nb: 2\n", "Leave out the line with --- in the middle."),
        ("? [a]\n: 1\n", "Look at this line and at the one above it."),
    ],
)
def test_whatever_is_not_yaml_comes_with_what_to_do(text, hint):
    with pytest.raises(SourceError) as caught:
        parse_source(text, "x.yaml")
    [problem] = caught.value.problems
    assert problem.message.startswith("not YAML: ")
    assert problem.hint == hint
