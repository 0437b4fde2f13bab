"""Parts that a pack may leave out bring a warning that names them; the shipped pack has them all."""

from content.checks import Severity
from content.checks.check import active_questions
from content.checks.completeness import check_completeness
from content.checks.findings import Places
from content.loader import load_pack, shipped_packs_folder

SHORTEST = {
    "id": "ints-half",
    "type": "single",
    "stem": "Which of these is half of seven?",
    "options": [{"id": "three", "text": "3"}, {"id": "exact", "text": "3.5", "correct": True}],
    "explanation": "Seven is odd, so that its half isn't a whole number.",
}


def lacks(tiny):
    pack = tiny.load()
    return [*check_completeness(pack, active_questions(pack), Places(pack, tiny.folder))]


def test_a_question_of_five_keys_is_served_and_told_what_it_lacks(tiny, line_of):
    tiny.ints[:] = [SHORTEST]
    [found] = lacks(tiny)
    assert found.severity is Severity.WARNING
    assert found.message == (
        "'ints-half' lacks an objective, a level (bloom), a difficulty, two hints, "
        "feedback on three, an explanation of 150 characters or more, a reference "
        "and a word on how its key was checked (verify)"
    )
    assert found.line == line_of("questions/ints.yaml", "id: ints-half")


def test_a_second_hint_is_missed_too(tiny):
    tiny.question["hints"].pop()
    assert [found.message for found in lacks(tiny)] == ["'ints-2' lacks a second hint"]


def test_typed_questions_lack_mistakes(tiny):
    del tiny.question["options"]
    del tiny.question["code"]
    tiny.ints[0] |= {"type": "number", "answer": {"value": 42}, "verify": {"kind": "doc"}}
    assert [found.message for found in lacks(tiny)] == ["'ints-2' lacks likely mistakes"]


def test_prompts_and_projects_lack_references(tiny):
    del tiny.prompt["references"]
    del tiny.challenge["references"]
    assert [found.message for found in lacks(tiny)] == [
        "'ints-prompt' lacks a reference",
        "'basics-project' lacks a reference",
    ]


def test_a_whole_pack_lacks_nothing(tiny):
    assert lacks(tiny) == []


def test_the_shipped_pack_lacks_nothing():
    folder = shipped_packs_folder() / "backend-python"
    pack = load_pack(folder)
    found = check_completeness(pack, active_questions(pack), Places(pack, folder))
    assert [str(each) for each in found] == []
