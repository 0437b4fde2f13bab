"""Words that give a key away or do not fit a chat."""

import pytest


def set_options(tiny, *texts):
    """The key first. The proof would fail, so a person read it."""
    for option, text in zip(tiny.question["options"], texts, strict=True):
        option["text"] = text
    tiny.question["verify"] = {"kind": "doc"}


@pytest.mark.parametrize(
    "text", ["All of the above", "None of the options", "Both of the others", "Any of these answers"]
)
def test_all_or_none_of_the_others(tiny, line_of, text):
    set_options(tiny, "A list", "A tuple", "A set", text)
    tiny.write()
    place = f"questions/ints.yaml:{line_of('questions/ints.yaml', text)}"
    assert f"{place}: error [bias]: the option says '{text}'" in tiny.found()


def test_all_of_something_else_is_fine(tiny):
    set_options(tiny, "All of the rows", "None of them", "Both of these sockets", "Neither")
    assert tiny.found() == []


def test_options_that_read_the_same(tiny):
    set_options(tiny, "A list", "A tuple", "a list.", "A set")
    [finding] = tiny.found()
    assert finding.endswith("error [bias]: the option reads like 'sum'")


@pytest.mark.parametrize(
    "stem",
    ["Which statement is not true?", "Which of these does not raise?", "All of these hold except:"],
)
def test_a_quiet_negative(tiny, stem):
    tiny.question["stem"] = stem
    [finding] = tiny.found()
    assert finding.endswith("error [bias]: a negative that is easy to miss. Write NOT.")


@pytest.mark.parametrize(
    "stem",
    ["What happens if the key is not there?", "Which statement is NOT true?", "Which is it: `is not`?"],
)
def test_a_negative_that_is_loud_or_beside_the_point(tiny, stem):
    tiny.question["stem"] = stem
    assert [each for each in tiny.found() if "[bias]" in each] == []


@pytest.mark.parametrize(
    ("stem", "options"),
    [
        ("The value that is held is an", ("integer", "string", "list", "tuple")),
        ("The value that is held is a ...", ("list", "integer", "array", "object")),
        ("The values held here are:", ("numbers", "a string", "a list", "a tuple")),
        ("The value held here is:", ("a number", "strings", "lists", "tuples")),
    ],
)
def test_a_last_word_that_only_the_key_fits(tiny, stem, options):
    set_options(tiny, *options)
    tiny.question["stem"] = stem
    [finding] = [each for each in tiny.found() if "[bias]" in each]
    assert "warning [bias]: the last word of the stem fits the key and no other option" in finding


def test_a_last_word_that_others_fit_too(tiny):
    set_options(tiny, "integer", "array", "list", "tuple")
    tiny.question["stem"] = "The value that is held is an"
    assert tiny.found() == []


@pytest.mark.parametrize(
    "words",
    [
        "Option A is wrong.",
        "Unlike the first option, it adds.",
        "See the code above.",
        "Choice 2 is near.",
        "The above holds.",
        "The above option adds.",
    ],
)
@pytest.mark.parametrize("where", ["feedback", "explanation", "hints"])
def test_words_that_point_at_a_place(tiny, where, words):
    if where == "feedback":
        tiny.question["options"][1]["feedback"] = words
    elif where == "hints":
        tiny.question["hints"][0] = words
    else:
        tiny.question["explanation"] += f" {words}"
    [finding] = tiny.found()
    assert "error [wording]: '" in finding
    assert finding.endswith("refers to a place. Say what the option says: options are shuffled.")


@pytest.mark.parametrize(
    "words",
    [
        "Values above 255 wrap.",
        'It says "The above exception" then.',
        "The server answers 4 requests.",
        "It adds first, then prints.",
        "Argon2id is the first choice.",
        "Call `the first option`.",
    ],
)
def test_words_that_do_not_point(tiny, words):
    tiny.question["explanation"] += f" {words}"
    assert tiny.found() == []


def test_feedback_that_begins_with_correct(tiny):
    tiny.question["options"][0]["feedback"] = "Correct! It adds."
    tiny.question["options"][1]["feedback"] = "Correct is another."
    [finding] = tiny.found()
    assert "error [wording]: the feedback begins with 'Correct'. The bot has already said so" in finding


def test_a_long_line_of_code(tiny, line_of):
    tiny.question["code"]["source"] += "  # " + "x" * 70
    [finding] = tiny.found()
    line = line_of("questions/ints.yaml", "code:")
    assert finding == (
        f"questions/ints.yaml:{line}: error [wording]: a line of code has 86 characters, 72 at most"
    )


@pytest.mark.parametrize("where", ["stem", "explanation"])
def test_a_long_line_in_a_fenced_block(tiny, where):
    tiny.question[where] += f"\n\n```\n{'x' * 73}\n```\n"
    [finding] = tiny.found()
    assert finding.endswith("a line of code has 73 characters, 72 at most")


def test_an_option_that_points_at_another(tiny):
    set_options(tiny, "A list", "Like option A, but sorted", "A set", "A tuple")
    [finding] = tiny.found()
    assert "error [wording]: 'option A' refers to a place" in finding
