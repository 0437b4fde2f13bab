"""Questions of different topics that ask the same thing in other words."""

import pytest

from content.checks.likeness import alike_pairs

STEM = "A service key was pushed to a public repository. Which measure comes first of all?"
AGAIN = "The key of a service was pushed to some public repository: which measure comes first?"


def alike(tiny):
    return [
        f"{each.severity}: {each.message}" for each in tiny.check().findings if each.check == "duplicates"
    ]


@pytest.fixture
def twins(tiny):
    """Two questions of different topics that are alike, among others that are not."""
    for number, question in enumerate((*tiny.ints, *tiny.strings)):
        question["explanation"] = " ".join(f"word{number}{each}" for each in range(30))
    for question in (tiny.ints[0], tiny.strings[0]):
        question["explanation"] = (
            "Revoke the key at the service that issued it, since history keeps it. " * 3
        )
    tiny.ints[0]["stem"], tiny.strings[0]["stem"] = STEM, AGAIN
    return tiny


def test_a_pair_of_different_topics_is_a_warning(twins):
    [told] = alike(twins)
    assert told.startswith("warning: 'strings-23' has much in common with 'ints-2' (0.")


@pytest.mark.parametrize("one", ["ints", "strings"])
def test_a_pair_that_was_looked_at_is_left_alone(twins, one):
    other = {"ints": "strings-23", "strings": "ints-2"}[one]
    getattr(twins, one)[0]["distinct_from"] = [other]
    assert alike(twins) == []


@pytest.mark.parametrize("other", ["ints-99", "ints-2"])
def test_what_it_is_distinct_from_is_another_question(tiny, other):
    tiny.question["distinct_from"] = [other]
    assert alike(tiny) == [f"error: there is no other question '{other}'"]


def test_a_pair_of_one_topic_may_share_its_words(twins):
    twins.ints[1] |= {"stem": AGAIN, "explanation": twins.ints[0]["explanation"]}
    twins.strings[0] |= {"stem": "Something else is asked here, is it not?", "explanation": "x" * 200}
    assert alike(twins) == []


def test_the_cosine_of_texts():
    texts = ["red green blue", "Blue, green: red!", "red cyan", "none"]
    found = {(one, other): round(cosine, 2) for one, other, cosine in alike_pairs(texts, 0.1)}
    assert found[0, 1] == 1
    assert found[0, 2] == found[1, 2] < 0.5
    assert set(found) == {(0, 1), (0, 2), (1, 2)}
