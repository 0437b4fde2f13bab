"""Projects: at the end of a step, when the prompts have opened what it needs, once a lap."""

import datetime as dt
from itertools import cycle, islice, pairwise

import pytest

from bot.domain.model import PostedContent, PostKind, PostState
from bot.domain.projects import due_project, lap_of, project_asked_for, project_here, project_in_turn
from content.model import Status
from tests.bot.domain.test_selection import TOPICS, a_challenge, a_pack, a_prompt
from tests.support.deliveries import ledger
from tests.support.helpers import CHALLENGE, PROMPT, first_project, last_day_of_first_project, library_with
from tests.support.people import MONDAY, shipped_library, words, world_at

pytestmark = pytest.mark.asyncio

DAY = dt.timedelta(days=1)
PACK = shipped_library().packs["backend-python"]


def had(topics, *, first=MONDAY, name="prompt"):
    """Served, newest first, one a day: prompts of topics, or projects of steps."""
    served = [
        PostedContent(topic, f"{topic}-{name}", asked=True, due_at=first + DAY * n)
        for n, topic in enumerate(topics)
    ]
    return served[::-1]


def two_steps(**changes):
    challenges = {"one": (a_challenge("one", needs="abc"),), "two": (a_challenge("two", needs="ade"),)}
    return a_pack(challenges=challenges | changes)


def due(pack, prompts, projects=(), coming=1):
    found = due_project(pack, lap_of(pack, had(prompts), projects), coming)
    return found and found.step


@pytest.mark.parametrize(
    ("prompts", "coming", "step"),
    [
        ("", 1, None),
        ("ab", 1, None),
        ("abc", 1, "one"),
        ("abc", 0, "one"),
        ("abcd", 1, "one"),
        ("abcdef", 1, "two"),
        ("abcdef", 9, "two"),
        ("abcde", 1, "one"),
        ("abcde", 2, "two"),
        ("a", 9, None),
    ],
)
async def test_a_project_comes_at_the_end_of_its_step_or_soon_after(prompts, coming, step):
    assert due(two_steps(), prompts, coming=coming) == step


async def test_a_project_comes_once_a_lap_and_again_in_the_next_one():
    pack, lap = two_steps(), "abc"
    one = had(["one"], first=MONDAY + 2.5 * DAY, name="project")
    assert due(pack, lap, one) is None
    assert due(pack, "abcdefab", one) is None
    assert due(pack, "abcdefabc", one) == "one"
    again = had(["one"], first=MONDAY + 8.5 * DAY, name="project")
    assert due(pack, "abcdefabc", [*again, *one]) is None


async def test_what_was_posted_before_the_first_prompt_is_of_the_first_lap():
    assert due(two_steps(), "abc", had(["one"], first=MONDAY - DAY, name="project")) is None


async def test_a_project_that_was_missed_comes_all_the_same():
    missed = [PostedContent("one", "one-project", asked=False, due_at=MONDAY + 3 * DAY)]
    assert due(two_steps(), "abc", missed) == "one"


@pytest.mark.parametrize(("opened", "step"), [("abcd", "one"), ("abc", None), ("abd", None)])
async def test_four_fifths_of_what_it_needs_must_be_open(opened, step):
    needs = ("a", "b", "c", "d", "e")
    pack = a_pack(challenges={"one": (a_challenge("one", needs=needs),)})
    assert due(pack, opened) == step


async def test_a_topic_that_no_prompt_can_open_is_not_waited_for():
    prompts = {topic: (a_prompt(topic),) for topic in TOPICS if topic != "b"}
    pack = a_pack(prompts=prompts, challenges={"one": (a_challenge("one", needs="abc"),)})
    assert due(pack, "ac") == "one"


async def test_a_step_without_a_project_gets_none():
    pack = a_pack(challenges={"two": (a_challenge("two", needs="d"),)})
    assert due(pack, "abc") is None
    assert due(pack, "abcdef") == "two"


async def test_who_asks_gets_the_one_that_fits_best():
    pack = two_steps()

    def asked_for(prompts, projects=()):
        found = project_asked_for(pack, lap_of(pack, had(prompts), projects))
        return found and found.step

    early = had(["one"], first=MONDAY - DAY, name="project")
    both = [*had(["two"], first=MONDAY + 5 * DAY, name="project"), *early]
    assert asked_for("") == "one"
    assert asked_for("", early) == "two"
    assert asked_for("abcd") == "one"
    assert asked_for("abcde") == "two"
    assert asked_for("abcdef", both) is None
    assert asked_for("abcdefa", both) == "one"


