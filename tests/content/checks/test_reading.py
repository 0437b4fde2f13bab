"""All that members read, and nothing else."""

import pytest

from content.checks.check import active_questions
from content.checks.findings import Places
from content.checks.reading import each_text

MARK = "a mark of the test, which is long enough for every field that has a minimum of characters, surely"


def places_of_mark(tiny):
    pack = tiny.load()
    found = each_text(pack, active_questions(pack), Places(pack, tiny.folder))
    return [file for (file, _), text in found if MARK in text]


@pytest.mark.parametrize(
    ("thing", "key", "file"),
    [
        (lambda tiny: tiny.question, "objective", "questions/ints.yaml"),
        (lambda tiny: tiny.question, "stem", "questions/ints.yaml"),
        (lambda tiny: tiny.question["options"][0], "feedback", "questions/ints.yaml"),
        (lambda tiny: tiny.prompt, "task", "prompts/ints.yaml"),
        (lambda tiny: tiny.challenge["milestones"][1], "check_in", "challenges/basics/basics-project.yaml"),
        (lambda tiny: tiny.roadmap["steps"][0], "goal", "roadmap.yaml"),
        (lambda tiny: tiny.topics[0], "title", "roadmap.yaml"),
        (lambda tiny: tiny.pack, "title", "pack.yaml"),
    ],
)
def test_what_members_read_is_read(tiny, thing, key, file):
    thing(tiny)[key] = MARK
    assert places_of_mark(tiny) == [file]


@pytest.mark.parametrize(
    ("thing", "key"),
    [
        (lambda tiny: tiny.topics[0], "article_term"),
        (lambda tiny: tiny.question["references"][0], "title"),
        (lambda tiny: tiny.challenge["references"][0], "title"),
        (lambda tiny: tiny.pack, "licence"),
    ],
)
def test_names_of_sources_and_settings_are_not(tiny, thing, key):
    thing(tiny)[key] = MARK
    assert places_of_mark(tiny) == []


def test_what_is_not_served_is_not_read(tiny):
    tiny.question.update(stem=MARK, status="retired")
    tiny.prompt.update(task=MARK, status="draft")
    assert places_of_mark(tiny) == []
