"""Coverage of the roadmap, the order of its topics, sources, and questions asked twice."""

import pytest

from tests.content.conftest import CODES, a_prompt, a_question


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


def test_one_question_is_counted_as_one(tiny):
    retire(*tiny.strings[:-1])
    assert "'strings' has 1 active question, the minimum is 3" in "\n".join(tiny.found())


def test_a_topic_without_active_questions_is_an_error(tiny):
    retire(*tiny.strings)
    [error] = tiny.check().errors
    assert error.message == "'strings' has 0 active questions, the minimum is 3"


def test_a_topic_without_an_active_prompt_among_others_is_a_warning(tiny):
    tiny.prompt["status"] = "draft"
    [warning] = tiny.check().warnings
    assert warning.message == "'ints' has no active prompt"


def test_a_step_without_an_active_challenge_among_others_is_a_warning(tiny):
    topics = [{"id": "lists", "title": "Lists", "article_term": "Lists"}]
    step = {"id": "more", "title": "More", "goal": "Know the types with parts.", "topics": topics}
    tiny.roadmap["steps"].append(step)
    questions = [a_question(f"lists-{n}", n, code) for n, code in enumerate(CODES, 30)]
    tiny.files["questions/lists.yaml"] = {"topic": "lists", "questions": questions}
    tiny.files["prompts/lists.yaml"] = {"topic": "lists", "prompts": [a_prompt("lists")]}
    [warning] = [each for each in tiny.check().findings if each.check == "coverage"]
    assert (warning.message, warning.severity) == ("'more' has no active challenge", "warning")


def test_a_pack_without_any_prompt_or_challenge_is_whole(tiny):
    for file in [file for file in tiny.files if file.startswith(("prompts/", "challenges/"))]:
        del tiny.files[file]
    assert tiny.found() == []


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
    owner = next((data[key][0] for key in ("questions", "prompts") if key in data), data)
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
    assert [each for each in tiny.found() if "nearly the same" in each] == []
