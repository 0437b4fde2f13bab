"""The rules that hold the files of a pack together."""

import pytest

from tests.content.conftest import a_prompt, a_question


def test_each_topic_has_its_questions(tiny, line_of):
    del tiny.files["questions/strings.yaml"]
    problems = tiny.problems()
    line = line_of("roadmap.yaml", "id: strings")
    hint = "Add one with `milepost content new question --topic strings`."
    assert problems == [f"roadmap.yaml:{line}: the topic has no questions/strings.yaml. {hint}"]


def test_a_broken_file_is_not_reported_as_missing_too(tiny):
    tiny.files["questions/strings.yaml"] = "topic: ["
    tiny.files["challenges/basics/basics-project.yaml"] = "id: ["
    assert all("not YAML" in problem for problem in tiny.problems())


def test_a_question_file_for_a_topic_off_the_roadmap(tiny):
    tiny.files["questions/string.yaml"] = {"topic": "string", "questions": [a_question("other")]}
    assert tiny.problems() == [
        "questions/string.yaml:1: the roadmap has no topic 'string'. Did you mean 'strings'?"
    ]


def test_a_file_is_named_after_its_topic(tiny):
    tiny.files["prompts/ints.yaml"] = {"topic": "strings", "prompts": [a_prompt("ints")]}
    assert tiny.problems() == [
        "prompts/ints.yaml:1: the topic is 'strings'. The file is named after its topic."
    ]


def test_a_challenge_for_a_step_off_the_roadmap(tiny):
    tiny.files["challenges/basic/x.yaml"] = tiny.challenge | {"id": "x", "step": "basic"}
    assert "challenges/basic/x.yaml:1: the roadmap has no step 'basic'. Did you mean 'basics'?" in (
        tiny.problems()
    )


def test_a_challenge_stands_where_its_step_and_id_say(tiny):
    tiny.challenge["step"] = "elsewhere"
    [problem] = tiny.problems()
    assert problem.startswith("challenges/basics/basics-project.yaml:2: the step or the id is not that")


def test_ids_are_unique_in_the_whole_pack(tiny, line_of):
    tiny.strings[0]["id"] = "ints-2"
    tiny.prompt["id"] = "strings"
    problems = tiny.problems()
    assert problems == [
        (
            "prompts/ints.yaml:3: the id 'strings' is taken. It is that of the topic at roadmap.yaml:"
            f"{line_of('roadmap.yaml', 'id: strings')}."
        ),
        (
            "questions/strings.yaml:3: the id 'ints-2' is taken. "
            "It is that of the question at questions/ints.yaml:3."
        ),
    ]


def test_the_same_topic_twice(tiny):
    tiny.topics.append(dict(tiny.topics[0]))
    assert any("the id 'ints' is taken" in problem for problem in tiny.problems())


def test_the_same_step_twice(tiny):
    topic = {"id": "more", "title": "More", "article_term": "More"}
    tiny.roadmap["steps"].append(tiny.roadmap["steps"][0] | {"topics": [topic]})
    assert any("the step id 'basics' is taken" in problem for problem in tiny.problems())


@pytest.mark.parametrize("key", ["prerequisites", "confusable_with"])
def test_topics_that_a_topic_names_exist(tiny, line_of, key):
    tiny.topics[1][key] = ["intz"]
    problems = tiny.problems()
    line = line_of("roadmap.yaml", "- intz")
    assert problems == [f"roadmap.yaml:{line}: the roadmap has no topic 'intz'. Did you mean 'ints'?"]


def test_topics_that_a_challenge_needs_exist(tiny):
    tiny.challenge["prerequisites"] = ["floats"]
    [problem] = tiny.problems()
    assert problem.endswith("the roadmap has no topic 'floats'")


def test_prerequisites_do_not_go_in_a_circle(tiny, line_of):
    tiny.topics[0]["prerequisites"] = ["strings"]
    [problem] = tiny.problems()
    assert "the prerequisites go in a circle: " in problem
    assert "ints -> strings" in problem or "strings -> ints" in problem


def test_without_a_roadmap_only_the_roadmap_is_reported(tiny):
    tiny.files["roadmap.yaml"] = "steps: ["
    [problem] = tiny.problems()
    assert problem.startswith("roadmap.yaml:")
