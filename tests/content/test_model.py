"""Views of a pack: which of its content is active, by topic and by step."""

from content.loader import load_pack, shipped_packs_folder
from content.model import Status
from tests.support.questions import shipped_library

PACK = load_pack(shipped_packs_folder() / "backend-python")


def test_a_topic_asks_its_active_questions_in_the_order_of_the_file():
    retired = 0
    for topic, questions in PACK.questions.items():
        expected = [each.id for each in questions if each.status == "active"]
        assert [each.id for each in PACK.active_questions(topic)] == expected
        retired += len(questions) - len(expected)
    assert retired, "the pack has retired questions, or this test shows nothing"


def test_a_retired_prompt_opens_no_topic():
    topic = next(topic for topic, prompts in PACK.prompts.items() if len(prompts) > 1)
    first, *others = PACK.prompts[topic]
    retired = first.model_copy(update={"status": Status.RETIRED})
    fields = {name: getattr(PACK, name) for name in type(PACK).model_fields}
    prompts = PACK.prompts | {topic: (retired, *others)}
    pack = type(PACK).model_construct(**fields | {"prompts": prompts})
    assert pack.active_prompts(topic) == tuple(others)
    assert pack.prompt(first.id) == retired


def test_challenges_of_a_step_come_the_shortest_first():
    for step in PACK.roadmap.steps:
        hours = [(each.hours.low, each.hours.high) for each in PACK.active_challenges(step.id)]
        assert hours == sorted(hours)


def test_topics_with_something_to_ask_or_to_open_keep_the_order_of_the_roadmap():
    order = [topic.id for step in PACK.roadmap.steps for topic in step.topics]
    assert list(PACK.asked_topics) == [topic for topic in order if PACK.active_questions(topic)]
    assert list(PACK.prompted_topics) == [topic for topic in order if PACK.active_prompts(topic)]


def test_a_topic_without_active_questions_asks_nothing():
    pack = shipped_library().packs["backend-python"]
    fields = {name: getattr(pack, name) for name in type(pack).model_fields}
    emptied = type(pack).model_construct(**fields | {"questions": pack.questions | {"http": ()}})
    assert "http" in pack.asked_topics
    assert "http" not in emptied.asked_topics
    assert emptied.active_questions("http") == ()
    assert emptied.active_questions("no-such-topic") == ()
