"""Permissions of Discord that go with a denied one, and those that a time-out leaves."""

import datetime as dt

import pytest

from bot.chat import Denied, Purpose
from tests.adapters.discord.test_inbound import native, payload, read
from tests.adapters.discord.test_roles import first_question
from tests.adapters.discord.test_roles import read as words
from tests.adapters.discord.test_roles_powers import gives, mentions, own_role, why_now
from tests.adapters.discord.wired import study
from tests.loopback.discord.permissions import (
    ADMINISTRATOR,
    MANAGE_GUILD,
    MANAGE_ROLES,
    MENTION_EVERYONE,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)

LEADS = MANAGE_GUILD | MANAGE_ROLES | MENTION_EVERYONE
LATER, EARLIER = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2999, 2000))


def led(folder):
    """A study whose organiser may give and mention roles."""
    return study(folder, permissions=LEADS, position=4)


def let_mention(wired, guild):
    """The bot itself may mention every role."""
    guild.roles[wired.server.bot_in(guild).roles[0]].permissions |= MENTION_EVERYONE


@pytest.mark.asyncio
@pytest.mark.parametrize("denied", [VIEW_CHANNEL, SEND_MESSAGES])
@pytest.mark.parametrize("mentionable", [True, False])
async def test_who_may_not_see_or_write_mentions_nobody(tmp_path, denied, mentionable):
    async with led(tmp_path) as (wired, channel, olga):
        let_mention(wired, channel.guild)
        role = wired.server.role(channel.guild, "Class", mentionable=mentionable)
        assert "now mention" in words(await mentions(olga, channel, role))
        channel.deny(denied, own_role(olga))
        assert await why_now(wired, channel, olga, role, Purpose.MENTION) is Denied.MAY_NOT
        assert (await first_question(wired, channel)).pinged == set()


@pytest.mark.asyncio
@pytest.mark.parametrize("purpose", Purpose)
async def test_who_is_timed_out_gives_and_mentions_nothing_until_it_is_over(tmp_path, purpose):
    async with led(tmp_path) as (wired, channel, olga):
        let_mention(wired, channel.guild)
        role = wired.server.role(channel.guild, "Gold", mentionable=True)
        found = []
        for until in (None, LATER, EARLIER):
            olga.member.timed_out_until = until
            found.append(await why_now(wired, channel, olga, role, purpose))
        assert found == [None, Denied.MAY_NOT, None]
        olga.member.timed_out_until = LATER
        for act in (gives, mentions):
            assert "Only organisers" in words(await act(olga, channel, role))
        own_role(olga).permissions = ADMINISTRATOR
        assert await why_now(wired, channel, olga, role, purpose) is None
        own_role(olga).permissions, channel.guild.owner_id = 0, olga.id
        assert await why_now(wired, channel, olga, role, purpose) is None


@pytest.mark.parametrize(
    ("name", "until", "admin"),
    [
        ("command_of_a_manager", LATER, False),
        ("command_of_a_manager", EARLIER, True),
        ("command_of_an_administrator", LATER, True),
    ],
)
def test_a_time_out_takes_an_organisers_power_from_all_but_administrators(name, until, admin):
    member = payload(name)["member"] | {"communication_disabled_until": until.isoformat()}
    assert read(native(name, member=member)).origin.is_admin is admin
