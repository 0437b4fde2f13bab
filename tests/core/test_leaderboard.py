"""Who has most points: ranks, periods, one's own place, and people's names as text."""

import pytest

from bot import decode, encode
from tests.core.helpers import PROMPT, quiz_of
from tests.people import items_of, markdown, world_at

pytestmark = pytest.mark.asyncio


async def test_points_answers_and_right_ones_are_shown(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.answers(quiz_of(study))
    await ben.answers(quiz_of(study), right=False)
    await ana.uses("/leaderboard")
    assert ana.sees("1. **Ana** 3 points, 100 % of 1 answer right")
    assert ana.sees("2. **Ben** 1 point, 0 % of 1 answer right")
    await study.passes(days=1)
    await ben.answers(quiz_of(study))
    await ben.uses("/leaderboard")
    assert ben.sees("1. **Ben** 4 points, 50 % of 2 answers right")
    assert await study.problems() == ()


async def test_acts_that_are_no_answers_earn_points_without_a_share(study):
    ana = study.person("Ana")
    await ana.presses("Mark done", on=study.newest(PROMPT))
    await ana.uses("/leaderboard")
    assert ana.sees("1. **Ana** 1 point  \n")


async def test_equal_points_share_a_rank_and_the_next_is_skipped(study):
    for name in ("Ana", "Ben"):
        await study.person(name).answers(quiz_of(study))
    chidi = study.person("Chidi")
    await chidi.answers(quiz_of(study), right=False)
    await chidi.uses("/leaderboard")
    assert [line[:8] for line in chidi.shown().splitlines() if "point" in line][:3] == [
        "1. **Ana", "1. **Ben", "3. **Chi",
    ]  # fmt: skip


async def test_nobody_has_points_yet(study):
    ana = study.person("Ana")
    await ana.uses("/leaderboard")
    assert ana.sees("Nobody has points here yet.")
    assert ana.sees("No points for speed.")


async def test_ones_own_row_follows_the_best(tmp_path):
    async with world_at(tmp_path, leaderboard_size=3) as world:
        await world.founds()
        await world.passes(minutes=31)
        for name in ("Ana", "Ben", "Chidi"):
            await world.person(name).answers(quiz_of(world))
        dora, eve = world.person("Dora"), world.person("Eve")
        for person in (dora, eve):
            await person.answers(quiz_of(world), right=False)
        await eve.uses("/leaderboard")
        assert eve.sees("You: 4. **Eve** 1 point, 0 % of 1 answer right")
        assert not eve.sees("Dora")
        ana = world.person("Ana")
        await ana.uses("/leaderboard")
        assert not ana.sees("You:")


async def test_the_list_ends_where_the_settings_say_and_a_stranger_has_no_row(tmp_path):
    async with world_at(tmp_path, leaderboard_size=3) as world:
        await world.founds()
        await world.passes(minutes=31)
        for name in ("Ana", "Ben", "Chidi", "Dora"):
            await world.person(name).answers(quiz_of(world))
        zoe = world.person("Zoe")
        await zoe.uses("/leaderboard")
        assert zoe.shown().count("3 points") == 3
        assert not zoe.sees("You:")


async def test_week_month_and_all_time_are_told_apart(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await study.days_pass(7)
    await ana.uses("/leaderboard")
    assert ana.sees("Leaderboard · This week")
    assert ana.sees("Nobody has points here yet.")
    await ana.presses("This month")
    assert ana.sees("Leaderboard · This month")
    assert ana.sees("**Ana** 3 points")
    await study.days_pass(30)
    await ana.uses("/leaderboard", period="month")
    assert ana.sees("Nobody has points here yet.")
    await ana.presses("All time")
    assert ana.sees("**Ana** 3 points")
    assert {item.label for item in items_of(ana.last.message)} == {"This week", "This month"}


@pytest.mark.parametrize("typed", ["all", "All time", "ALL"])
async def test_a_period_is_understood_by_its_value_or_its_name(study, typed):
    ana = study.person("Ana")
    await ana.uses("/leaderboard", period=typed)
    assert ana.sees("Leaderboard · All time")


async def test_an_unknown_period_is_refused(study):
    ana = study.person("Ana")
    await ana.uses("/leaderboard", period="decade")
    assert ana.sees("Please choose week, month or all for “period”.")
    await ana.acts(encode("leaderboard.show", period="decade"))
    assert ana.sees("This button no longer works")


async def test_another_groups_points_are_not_shown(study):
    await study.founds("second")
    await study.person("Ana").answers(quiz_of(study))
    ben = study.person("Ben", channel="second")
    await ben.uses("/leaderboard")
    assert ben.sees("Nobody has points here yet.")


async def test_where_there_is_no_group_there_is_no_leaderboard(study):
    eve = study.person("Eve", channel="lounge")
    await eve.uses("/leaderboard")
    assert eve.sees("This channel isn't a study group yet. An organiser can set one up with /study setup.")


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("**x**", r"\*\*x\*\*"),
        ("<@1>", r"\<\@1\>"),
        ("@everyone", r"\@everyone"),
        ("[a](javascript:1)", r"\[a\]\(javascript\:1\)"),
        ("`rm`", r"\`rm\`"),
        ("a\nb\r\nc", "a b c"),
        ("# a\u2028b", r"\# a b"),
        ("\u202eana", "ana"),
        ("דנה", "\u2068דנה\u2069"),
        ("1. x", r"1\. x"),
    ],
)
async def test_a_name_is_text_and_never_markup(study, name, escaped):
    eve = study.person("Eve")
    eve.name = name
    await eve.answers(quiz_of(study))
    await eve.uses("/leaderboard")
    assert f"1\\. **{escaped}** 3 points" in markdown(eve.last.message)


async def test_the_buttons_carry_the_period_and_nothing_else(study):
    ana = study.person("Ana")
    await ana.uses("/leaderboard")
    assert [decode(item.action).params for item in items_of(ana.last.message)] == [
        {"period": "month"},
        {"period": "all"},
    ]
