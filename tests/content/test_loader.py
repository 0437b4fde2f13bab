"""Loading: whole packs load, and everything that is wrong with the others is said at once."""

import pytest

from content.errors import PackError, Problem
from content.loader import load_pack, load_packs, shipped_packs_folder
from tests.content.conftest import a_prompt


def test_a_whole_pack_loads_keyed_by_topic_and_step(tiny):
    pack = tiny.load()
    assert list(pack.questions) == ["ints", "strings"]
    assert [question.id for question in pack.questions["ints"]] == ["ints-2", "ints-3", "ints-4"]
    assert [prompt.id for prompt in pack.prompts["strings"]] == ["strings-prompt"]
    assert [challenge.id for challenge in pack.challenges["basics"]] == ["basics-project"]


def test_lookups_by_id(tiny):
    pack = tiny.load()
    assert [topic.id for topic in pack.topics] == ["ints", "strings"]
    assert pack.question("strings-23") is pack.questions["strings"][0]
    assert pack.topic_of("strings-23") is pack.topics[1]
    assert pack.topic("ints") is pack.topics[0]
    assert pack.step_of("ints") is pack.roadmap.steps[0]
    assert pack.prompt("strings-prompt") is pack.prompts["strings"][0]
    assert pack.challenge("basics-project") is pack.challenges["basics"][0]


@pytest.mark.parametrize("lookup", ["question", "topic_of", "topic", "step_of", "prompt", "challenge"])
def test_an_unknown_id_is_none(tiny, lookup):
    assert getattr(tiny.load(), lookup)("nowhere") is None


def test_all_problems_are_reported_together_with_place_and_hint(tiny, line_of):
    tiny.question["stme"] = tiny.question.pop("stem")
    tiny.files["prompts/strings.yaml"] = "topic: [\n"
    tiny.pack["version"] = "one"
    problems = tiny.problems()
    at = line_of("questions/ints.yaml", "stme")
    assert problems == [
        (
            f"pack.yaml:{line_of('pack.yaml', 'version')}: 'version' cannot be 'one'. "
            "Use three numbers, such as 1.0.0."
        ),
        (
            "prompts/strings.yaml:2: not YAML: did not find expected node content. "
            "Is a value missing, or a bracket not closed?"
        ),
        f"questions/ints.yaml:{at}: unknown key 'stme'. Did you mean 'stem'?",
    ]


def test_the_error_names_the_pack_and_lists_the_problems(tiny):
    tiny.pack["version"] = "one"
    tiny.write()
    with pytest.raises(
        PackError, match=r"the pack tiny does not load: 2 problems\nids.lock: .*\npack.yaml:"
    ):
        load_pack(tiny.folder)


@pytest.mark.parametrize("name", ["pack.yaml", "roadmap.yaml"])
def test_a_missing_file_is_a_problem(tiny, name):
    del tiny.files[name]
    assert f"{name}: the file is missing" in tiny.problems()


def test_a_missing_lock_is_a_problem_with_the_command_that_writes_it(tiny):
    tiny.write()
    with pytest.raises(PackError, match=r"ids.lock: the file is missing. Write it with `milepost"):
        load_pack(tiny.folder)


def test_a_file_with_another_ending_is_not_passed_over(tiny):
    tiny.files["prompts/ints.yml"] = tiny.files.pop("prompts/ints.yaml")
    assert "prompts/ints.yml: the file is not read. Give its name the ending .yaml." in tiny.problems()


def test_a_step_has_several_challenges_the_shortest_first(tiny):
    for name, low in {"long": 3, "quick": 1}.items():
        hours = {"low": low, "high": 4}
        tiny.files[f"challenges/basics/{name}.yaml"] = tiny.challenge | {"id": name, "hours": hours}
    pack = tiny.load()
    assert [each.id for each in pack.active_challenges("basics")] == ["quick", "basics-project", "long"]
    assert pack.active_challenges("nowhere") == ()


def test_what_is_retired_is_found_by_its_id_and_is_not_active(tiny):
    tiny.files["challenges/basics/old.yaml"] = tiny.challenge | {"id": "old", "status": "retired"}
    tiny.files["prompts/ints.yaml"]["prompts"].append(a_prompt("ints", "old") | {"status": "retired"})
    pack = tiny.load()
    assert [each.id for each in pack.active_challenges("basics")] == ["basics-project"]
    assert pack.challenge("old").step == "basics"
    assert [each.id for each in pack.active_prompts("ints")] == ["ints-prompt"]
    assert pack.prompt("ints-old").title == "About ints"


def test_a_topic_may_have_no_prompt_and_a_step_no_challenge(tiny):
    del tiny.files["prompts/ints.yaml"]
    del tiny.files["challenges/basics/basics-project.yaml"]
    pack = tiny.load()
    assert pack.prompts["ints"] == pack.challenges["basics"] == ()


def test_packs_that_are_whole_load_and_the_others_are_reported(tiny):
    tiny.load()
    broken = tiny.folder.parent / "broken"
    broken.mkdir()
    (broken / "pack.yaml").write_bytes((tiny.folder / "pack.yaml").read_bytes())
    loaded = load_packs(tiny.folder.parent)
    assert list(loaded.packs) == ["tiny"]
    assert loaded.folders == {"tiny": "tiny"}
    assert {problem.file for problem in loaded.problems} == {"broken/roadmap.yaml", "broken/ids.lock"}


def test_a_folder_without_a_pack_yaml_is_one_problem_that_says_what_to_do(tiny):
    tiny.load()
    (tiny.folder.parent / "schema").mkdir()
    [problem] = load_packs(tiny.folder.parent).problems
    assert str(problem) == (
        "schema/pack.yaml: the file is missing, so the folder isn't a pack."
        " If it isn't meant to be one, begin its name with an underscore, or move it elsewhere."
    )


def test_folders_that_are_no_packs_are_passed_over(tiny):
    tiny.load()
    for name in ("__pycache__", ".git"):
        (tiny.folder.parent / name).mkdir()
    assert load_packs(tiny.folder.parent).problems == ()


def test_a_second_pack_with_the_same_id_is_left_out(tiny):
    tiny.load()
    tiny.folder.rename(tiny.folder.with_name("a"))
    tiny.folder = tiny.folder.with_name("b")
    tiny.load()
    loaded = load_packs(tiny.folder.parent)
    assert list(loaded.packs) == ["tiny"]
    assert loaded.problems == (
        Problem("b/pack.yaml", None, "another pack has the id 'tiny'", "Give one of the two another id."),
    )


def test_a_folder_of_packs_that_is_not_there(tmp_path):
    loaded = load_packs(tmp_path / "none")
    assert not loaded.packs
    assert "there is no such folder" in str(loaded.problems[0])


def test_the_shipped_packs_are_found():
    assert (shipped_packs_folder() / "backend-python" / "pack.yaml").is_file()
