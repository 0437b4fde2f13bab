"""A role that the bot gives or mentions is one that its chooser may give or mention: tested bit by bit."""

import asyncio

import pytest

from bot.chat import ChannelRef, Denied, Purpose, UserRef
from tests.adapters.discord.test_roles import acts_on, answers, first_question, letters, read
from tests.adapters.discord.wired import study
from tests.loopback.discord.permissions import ADMINISTRATOR, MANAGE_GUILD, MANAGE_ROLES, MENTION_EVERYONE

pytestmark = pytest.mark.asyncio

BITS = range(64)
HARMLESS = frozenset(
    {
        0,
        6,
        9,
        10,
        11,
        12,
        14,
        15,
        16,
        18,
        20,
        21,
        25,
        26,
        31,
        32,
        35,
        36,
        37,
        38,
        39,
        42,
        43,
        44,
        45,
        46,
        48,
    }
    | {49, 50}
)
"""Written down once more, by the numbers of Discord's documentation."""

LEADS = MANAGE_GUILD | MANAGE_ROLES
CHOSEN = "SELECT mention_role, reward_role FROM study_group"


def led(folder, permissions=LEADS, position=4):
    """A study whose organiser has these permissions, in a role below the bot's."""
    return study(folder, permissions=permissions, position=position)


async def gives(person, channel, role):
    return await person.uses(channel, "study reward", {"role": role, "days": "2"})


async def mentions(person, channel, role):
    return await person.uses(channel, "study mention", {"role": role})


def own_role(person):
    return person.member.guild.roles[person.roles[0]]


async def why_now(wired, channel, person, role, purpose):
    """Reason that Discord's state gives for a denial at this moment, or None; read before each act."""
    place = ChannelRef("discord", str(channel.guild.id), str(channel.id))
    user = UserRef("discord", "discord", str(person.id))
    denial = await wired.adapter.denial(place, user, str(role.id), purpose)
    return denial.reason if denial else None