async def test_without_prompts_they_take_turns():
    pack = two_steps()
    assert project_in_turn(pack, []).step == "one"
    assert project_in_turn(pack, had(["one"], name="project")).step == "two"
    assert project_in_turn(pack, had(["one", "two"], name="project")).step == "one"
    assert project_in_turn(a_pack(), []) is None


def three_in_step_one():
    names = {"long": 7, "short": 2, "other": 5}
    return two_steps(one=tuple(a_challenge("one", name=name, hours=low) for name, low in names.items()))


async def test_each_lap_brings_the_project_of_a_step_that_came_least_recently_the_shortest_first():
    pack, projects = three_in_step_one(), []
    for lap in range(1, 5):
        found = due_project(pack, lap_of(pack, had("abcdef" * (lap - 1) + "abc"), projects), 1)
        at = MONDAY + DAY * (6 * lap - 4)
        projects.insert(0, PostedContent("one", found.id, asked=True, due_at=at))
        assert due_project(pack, lap_of(pack, had("abcdef" * (lap - 1) + "abc"), projects), 1) is None
    came = [project.content_id for project in reversed(projects)]
    assert came == ["one-short", "one-other", "one-long", "one-short"]


async def test_without_prompts_each_round_brings_another_project_of_a_step():
    pack, projects = three_in_step_one(), []
    for number in range(5):
        found = project_in_turn(pack, projects)
        projects.insert(0, PostedContent(found.step, found.id, asked=True, due_at=MONDAY + DAY * number))
    came = [project.content_id for project in reversed(projects)]
    assert came == ["one-short", "two-project", "one-other", "two-project", "one-long"]


async def test_the_project_here_stays_the_one_that_was_posted_until_the_next_step():
    pack, posted = three_in_step_one(), had(["one"], first=MONDAY + 2.5 * DAY, name="other")

    def here(prompts, projects):
        return project_here(pack, lap_of(pack, had(prompts), projects)).id

    assert here("ab", []) == "one-short"
    assert here("abc", posted) == "one-other"
    assert here("abcd", posted) == "two-project"
    assert here("abcdefa", posted) == "one-short"


async def test_a_project_that_was_retired_since_is_still_this_laps():
    pack = two_steps(one=(a_challenge("one", Status.RETIRED), a_challenge("one", name="new")))
    posted = had(["one"], first=MONDAY + 2.5 * DAY, name="project")
    assert due(pack, "abc", posted) is None
    assert project_in_turn(pack, []).id == "one-new"


def laps(prompts):
    """The prompts of a group cut into walks along the roadmap, by the numbers of their stops."""
    order = [topic.id for topic in PACK.topics]
    found = [[prompts[0]]]
    for before, after in pairwise(prompts):
        if order.index(after.topic) <= order.index(before.topic):
            found.append([])
        found[-1].append(after)
    return found


async def a_year(world, days):
    await world.founds(days=days)
    await world.slots_pass(days=365)
    prompts = await world.run(lambda unit: unit.posts.history(1, PostKind.PROMPT, 1000))
    projects = await world.run(lambda unit: unit.posts.history(1, PostKind.CHALLENGE, 1000))
    return prompts[::-1], projects[::-1]


@pytest.mark.parametrize("days", ["mon-fri", "daily", "mon,wed,fri"])
async def test_in_a_year_every_project_is_in_time_and_comes_once_a_lap(world, days):
    prompts, projects = await a_year(world, days)
    assert {post.state for post in projects} == {PostState.SENT}
    steps = [step.id for step in PACK.roadmap.steps]
    for number, lap in enumerate(laps(prompts)):
        ends = laps(prompts)[number + 1][0].due_at if number + 1 < len(laps(prompts)) else None
        of_lap = [p for p in projects if lap[0].due_at <= p.due_at and not (ends and p.due_at >= ends)]
        for post in of_lap:
            opened = [prompt.topic for prompt in lap if prompt.due_at <= post.due_at]
            challenge = PACK.challenge(post.content_id)
            needed = [topic for topic in challenge.prerequisites if topic in opened]
            assert len(needed) >= 0.8 * len(challenge.prerequisites), post.content_id
            here = PACK.step_of(opened[-1])
            assert here.id == challenge.step, post.content_id
            assert here.topics[-1].id == opened[-1], post.content_id
        came = [PACK.challenge(post.content_id).step for post in of_lap]
        assert came == (steps if ends else steps[: len(came)])
    assert len(laps(prompts)) >= 2
    assert await world.problems() == ()


