"""The pack that ships: it loads, and the full check has nothing against it."""

import pytest

from bot.domain.questions.matching import judge
from content.checks import check_pack
from content.checks.check import active_questions
from content.checks.composition import composition
from content.loader import load_pack, shipped_packs_folder

FOLDER = shipped_packs_folder() / "backend-python"


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
FEWEST = 4
"""Questions of each kind that the pack has at least."""

TECHNICAL, OTHER = 12, 6
"""Questions that each topic should have at least: of steps that teach a technique, and of the last two."""

_LAST_STEPS = 2

GOALS = {
    "constructed answers, a quarter": lambda made, _: made["shares"]["constructed"] >= 0.25,
    "several right options, a tenth": lambda made, _: made["shares"]["multi"] >= 0.10,
    "code is shown in two of five": lambda made, _: made["shares"]["code"] >= 0.40,
    "half are above understanding": lambda made, _: made["shares"]["above understand"] >= 0.50,
    "easiest questions in the first two steps": lambda made, _: _in_steps(made, "1", slice(2)),
    "hardest questions in every step": lambda made, _: _in_steps(made, "5", slice(None)),
    "each kind several times": lambda made, _: all(made["kinds"].get(kind, 0) >= FEWEST for kind in KINDS),
    "tracebacks and logs": lambda made, _: made["shows"]["tracebacks and logs"] >= 30,
    "configurations": lambda made, _: made["shows"]["configurations"] >= 25,
    "results of SQL": lambda made, _: made["shows"]["SQL results"] >= 25,
    "faulty lines and diffs": lambda made, _: made["shows"]["faulty lines and diffs"] >= 25,
    "cases of three questions": lambda made, _: made["cases"] >= 8,
    "the longest option is the key in 30 % at most": lambda made, _: made["bias"]["key is longest"] <= 0.30,
    "what options share is the key in 35 % at most": lambda made, _: made["bias"]["convergence"] <= 0.35,
    "enough questions in technical topics": lambda made, pack: (
        not _short_of(made, pack.roadmap.steps[:-_LAST_STEPS], TECHNICAL)
    ),
    "enough questions in other topics": lambda made, pack: (
        not _short_of(made, pack.roadmap.steps[-_LAST_STEPS:], OTHER)
    ),
    "every wrong claim of the article is put right": lambda made, _: made["claims_uncorrected"] == [],
}
"""Goals of the pack, in one place."""

OPEN = {"several right options, a tenth"}
"""Goals that are not yet met, or only just: they are reported and fail nothing."""


def _in_steps(made, difficulty, which):
    return all(levels["difficulty"][difficulty] for levels in [*made["levels"].values()][which])


def _short_of(made, steps, fewest):
    return [topic.id for step in steps for topic in step.topics if made["per_topic"][topic.id] < fewest]


@pytest.fixture(scope="module")
def pack():
    return load_pack(FOLDER)


@pytest.mark.parametrize("goal", GOALS)
def test_a_goal_of_the_pack(pack, goal):
    made = composition(pack, active_questions(pack))
    if goal in OPEN and not GOALS[goal](made, pack):
        pytest.xfail(f"{goal}: {made['shares']}, {made['claims_uncorrected']}")
    assert GOALS[goal](made, pack), made


def test_the_full_check_has_no_error_and_every_proof_notices_what_is_changed(pack):
    """The longest test of all: seven minutes of a processor for 550 proofs and 3,700 changes."""
    report = check_pack(pack, FOLDER, judge, change_code=True)
    assert [str(error) for error in report.errors] == []
    assert report.tested.blind == ()
    ran = [outcome for outcome in report.outcomes if outcome.observation]
    assert report.tested.questions == len(ran) >= 500
    assert report.tested.mutants > 4 * len(ran)
