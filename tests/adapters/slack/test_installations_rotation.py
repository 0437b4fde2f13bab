"""Tokens that end after twelve hours, over the wire: exchanged before they are needed, once, and kept."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.adapters.slack.wired import many, running
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

HOURS = 3600


@asynccontextmanager
async def rotating(folder):
    """A group in a workspace whose tokens end, an hour before its post: (wired, channel, Olga)."""
    clock = FakeClock()

    def seconds():
        return clock.now().timestamp()

    async with LoopbackSlack(clock=seconds, now=seconds, limited=False, rotation=True) as server:
        team = server.team("Berlin", installed=False)
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        async with running(folder, server, team, clock, mode=many) as wired:
            await wired.installed(olga)
            await wired.founds(channel, olga)
            yield wired, channel, olga


def exchanges(wired):
    """Tokens that were asked for with a refresh token."""
    return [call for call in wired.server.called("oauth.v2.access") if "refresh_token" in call.args]


async def exchanged(wired):
    """Wait for the exchange that goes on beside everything else."""
    await wired.application.adapters["slack"]._teams._asking.finish(5)


def posts(wired, channel):
    return [m for m in wired.server.messages(channel) if m.only is None and m.blocks]


def refused(wired):
    return [call.method for call in wired.server.calls if call.error == "token_expired"]


async def test_a_scheduled_post_finds_a_token_that_holds(tmp_path):
    async with rotating(tmp_path) as (wired, channel, _):
        await wired.passes(hours=25)
        assert len(posts(wired, channel)) == 1
        assert len(exchanges(wired)) == 1
        assert refused(wired) == []
        await wired.passes(days=3)
        assert len(posts(wired, channel)) == 2
        assert len(exchanges(wired)) == 2


async def test_a_click_does_as_well_and_none_is_asked_for_too_early(tmp_path):
    async with rotating(tmp_path) as (wired, channel, olga):
        wired.clock.advance(seconds=10 * HOURS)
        await olga.uses(channel, "/streak")
        assert exchanges(wired) == []
        wired.clock.advance(seconds=1)
        await olga.uses(channel, "/streak")
        await olga.uses(channel, "/streak")
        await exchanged(wired)
        assert len(exchanges(wired)) == 1
        assert refused(wired) == []


async def test_nobody_waits_for_a_new_token_while_the_old_one_holds(tmp_path):
    async with rotating(tmp_path) as (wired, channel, olga):
        fault = wired.server.faults.add(method="oauth.v2.access", held=True)
        wired.clock.advance(hours=11)
        for _ in range(3):
            assert (await olga.uses(channel, "/streak")).text
        assert not wired.server.late
        fault.release()
        await exchanged(wired)
        wired.clock.advance(hours=2)
        assert (await olga.uses(channel, "/streak")).text
        assert [call.error for call in exchanges(wired)] == [None]


async def test_many_at_once_ask_for_one(tmp_path):
    async with rotating(tmp_path) as (wired, channel, _):
        people = [wired.server.member(f"Member {n}", channel.team) for n in range(12)]
        wired.clock.advance(hours=13)
        shown = await asyncio.gather(*(person.uses(channel, "/streak") for person in people))
        assert all(outcome.text for outcome in shown)
        assert len(exchanges(wired)) == 1
        assert refused(wired) == []


async def test_the_new_token_is_known_after_a_restart(tmp_path):
    async with rotating(tmp_path) as (wired, channel, olga):
        wired.clock.advance(hours=13)
        await olga.uses(channel, "/streak")
        await wired.application.adapters["slack"].stop()
        async with running(tmp_path, wired.server, olga.team, wired.clock, mode=many) as again:
            await again.passes(hours=12)
            assert len(posts(again, channel)) == 1
            assert [call.error for call in exchanges(wired)] == [None, None]
        assert wired.rows("SELECT count(*) FROM platform_state") == [(1,)]


async def test_a_token_that_still_holds_is_used_while_slack_gives_no_new_one(tmp_path):
    async with rotating(tmp_path) as (wired, channel, olga):
        wired.server.faults.add(method="oauth.v2.access", status=503)
        wired.clock.advance(hours=11)
        for _ in range(3):
            assert (await olga.uses(channel, "/streak")).text
            await exchanged(wired)
        assert len(exchanges(wired)) == 1
        wired.clock.advance(minutes=2)
        await olga.uses(channel, "/streak")
        await exchanged(wired)
        assert [call.error for call in exchanges(wired)][-1] is None
        assert refused(wired) == []


async def test_a_workspace_whose_token_is_lost_for_good_is_told_and_can_install_anew(tmp_path):
    async with rotating(tmp_path) as (wired, channel, olga):
        wired.server.faults.add(method="oauth.v2.access", reset=True, acted=True)
        wired.clock.advance(hours=11)
        assert (await olga.uses(channel, "/streak")).text
        await exchanged(wired)
        wired.clock.advance(hours=2)
        await wired.passes(hours=12)
        assert posts(wired, channel) == []
        assert ("failed",) in wired.rows("SELECT state FROM post")
        assert (await wired.installed(olga))[0] == 200
        await wired.passes(days=1)
        assert len(posts(wired, channel)) == 1


async def test_an_exchange_is_finished_though_nobody_waits_for_it(tmp_path):
    async with rotating(tmp_path) as (wired, channel, olga):
        wired.clock.advance(hours=13)
        adapter = wired.application.adapters["slack"]
        asking = asyncio.create_task(adapter._teams.of(olga.team.id))
        await asyncio.sleep(0)
        asking.cancel()
        await adapter.stop()
        assert [call.error for call in exchanges(wired)] == [None]
        async with running(tmp_path, wired.server, olga.team, wired.clock, mode=many) as again:
            await again.passes(hours=13)
            assert len(posts(again, channel)) == 1
