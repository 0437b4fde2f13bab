"""The claims of a pack's source: how a claim is known, and what keeps its file from loading."""

import pytest

from content.article import Claim


@pytest.mark.parametrize(
    ("text", "found"),
    [("Scanners help", True), ("It scans", False), ("In Python 3.7.", True), ("In Python 3.71", False)],
)
def test_a_term_is_found_as_a_word(text, found):
    assert Claim(id="c", topics=("t",), says="s", terms=("scanner", "3.7")).is_in(text) is found


def test_two_claims_with_one_id_are_refused(tiny):
    claim = "  - {id: a, topics: [ints], says: So it is., terms: [so]}\n"
    tiny.files["article.yaml"] = f"source: An article\nclaims:\n{claim * 2}"
    assert tiny.problems() == ["article.yaml:1: two claims share an id"]


def test_an_article_that_does_not_read_keeps_the_pack_from_loading(tiny):
    tiny.files["article.yaml"] = "claims: ["
    assert tiny.problems()[0].startswith("article.yaml:2: not YAML")
