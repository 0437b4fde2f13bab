"""Statements about the source article name its claims, and each wrong claim is put right."""

import pytest

CLAIMS = [
    {"id": "small-sites", "topics": ["ints"], "says": "It is for small sites.", "terms": ["small"]},
    {"id": "use-encoding", "topics": ["ints"], "says": "Encode.", "terms": ["encode"], "right": True},
]


@pytest.fixture
def quoted(tiny):
    """A pack whose source makes two claims, the wrong one put right by a question."""
    tiny.files["article.yaml"] = {"source": "An article", "claims": CLAIMS}
    tiny.question.update(corrects_article=True, article_claims=["small-sites"])
    return tiny


def told(tiny):
    return [(each.severity.value, each.file, each.message) for each in tiny.check().findings]


def test_a_wrong_claim_that_is_put_right(quoted):
    assert told(quoted) == []


def test_a_pack_without_an_article_may_correct_what_it_likes(tiny):
    tiny.question["corrects_article"] = True
    tiny.topics[0]["corrections"] = [{"kind": "wrong", "says": "It is so.", "instead": "It isn't."}]
    assert told(tiny) == []


def test_a_wrong_claim_that_nothing_puts_right_is_a_warning(quoted):
    quoted.question.update(corrects_article=False, article_claims=[])
    message = "nothing puts 'small-sites' right: It is for small sites"
    assert told(quoted) == [("warning", "article.yaml", message)]


@pytest.mark.parametrize("corrects", [True, False])
def test_a_question_corrects_and_names_a_claim_or_neither(quoted, corrects):
    quoted.ints[1].update(corrects_article=corrects, article_claims=[] if corrects else ["small-sites"])
    [(severity, file, message)] = told(quoted)
    assert (severity, file) == ("error", "questions/ints.yaml")
    assert message == (
        "it corrects the source and names no claim of it"
        if corrects
        else "it names claims of the source and corrects none"
    )


def test_a_prompt_that_corrects_names_a_claim(quoted):
    quoted.prompt["article_correction"] = "It is for large sites as well."
    assert told(quoted) == [
        ("error", "prompts/ints.yaml", "it corrects the source and names no claim of it")
    ]
    quoted.prompt["article_claims"] = ["small-sites"]
    assert told(quoted) == []


def test_a_claim_that_is_not_there(quoted):
    quoted.question["article_claims"] = ["small-sites", "small-site"]
    [error] = quoted.check().errors
    assert error.message == "article.yaml has no claim 'small-site'"
    assert error.hint == "Did you mean 'small-sites'?"


@pytest.mark.parametrize(
    ("says", "quotes"),
    [("It is for small sites.", True), ("It is for toys.", False), ("It is for smaller sites.", False)],
)
def test_a_correction_quotes_the_claim(quoted, says, quotes):
    correction = {"kind": "wrong", "says": says, "instead": "No.", "article_claims": ["small-sites"]}
    quoted.topics[0]["corrections"] = [correction]
    error = ("error", "roadmap.yaml", "`says` has no word of the claim that it names (small)")
    assert told(quoted) == ([] if quotes else [error])


def test_a_claim_on_a_topic_that_is_not_there(quoted):
    quoted.files["article.yaml"]["claims"] = [CLAIMS[0] | {"topics": ["ints", "floats"]}]
    assert told(quoted) == [("error", "article.yaml", "the roadmap has no topic 'floats'")]
