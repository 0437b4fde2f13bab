"""Coverage of the roadmap, the order of its topics, sources, and questions asked twice."""

import pytest


def retire(*questions):
    for question in questions:
        question["status"] = "retired"


def test_a_topic_with_few_questions_is_a_warning(tiny, line_of):
    retire(tiny.strings[0])
    assert tiny.found() == [
        (
            f"roadmap.yaml:{line_of('roadmap.yaml', 'id: strings')}: warning [coverage]: "
            "'strings' has 2 active questions, the minimum is 3"
        )
    ]


def test_a_topic_without_active_questions_is_an_error(tiny):
    retire(*tiny.strings)
    [error] = tiny.check().errors
    assert error.message == "'strings' has 0 active questions, the minimum is 3"


def test_a_topic_without_an_active_prompt(tiny):
    tiny.files["prompts/ints.yaml"]["status"] = "draft"
    [error] = tiny.check().errors
    assert error.message == "'ints' has no active prompt"


def test_a_step_without_an_active_challenge(tiny):
    tiny.challenge["status"] = "draft"
    [error] = tiny.check().errors
    assert str(error) == "roadmap.yaml:3: error [coverage]: 'basics' has no active challenge"


def test_a_prerequisite_comes_first(tiny, line_of):
    tiny.topics.reverse()
    findings = tiny.found()
    line = line_of("roadmap.yaml", "- ints")
    assert findings == [f"roadmap.yaml:{line}: error [coverage]: 'strings' needs 'ints', which comes later"]


@pytest.mark.parametrize(
    "file",
    ["questions/ints.yaml", "prompts/ints.yaml", "challenges/basics/basics-project.yaml"],
)
def test_a_reference_is_official(tiny, file):
    data = tiny.files[file]
    owner = data["questions"][0] if "questions" in data else data
    owner["references"][0]["url"] = "https://blog.example/python"
    [finding] = tiny.check().errors
    assert finding.file == file
    assert finding.line is not None
    assert finding.advice == "blog.example is not among the reference_hosts of pack.yaml"


def test_the_same_question_twice(tiny):
    tiny.strings[1]["stem"] = tiny.ints[1]["stem"].upper()
    tiny.strings[1]["code"] = tiny.ints[1]["code"]
    tiny.strings[1]["options"] = tiny.ints[1]["options"]
    [finding] = tiny.check().errors
    assert finding.advice == "nearly the same question as 'ints-3'. Ask something else."
    assert finding.check == "duplicates"


def test_the_same_stem_with_other_code_is_another_question(tiny):
    tiny.strings[1]["stem"] = tiny.ints[2]["stem"]
    assert tiny.found() == []
