"""The databases that the bench grows: copies of a group are as Milepost would have written them."""

import pytest

from bench.environment import bench_env_on
from bench.history import evening, live, multiply, whereabouts
from bot.services.streaks import state_from_facts
from storage import verify

pytestmark = pytest.mark.asyncio
DAYS, SEATS, COPIES = 6, 4, 3


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'milepost.db'}"
    return request.getfixturevalue("server_url")


async def test_copies_have_facts_and_caches_that_agree(url):
    async with bench_env_on(url) as env:
        answers = await live(env, DAYS, SEATS)
        alone = await shown(env, 0)
    assert answers == 19, "each leaves every fifth day out"
    await multiply(url, COPIES)
    async with bench_env_on(url) as env:

        async def streak_of(member_id, unit):
            member = await unit.members.get(member_id)
            return (await state_from_facts(unit, member, env.settings, env.clock.now())).to_json()

        posts = await env.application.database.read(answers_and_acts)
        assert sum(given for given, _ in posts) == answers * COPIES
        assert all(given == acted for given, acted in posts), "an act names the post of its answer"
        assert await verify(env.application.database, streak_of) == ()
        assert [await shown(env, 0, copy) for copy in range(COPIES)] == [alone] * COPIES


async def answers_and_acts(unit):
    """Of each post."""
    learning, numbers = unit.learning, range(1, 4 * DAYS * COPIES)
    return [(await learning.count_answers(n), await learning.count_acts(n, "post")) for n in numbers]


async def shown(env, seat, copy=None):
    """Replies about a member's own progress; ``copy`` None is the member who was copied."""
    name, user, channel = whereabouts(seat, 0 if copy is None else copy)
    env.clock.jump_to(evening(DAYS))
    if copy is None:
        user, channel = user.removesuffix(":0"), channel.removesuffix(":0")
    commands = ("progress", "leaderboard", "streak")
    return [(await env.uses(name, user, channel, command)).blocks for command in commands]
