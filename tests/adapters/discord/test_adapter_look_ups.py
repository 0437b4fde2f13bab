"""Look-ups on Discord for what members do: only for those who may do it, within their allowance."""

import asyncio

import pytest

from bot.allowance import AT_ONCE
from tests.adapters.discord.wired import study
from tests.loopback.discord.permissions import VIEW_CHANNEL
from tests.loopback.discord.world import THREAD, Channel

pytestmark = pytest.mark.asyncio

ORGANISERS_ONLY = "Only organisers can do that here."
PATIENCE = "Slowly, please."
NOWHERE = "123456789012345678"
ASKED = AT_ONCE + 5
"""Commands at once: no more than a busy machine answers in the three seconds that Discord waits."""


def read(shown):
    """The words as they are read: a backslash is not seen."""
    return shown.text.replace("\\", "")


def asked_of(server, since):
    """The requests for something of Discord's after the first so many."""
    return [sent for sent in server.requests[since:] if sent.method == "GET"]


def hidden_channel(server, guild):
    """A channel that the bot can't see."""
    hidden = server.channel(guild, "hidden")
    hidden.overwrites[guild.id] = (0, VIEW_CHANNEL)
    hidden.deny(VIEW_CHANNEL, guild.roles[server.bot_in(guild).roles[0]])
    return hidden


def thread_in(server, channel):
    return server.add_channel(Channel(server.ids.new(), "talk", THREAD, channel.guild, channel))


async def test_nothing_is_asked_for_whoever_may_not_use_the_command(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        server = wired.server
        eve, role = server.member("Eve", channel.guild), server.role(channel.guild, "Gold")
        thread = thread_in(server, channel)
        before = len(server.requests)
        shown = []
        for n in range(30):
            place = thread if n % 2 else channel
            shown.append(await eve.uses(place, "study reward", {"role": role, "days": "7"}))
            shown.append(await eve.uses(place, "study move", {"channel": str(channel.id)}))
        assert asked_of(server, before) == []
        assert [read(each) for each in shown[:AT_ONCE]] == [ORGANISERS_ONLY] * AT_ONCE
        assert all(PATIENCE in read(each) for each in shown[AT_ONCE:])


async def test_nothing_is_asked_for_a_stranger_in_a_direct_conversation(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        server = wired.server
        eve = server.member("Eve", server.guild("Another server"))
        hidden = hidden_channel(server, channel.guild)
        before = len(server.requests)
        for _ in range(50):
            shown = await eve.uses(eve.inbox, "study move", {"channel": str(hidden.id)})
        assert asked_of(server, before) == []
        assert PATIENCE in read(shown)


async def test_an_organiser_has_no_more_asked_than_they_may_do(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        server = wired.server
        hidden = hidden_channel(server, channel.guild)
        wired.clock.advance(minutes=5)
        before = len(server.requests)
        shown = await asyncio.gather(
            *(olga.uses(channel, "study move", {"channel": str(hidden.id)}) for _ in range(ASKED))
        )
        assert len(asked_of(server, before)) == AT_ONCE
        assert sum("I can't find that channel" in read(each) for each in shown) == AT_ONCE
        assert sum(PATIENCE in read(each) for each in shown) == ASKED - AT_ONCE


async def test_a_member_is_told_the_same_of_every_channel(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        server, guild = wired.server, channel.guild
        eve = server.member("Eve", guild)
        plans = server.channel(server.guild("Secret club"), "plans")
        named = [str(place.id) for place in (channel, plans, hidden_channel(server, guild))]
        for name in (*named, NOWHERE, "nonsense"):
            assert read(await eve.uses(channel, "study move", {"channel": name})) == ORGANISERS_ONLY


async def test_what_discord_does_not_tell_now_is_not_called_absent(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        other = wired.server.channel(channel.guild, "other")
        wired.server.faults.add(method="GET", path=f"/channels/{other.id}", status=404, times=9)
        shown = await olga.uses(channel, "study move", {"channel": str(other.id)})
        assert read(shown) == "Discord isn't telling me about that channel. Please try again in a moment."
