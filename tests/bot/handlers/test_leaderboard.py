"""Leaderboard: ranks, periods, a member's own place, and names shown as plain text."""

import pytest

from bot.chat import decode, encode
from bot.domain.model import ActivityKind, Standing
from bot.domain.scoring import NAMED_TOO, POINTS_OF_ACT, RIGHT, WRONG, Period, cut, points_of_answer
from bot.views.leaderboard import SCORING, leaderboard_message
from tests.support.helpers import PROMPT, quiz_of
from tests.support.people import items_of, markdown, words, world_at

pytestmark = pytest.mark.asyncio


async def test_points_of_a_question_are_shown_once_it_has_closed_and_nobodys_share_of_right_ones(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.answers(quiz_of(study))
    await ben.answers(quiz_of(study), right=False)
    await study.passes(days=1)
    await ana.uses("/leaderboard")
    assert ana.sees("1. **Ana** 3 points  \n")
    assert ana.sees("2. **Ben** 1 point  \n")
    await ben.answers(quiz_of(study))
    await study.passes(days=1)
    await ben.uses("/leaderboard")
    assert ben.sees("1. **Ben** 4 points  \n")
    assert not ben.sees("%")
    assert await study.problems() == ()


async def test_ones_own_points_of_the_open_question_are_told_to_oneself_alone(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.answers(quiz_of(study))
    await ben.answers(quiz_of(study), right=False)
    await ana.uses("/leaderboard")
    assert ana.sees("3 more points of yours join the board when the question closes.")
    assert ana.sees("Already answered the open question: **Ben**, **Ana**")
    assert not ana.sees("1.")
    await ben.uses("/leaderboard")
    assert ben.sees("1 more point of yours joins the board when the question closes.")
    await study.passes(days=1)
    await ana.uses("/leaderboard")
    assert not ana.sees("more point")


async def test_acts_that_are_no_answers_earn_points_at_once(study):
    ana = study.person("Ana")
    await ana.presses("Mark done", on=study.newest(PROMPT))
    await ana.uses("/leaderboard")
    assert ana.sees("1. **Ana** 1 point  \n")


async def test_equal_points_share_a_rank_and_the_next_is_skipped(study):
    for name in ("Ana", "Ben"):
        await study.person(name).answers(quiz_of(study))
    chidi = study.person("Chidi")
    await chidi.answers(quiz_of(study), right=False)
    await study.passes(days=1)
    await chidi.uses("/leaderboard")
    lines = [line[:8] for line in chidi.shown().splitlines() if "point" in line][:3]
    assert sorted(lines[:2]) == ["1. **Ana", "1. **Ben"]
    assert lines[2] == "3. **Chi"


async def test_nobody_has_points_yet(study):
    ana = study.person("Ana")
    await ana.uses("/leaderboard")
    assert ana.sees("No points yet this week. The next question could be yours.")
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
        for number in range(5):
            await world.person(f"Next {number}").answers(quiz_of(world), right=False)
        await world.passes(days=1)
        await eve.uses("/leaderboard")
        assert eve.sees("You: 4. **Eve** 1 point")
        assert not eve.sees("Dora")
        ana = world.person("Ana")
        await ana.uses("/leaderboard")
        assert not ana.sees("You:")


async def test_the_list_ends_where_the_settings_say_and_a_stranger_has_no_row(tmp_path):
    async with world_at(tmp_path, leaderboard_size=3) as world:
        await world.founds()
        await world.passes(minutes=31)
        for number in range(7):
            await world.person(f"P{number}").answers(quiz_of(world))
        await world.passes(days=1)
        zoe = world.person("Zoe")
        await zoe.uses("/leaderboard")
        assert zoe.shown().count("3 points") == 3
        assert zoe.sees("and 4 more with as many points")
        assert not zoe.sees("You:")


@pytest.mark.parametrize(
    ("equals", "named", "counted"), [(3, 3, 0), (4, 4, 0), (6, 6, 0), (7, 3, 4), (1203, 3, 1200)]
)
async def test_equals_are_named_or_counted_and_never_cut(equals, named, counted):
    board = [Standing(1, number, f"P{number}", 3, 1, 1) for number in range(equals)]
    rows, more = cut(board[: 3 + NAMED_TOO], 3, equals)
    assert (len(rows), more) == (named, counted)
    shown = words(leaderboard_message(Period.ALL, rows, None, more))
    assert (f"and {counted:,} more with as many points" in shown) == bool(counted)
    assert sum("3 points" in line for line in shown.splitlines()) == named


async def test_who_joined_first_is_not_always_named_first_among_equals(tmp_path):
    async with world_at(tmp_path, leaderboard_size=3) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        for number in range(12):
            await world.person(f"P{number:02}").answers(quiz_of(world))
        await world.passes(days=1)
        named = set()
        zoe = world.person("Zoe")
        for period in ("week", "month", "all"):
            await zoe.uses("/leaderboard", period=period)
            named |= {line.split("**")[1] for line in zoe.shown().splitlines() if "3 points" in line}
        assert named - {"P00", "P01", "P02"}


async def test_week_month_and_all_time_are_told_apart(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await study.days_pass(7)
    await ana.uses("/leaderboard")
    assert ana.sees("Leaderboard · This week")
    assert ana.sees("No points yet this week.")
    await ana.presses("This month")
    assert ana.sees("Leaderboard · This month")
    assert ana.sees("**Ana** 3 points")
    await study.days_pass(30)
    await ana.uses("/leaderboard", period="month")
    assert ana.sees("No points yet this month.")
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
    await study.passes(days=1)
    ben = study.person("Ben", channel="second")
    await ben.uses("/leaderboard")
    assert ben.sees("No points yet this week.")


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
        ("\u05e0\u05d5\u05e2\u05d4", "\u2068\u05e0\u05d5\u05e2\u05d4\u2069"),
        ("1. x", r"1\. x"),
    ],
)
async def test_a_name_is_text_and_never_markup(study, name, escaped):
    eve = study.person("Eve")
    eve.name = name
    await eve.answers(quiz_of(study))
    await study.passes(days=1)
    await eve.uses("/leaderboard")
    assert f"1\\. **{escaped}** 3 points" in markdown(eve.last.message)


async def test_the_buttons_carry_the_period_and_nothing_else(study):
    ana = study.person("Ana")
    await ana.uses("/leaderboard")
    assert [decode(item.action).params for item in items_of(ana.last.message)] == [
        {"period": "month"},
        {"period": "all"},
    ]


async def test_the_line_on_points_says_what_an_answer_and_each_act_earn():
    half = points_of_answer(0.5)
    assert SCORING.startswith(f"Points: right {RIGHT}, at least half right {half}, tried {WRONG}, prompt ")
    acts = (ActivityKind.PROMPT_DONE, ActivityKind.PROMPT_REPLY, ActivityKind.SUBMISSION)
    done, reply, project = (POINTS_OF_ACT[act] for act in acts)
    assert f"prompt {done}, reply {reply}, project {project}." in SCORING
