"""Two workers on one PostgreSQL, for many workspaces: what one does with a token the other finds."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.adapters.slack.wired import many, running
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def two(folder, url):
    """Two workers that both know a workspace with a group: (one, other, channel, Olga)."""
    clock = FakeClock()

    def seconds():
        return clock.now().timestamp()

    async with LoopbackSlack(clock=seconds, now=seconds, limited=False, rotation=True) as server:
        team = server.team("Berlin", installed=False)
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        async with (
            running(folder, server, team, clock, mode=many, database_url=url) as other,
            running(folder, server, team, clock, mode=many, database_url=url) as one,
        ):
            await one.installed(olga)
            await one.founds(channel, olga)
            for each in (one, other):
                await teams(each).of(team.id)
            yield one, other, channel, olga


def teams(worker):
    return worker.application.adapters["slack"]._teams


def exchanges(worker):
    return [call.error for call in worker.server.called("oauth.v2.access") if "refresh_token" in call.args]


def posts(worker, channel):
    return [m for m in worker.server.messages(channel) if m.only is None and m.blocks]


async def groups(worker):
    return await worker.application.database.read(lambda unit: unit.groups.all())


async def test_a_token_that_one_has_exchanged_serves_the_other(server_url, tmp_path):
    async with two(tmp_path, server_url) as (one, other, channel, olga):
        one.clock.advance(hours=13)
        await teams(one).of(olga.team.id)
        await teams(other).of(olga.team.id)
        assert exchanges(one) == [None]
        await other.passes(hours=12)
        assert len(posts(other, channel)) == 1
        await one.passes(hours=25)
        assert len(posts(one, channel)) == 2
        assert set(exchanges(one)) == {None}
        assert [call.error for call in one.server.calls if call.error] == []


async def test_who_is_second_with_an_exchange_takes_what_the_first_got(server_url, tmp_path):
    async with two(tmp_path, server_url) as (one, other, _, olga):
        one.clock.advance(hours=13)
        exchange = teams(other)._exchanged

        async def after_the_other(bot):
            await teams(one).of(olga.team.id)
            return await exchange(bot)

        teams(other)._exchanged = after_the_other
        found = await teams(other).of(olga.team.id)
        assert exchanges(one) == [None, "invalid_refresh_token"]
        assert (
            found.client.token == (await teams(one).of(olga.team.id)).client.token == olga.team.grant.token
        )


async def test_a_new_installation_that_one_has_seen_is_not_erased_by_the_other(server_url, tmp_path):
    async with two(tmp_path, server_url) as (one, other, channel, olga):
        old = olga.team.grant.token
        one.clock.advance(minutes=1)
        await one.installed(olga)
        one.server.grants[old].revoked = True
        await other.passes(hours=2)
        await asyncio.gather(*(teams(each)._asking.finish(5) for each in (one, other)))
        assert await teams(other).installed() == {olga.team.id}
        assert [group.paused_at for group in await groups(other)] == [None]
        await other.passes(days=1)
        assert posts(other, channel)