async def test_an_organisers_own_days_still_bring_each_project_once_a_lap(world):
    olga = await world.founds()
    await olga.uses("/study schedule", kind="challenge", days="mon", time="09:00")
    await world.slots_pass(days=7 * 18)
    projects = await ledger(world, PostKind.CHALLENGE)
    prompts = await ledger(world, PostKind.PROMPT)
    steps = [step.id for step in PACK.roadmap.steps]
    assert [PACK.challenge(post.content_id).step for post in projects] == steps
    for post in projects:
        opened = {prompt.topic for prompt in prompts if prompt.due_at <= post.due_at}
        needed = PACK.challenge(post.content_id).prerequisites
        assert len(opened.intersection(needed)) >= 0.8 * len(needed)


async def test_a_group_without_prompts_gets_one_after_the_other(world):
    olga = await world.founds()
    await olga.uses("/study schedule", kind="prompt", time="off")
    await world.slots_pass(days=40)
    projects = await ledger(world, PostKind.CHALLENGE)
    steps = [step.id for step in PACK.roadmap.steps]
    in_turn = list(islice(cycle(steps), len(projects)))
    assert [PACK.challenge(post.content_id).step for post in projects] == in_turn
    assert len(projects) > 2
    for before, after in pairwise(projects):
        assert after.local_date >= before.local_date + DAY * PACK.challenge(before.content_id).days


async def test_a_pack_without_prompts_or_projects_does_no_harm(tmp_path):
    async with world_at(tmp_path, library=library_with(prompts={}, challenges={})) as world:
        olga = await world.founds()
        await world.slots_pass(days=14)
        assert world.channel_posts(about=CHALLENGE) == world.channel_posts(about=PROMPT) == []
        await olga.uses("/study post-now", kind="challenge")
        assert olga.sees("This roadmap has no project to post.")


async def test_slots_that_pass_leave_no_trace(study):
    olga = study.person("Olga", organiser=True)
    await study.days_pass(4)
    await olga.uses("/study status")
    assert not olga.sees("project challenge missed")
    assert await ledger(study, PostKind.CHALLENGE) == []


async def test_a_project_that_the_bot_slept_through_comes_at_the_next_chance(world):
    await world.founds(days="daily")
    await world.slots_pass(days=12)
    assert world.channel_posts(about=CHALLENGE) == []
    while (await ledger(world, PostKind.PROMPT))[-1].topic != PACK.roadmap.steps[0].topics[-1].id:
        await world.slots_pass(hours=1)
    await world.passes(days=1)
    (missed,) = await ledger(world, PostKind.CHALLENGE)
    assert missed.state is PostState.MISSED
    await world.slots_pass(hours=6)
    assert first_project("python-basics").title in words(world.newest(CHALLENGE).message)


async def test_an_organiser_may_ask_for_one_and_hears_that_it_runs(study):
    olga = study.person("Olga", organiser=True)
    title = first_project("python-basics").title
    await olga.uses("/study post-now", kind="challenge")
    assert olga.sees("Posting the project now.")
    await study.run_once()
    await study.passes(days=2)
    await olga.uses("/study post-now", kind="challenge")
    until = last_day_of_first_project(dt.date(2026, 3, 2))
    assert olga.sees(f"“{title}” is still running, until {until}.")
    await study.run_once()
    assert len(study.channel_posts(about=CHALLENGE)) == 1
    await study.passes(days=5)
    await olga.uses("/study post-now", kind="challenge")
    await study.run_once()
    assert len(study.channel_posts(about=CHALLENGE)) == 2
    assert title not in words(study.newest(CHALLENGE).message)


async def test_prompts_by_hand_bring_the_project_of_their_step(study):
    olga = study.person("Olga", organiser=True)
    for _ in PACK.roadmap.steps[0].topics[1:]:
        await olga.uses("/study post-now", kind="prompt")
        await study.passes(minutes=2)
    await study.slots_pass(hours=4)
    assert first_project("python-basics").title in words(study.newest(CHALLENGE).message)
