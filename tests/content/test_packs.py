"""The packs that ship: they load, and the full check has nothing against them."""

from collections import Counter

import pytest

from bot.domain.questions.matching import judge
from content.checks import check_pack
from content.checks.check import active_questions
from content.checks.composition import composition
from content.loader import load_packs, shipped_packs_folder

MAIN, SECOND = "backend-python", "git-and-shell"

KINDS = (
    "single",
    "truefalse",
    "multi",
    "output",
    "typed output",
    "short",
    "number",
    "order",
    "match",
    "line",
)
FEWEST = {MAIN: 4, SECOND: 3}
"""Questions of each kind that a pack has at least."""

TECHNICAL, OTHER = 12, 6
"""Questions that each topic should have at least: of steps that teach a technique, and of the last two."""

_LAST_STEPS = 2

COMMON_GOALS = {
    "constructed answers, a quarter": lambda made, _: made["shares"]["constructed"] >= 0.25,
    "several right options, a tenth": lambda made, _: made["shares"]["multi"] >= 0.10,
    "code is shown in two of five": lambda made, _: made["shares"]["code"] >= 0.40,
    "half are above understanding": lambda made, _: made["shares"]["above understand"] >= 0.50,
    "each kind several times": lambda made, pack: all(
        made["kinds"].get(kind, 0) >= FEWEST[pack.info.id] for kind in KINDS
    ),
    "enough questions in each topic": lambda made, _: made["fewest_per_topic"] >= OTHER,
    "the longest option is the key in 30 % at most": lambda made, _: made["bias"]["key is longest"] <= 0.30,
    "what options share is the key in 35 % at most": lambda made, _: made["bias"]["convergence"] <= 0.35,
    "every wrong claim of the article is put right": lambda made, _: made["claims_uncorrected"] == [],
}
"""Goals of every pack that ships."""

GOALS = {
    "easiest questions in the first two steps": lambda made, _: _in_steps(made, "1", slice(2)),
    "hardest questions in every step": lambda made, _: _in_steps(made, "5", slice(None)),
    "tracebacks and logs": lambda made, _: made["shows"]["tracebacks and logs"] >= 60,
    "configurations": lambda made, _: made["shows"]["configurations"] >= 30,
    "results of SQL": lambda made, _: made["shows"]["SQL results"] >= 40,
    "faulty lines and diffs": lambda made, _: made["shows"]["faulty lines and diffs"] >= 30,
    "three prompts in each topic": lambda _, pack: all(
        len(pack.active_prompts(topic.id)) >= 3 for topic in pack.topics
    ),
    "four projects in each step": lambda _, pack: all(
        len(pack.active_challenges(step.id)) >= 4 for step in pack.roadmap.steps
    ),
    "cases of three questions": lambda made, _: made["cases"] >= 10,
    "enough questions in technical topics": lambda made, pack: (
        not _short_of(made, pack.roadmap.steps[:-_LAST_STEPS], TECHNICAL)
    ),
    "enough questions in other topics": lambda made, pack: (
        not _short_of(made, pack.roadmap.steps[-_LAST_STEPS:], OTHER)
    ),
}
"""Goals of the main pack alone."""


def _in_steps(made, difficulty, which):
    return all(levels["difficulty"][difficulty] for levels in [*made["levels"].values()][which])


def _short_of(made, steps, fewest):
    return [topic.id for step in steps for topic in step.topics if made["per_topic"][topic.id] < fewest]


@pytest.fixture(scope="module")
def packs():
    return load_packs(shipped_packs_folder())


def test_every_pack_is_whole_and_no_two_things_have_one_id(packs):
    assert packs.problems == ()
    assert set(packs.packs) == {MAIN, SECOND}
    ids = Counter(id_ for pack in packs.packs.values() for id_ in ids_of(pack))
    assert [id_ for id_, count in ids.items() if count > 1] == []


def ids_of(pack):
    """The ids under which answers are stored, and those that members type."""
    questions = [question.id for found in pack.questions.values() for question in found]
    prompts = [prompt.id for found in pack.prompts.values() for prompt in found]
    projects = [project.id for found in pack.challenges.values() for project in found]
    return [*(topic.id for topic in pack.topics), *questions, *prompts, *projects]


@pytest.mark.parametrize("pack_id", [MAIN, SECOND])
@pytest.mark.parametrize("goal", COMMON_GOALS)
def test_a_goal_of_every_pack(packs, pack_id, goal):
    hold(COMMON_GOALS, goal, packs.packs[pack_id])


@pytest.mark.parametrize("goal", GOALS)
def test_a_goal_of_the_main_pack(packs, goal):
    hold(GOALS, goal, packs.packs[MAIN])


def hold(goals, goal, pack):
    made = composition(pack, active_questions(pack))
    assert goals[goal](made, pack), made


@pytest.mark.parametrize(("pack_id", "proofs"), [(MAIN, 500), (SECOND, 70)])
def test_the_full_check_has_no_error_and_every_proof_notices_what_is_changed(packs, pack_id, proofs):
    """The longest test of all: four minutes of a processor for 580 proofs and 4,100 changes."""
    pack = packs.packs[pack_id]
    report = check_pack(pack, shipped_packs_folder() / pack_id, judge, change_code=True)
    assert [str(error) for error in report.errors] == []
    assert report.tested.blind == ()
    ran = [outcome for outcome in report.outcomes if outcome.observation]
    assert report.tested.questions == len(ran) >= proofs
    assert report.tested.mutants > 4 * len(ran)