async def test_only_roles_without_power_are_given_whatever_bit_they_have(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        role = wired.server.role(channel.guild, "Gold")
        taken, before_acts = set(), set()
        for bit in BITS:
            wired.clock.advance(seconds=1)
            role.permissions = 1 << bit
            shown = await gives(olga, channel, role)
            if "Members with a 2-day streak get “Gold”" in read(shown):
                taken.add(bit)
            else:
                assert "gives power over others or over the place" in read(shown), (bit, read(shown))
            if await why_now(wired, channel, olga, role, Purpose.GIVE) is None:
                before_acts.add(bit)
        assert taken == before_acts == HARMLESS
        shown = await gives(olga, channel, role)
        assert "(Permission 63)" in read(shown)


async def test_only_who_may_manage_roles_gives_one_whatever_bit_they_have(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        role, own = wired.server.role(channel.guild, "Gold"), own_role(olga)
        may, refused = set(), set()
        for bit in BITS:
            wired.clock.advance(seconds=1)
            own.permissions = MANAGE_GUILD | 1 << bit
            shown = await gives(olga, channel, role)
            (may if "get “Gold”" in read(shown) else refused).add(bit)
            assert (bit in may) is (await why_now(wired, channel, olga, role, Purpose.GIVE) is None)
        assert {1 << bit for bit in may} == {ADMINISTRATOR, MANAGE_ROLES}
        assert len(refused) == 62
        own.permissions = MANAGE_GUILD
        shown = await gives(olga, channel, role)
        assert read(shown).startswith("You aren't allowed to give roles here, so I can't do it for you.")


async def test_a_role_is_mentioned_for_whom_it_could_be_mentioned_by_whatever_bit_they_have(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        role, own = wired.server.role(channel.guild, "Class"), own_role(olga)
        bot = channel.guild.roles[wired.server.bot_in(channel.guild).roles[0]]
        bot.permissions |= MENTION_EVERYONE
        may = set()
        for bit in BITS:
            wired.clock.advance(seconds=1)
            own.permissions = MANAGE_GUILD | 1 << bit
            shown = await mentions(olga, channel, role)
            if "now mention “Class”" in read(shown):
                may.add(1 << bit)
            else:
                assert "You aren't allowed to mention “Class”" in read(shown)
        assert may == {ADMINISTRATOR, MENTION_EVERYONE}
        own.permissions, role.mentionable = MANAGE_GUILD, True
        shown = await mentions(olga, channel, role)
        assert "now mention “Class”" in read(shown)


async def test_what_a_channel_takes_or_gives_counts_for_mentions_and_not_for_giving(tmp_path):
    async with led(tmp_path, LEADS | MENTION_EVERYONE) as (wired, channel, olga):
        role, own = wired.server.role(channel.guild, "Class"), own_role(olga)
        bot = channel.guild.roles[wired.server.bot_in(channel.guild).roles[0]]
        bot.permissions |= MENTION_EVERYONE
        assert "now mention" in read(await mentions(olga, channel, role))
        channel.deny(MENTION_EVERYONE, own)
        assert "You aren't allowed to mention" in read(await mentions(olga, channel, role))
        own.permissions = MANAGE_GUILD
        channel.overwrites[olga.id] = (MANAGE_ROLES | MENTION_EVERYONE, 0)
        assert "now mention" in read(await mentions(olga, channel, role))
        # Discord's event says that she has "Manage Roles", which is about the channel alone.
        assert "You aren't allowed to give roles" in read(await gives(olga, channel, role))


async def test_a_role_that_a_channel_gives_power_is_powerful(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        role = wired.server.role(channel.guild, "Gold")
        other = wired.server.channel(channel.guild, "staff")
        other.overwrites[role.id] = (1 << 10, 0)
        assert "get “Gold”" in read(await gives(olga, channel, role))
        other.overwrites[role.id] = (1 << 13, 0)
        assert "(Manage Messages)" in read(await gives(olga, channel, role))
        assert await why_now(wired, channel, olga, role, Purpose.GIVE) is Denied.POWERFUL


@pytest.mark.parametrize(
    ("position", "owner", "told"),
    [
        (3, False, "get “Gold”"),
        (4, False, "isn't below your highest role"),
        (4, True, "get “Gold”"),
        (5, False, "isn't below your highest role"),
        (5, True, "isn't below my own highest role. Move my role above it"),
        (9, True, "isn't below my own highest role"),
    ],
)
async def test_roles_rank_below_the_one_who_chooses_and_below_the_bot(tmp_path, position, owner, told):
    async with led(tmp_path) as (wired, channel, olga):
        role = wired.server.role(channel.guild, "Gold", position=position)
        channel.guild.owner_id = olga.id if owner else 1
        assert told in read(await gives(olga, channel, role))


async def test_managed_roles_and_what_the_bot_may_not_do_are_refused(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        server, guild = wired.server, channel.guild
        role, own = server.role(guild, "Booster"), guild.roles[server.bot_in(guild).roles[0]]
        role.managed = True
        assert "is managed by an app or by the chat itself" in read(await gives(olga, channel, role))
        role.managed = False
        own.permissions &= ~MANAGE_ROLES
        assert "I'm not allowed to give roles here." in read(await gives(olga, channel, role))
        own_role(olga).permissions |= MENTION_EVERYONE
        assert "I'm not allowed to mention “Booster”" in read(await mentions(olga, channel, role))
        assert wired.rows(CHOSEN) == [("", "")]


async def test_who_is_only_named_neither_gives_nor_mentions_nor_switches_off(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        role = wired.server.role(channel.guild, "Gold", mentionable=True)
        eve = wired.server.member("Eve", channel.guild)
        await olga.uses(channel, "study organiser", {"member": eve})
        await gives(olga, channel, role)
        before = wired.rows(CHOSEN)
        for command, options in (
            ("study reward", {"role": role, "days": "2"}),
            ("study mention", {"role": role}),
            ("study reward", {}),
            ("study mention", {}),
        ):
            shown = await eve.uses(channel, command, options)
            assert read(shown).startswith("Only admins can choose which role to mention or give")
            direct = await eve.uses(eve.inbox, command, {})
            assert read(direct).startswith("Please use this command in the group's channel")
        assert wired.rows(CHOSEN) == before


async def gains_power(wired, channel, olga, role):
    role.permissions = ADMINISTRATOR
    return "it now gives power over others or over the place (Administrator); change that or choose another"


async def gains_power_in_a_channel(wired, channel, olga, role):
    wired.server.channel(channel.guild, "staff").overwrites[role.id] = (1 << 28, 0)
    return "it now gives power over others or over the place (Manage Roles); change that or choose another"


async def becomes_managed(wired, channel, olga, role):
    role.managed = True
    return "it's now managed by an app or by the chat itself; choose another role with /study reward."


async def rises(wired, channel, olga, role):
    role.position = 4
    return "it's no longer below the highest role of the person who chose it; an admin who may give it"


async def loses_the_right(wired, channel, olga, role):
    own_role(olga).permissions = MANAGE_GUILD
    return "the person who chose it is no longer allowed to give it; an admin who may give it can turn it"


async def is_demoted(wired, channel, olga, role):
    own_role(olga).permissions = MANAGE_ROLES
    return "the person who chose it is no longer an admin; an admin who may give it can turn it back on"


async def leaves(wired, channel, olga, role):
    del channel.guild.members[olga.id]
    return "the person who chose it has left; an admin who may give it can turn it back on with"


@pytest.mark.parametrize(
    "change",
    [gains_power, gains_power_in_a_channel, becomes_managed, rises, loses_the_right, is_demoted, leaves],
)
async def test_a_reward_that_could_no_longer_be_chosen_is_given_to_nobody_and_told_once(tmp_path, change):
    async with led(tmp_path) as (wired, channel, olga):
        server, guild = wired.server, channel.guild
        people = [server.member(name, guild) for name in ("Ana", "Ben")]
        role = server.role(guild, "Gold")
        await gives(olga, channel, role)
        told = await change(wired, channel, olga, role)
        await first_question(wired, channel)
        for _ in range(3):
            for person in people:
                await answers(wired, channel, person)
            await wired.passes(days=1)
        assert [person.roles for person in people] == [[], []]
        assert server.requested("PUT", str(role.id)) == []
        (letter,) = letters(olga)
        assert letter.startswith("I've stopped giving “Gold” for streaks because ")
        assert told in letter
        assert letter.count(".") == 1
        for _ in range(4):  # the streaks end: nothing is taken from those who have it from somebody else
            await wired.passes(days=1)
        assert server.requested("DELETE", str(role.id)) == []


async def test_a_reward_is_given_again_once_it_is_chosen_anew(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        ana, role = wired.server.member("Ana", channel.guild), wired.server.role(channel.guild, "Gold")
        await gives(olga, channel, role)
        role.permissions = ADMINISTRATOR
        await acts_on(wired, channel, ana, 2)
        assert ana.roles == []
        shown = await olga.uses(channel, "study status")
        assert "Gold after 2 days (stopped because it now gives power over others" in read(shown)
        assert "gives power" in read(await gives(olga, channel, role))
        role.permissions = 0
        await wired.passes(seconds=1)
        assert ana.roles == []
        await gives(olga, channel, role)
        await wired.passes(seconds=1)
        assert ana.roles == [role.id]


async def test_who_has_the_role_keeps_it_while_the_streak_lasts_and_loses_it_after(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        ana, ben = (wired.server.member(name, channel.guild) for name in ("Ana", "Ben"))
        role = wired.server.role(channel.guild, "Gold")
        await gives(olga, channel, role)
        await acts_on(wired, channel, ana, 2)
        assert ana.roles == [role.id]
        own_role(olga).permissions = MANAGE_GUILD
        for _ in range(2):
            await wired.passes(days=1)
            await answers(wired, channel, ana)
            await answers(wired, channel, ben)
        assert (ana.roles, ben.roles) == ([role.id], [])
        for _ in range(5):
            await wired.passes(days=1)
        assert ana.roles == []


async def no_longer_mentionable(wired, channel, olga, role):
    role.mentionable = False
    return "the person who chose it is no longer allowed to mention it"


async def deleted(wired, channel, olga, role):
    del channel.guild.roles[role.id]
    return "it no longer exists; choose another role with /study mention."


@pytest.mark.parametrize("change", [no_longer_mentionable, deleted, is_demoted, leaves])
async def test_a_role_that_could_no_longer_be_chosen_is_not_mentioned_and_told_once(tmp_path, change):
    async with led(tmp_path) as (wired, channel, olga):
        guild = channel.guild
        bot = guild.roles[wired.server.bot_in(guild).roles[0]]
        bot.permissions |= MENTION_EVERYONE
        role = wired.server.role(guild, "Class", mentionable=True)
        await mentions(olga, channel, role)
        assert (await first_question(wired, channel)).pinged == {role.id}
        told = await change(wired, channel, olga, role)
        for _ in range(3):
            await wired.passes(days=1)
            assert wired.posts(channel)[-1].pinged == set()
            assert f"<@&{role.id}>" not in wired.posts(channel)[-1].text
        assert len(wired.posts(channel)) == 4
        (letter,) = letters(olga)
        assert letter.startswith("I've stopped mentioning “Class” because ")
        assert (
            told.replace("may give it", "may mention it").replace("/study reward", "/study mention")
            in letter
        )


async def test_who_ask_at_once_share_an_answer_and_who_ask_later_do_not(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        role, path = wired.server.role(channel.guild, "Gold"), f"/guilds/{channel.guild.id}"
        asked = [why_now(wired, channel, olga, role, Purpose.GIVE) for _ in range(20)]
        assert await asyncio.gather(*asked) == [None] * 20
        assert len(wired.server.requested("GET", path)) == 1
        role.permissions = ADMINISTRATOR
        assert await why_now(wired, channel, olga, role, Purpose.GIVE) is Denied.POWERFUL
        assert len(wired.server.requested("GET", path)) == 2


async def test_while_discord_does_not_answer_nobody_chooses_and_nothing_is_given(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        role = wired.server.role(channel.guild, "Gold")
        wired.server.faults.add(method="GET", path=f"/guilds/{channel.guild.id}", status=403, times=9)
        shown = await gives(olga, channel, role)
        assert "Discord isn't telling me whether you may use that role." in read(shown)
        assert wired.rows(CHOSEN) == [("", "")]
