"""Roles and direct messages over the wire: called, given, taken back, refused; reminders."""

import pytest

from adapters.discord.adapter import CANNOT_CHANGE_ROLE
from tests.adapters.discord.wired import options_of, study
from tests.loopback.discord.permissions import MANAGE_GUILD, MANAGE_ROLES, MENTION_EVERYONE

pytestmark = pytest.mark.asyncio

OPEN = "Still open today"


def led(folder):
    """A study whose organiser may give roles, and stands above the bot."""
    return study(folder, permissions=MANAGE_GUILD | MANAGE_ROLES, position=8)


async def first_question(wired, channel):
    """Time passes until the first question is posted."""
    await wired.passes(hours=1, minutes=1)
    return wired.posts(channel)[-1]


async def answers(wired, channel, person):
    """Answer the newest question, which counts for the day."""
    post = wired.posts(channel)[-1]
    await person.presses(post, options_of(post)[0])
    await wired.passes(seconds=11)


async def acts_on(wired, channel, person, days):
    """Answer on so many days in a row, from the first question on."""
    await first_question(wired, channel)
    await answers(wired, channel, person)
    for _ in range(days - 1):
        await wired.passes(days=1)
        await answers(wired, channel, person)


async def rewards(channel, olga, role, days="2"):
    return await olga.uses(channel, "study reward", {"role": role, "days": days})


def may_mention_all(server, guild):
    """The bot's own role may mention every role, and everyone."""
    for number in server.bot_in(guild).roles:
        guild.roles[number].permissions |= MENTION_EVERYONE


def read(shown):
    """The words as they are read: a backslash is not seen."""
    return shown.text.replace("\\", "")


def letters(person):
    """Direct messages to a person, oldest first."""
    return [read(message) for message in person.sees(person.inbox)]


async def test_a_role_is_called_when_a_question_is_posted_and_not_when_it_changes(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        role = wired.server.role(channel.guild, "Evening class", mentionable=True)
        shown = await olga.uses(channel, "study mention", {"role": role})
        assert "now mention “Evening class”." in read(shown)
        post = await first_question(wired, channel)
        assert post.pinged == {role.id}
        await answers(wired, channel, wired.server.member("Ana", channel.guild))
        assert post.edits
        # Whoever was notified finds by what; nobody is notified again.
        assert f"<@&{role.id}>" in post.text
        assert post.allowed_mentions == {"parse": []}
        assert post.pinged == {role.id}
        shown = await olga.uses(channel, "study status")
        assert "**Posts mention** Evening class" in shown.text
        assert not wired.server.refused


async def test_a_role_that_nobody_may_mention_any_more_is_not_notified_and_harms_nothing(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        role = wired.server.role(channel.guild, "Evening class", mentionable=True)
        await olga.uses(channel, "study mention", {"role": role})
        role.mentionable = False
        post = await first_question(wired, channel)
        assert post.pinged == set()
        assert options_of(post)


async def test_nobody_else_is_notified_whatever_names_people_and_roles_have(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        server, guild = wired.server, channel.guild
        may_mention_all(server, guild)
        staff = server.role(guild, "Staff", mentionable=True)
        called = server.role(guild, f"<@&{staff.id}> @everyone", mentionable=True)
        ana = server.member(f"<@&{staff.id}> @everyone <@{olga.id}>", guild)
        shown = await olga.uses(channel, "study mention", {"role": called})
        await first_question(wired, channel)
        await answers(wired, channel, ana)
        await olga.uses(channel, "study schedule", {"kind": "recap", "time": "08:00", "days": "wed"})
        # Monday's question closes on Tuesday; the recap is Wednesday's first post, so it mentions the role.
        await wired.passes(days=1)
        await wired.passes(hours=23)
        recap = next(post for post in wired.posts(channel) if "review" in post.text)
        assert "everyone" in recap.text
        assert {number for post in wired.posts(channel) for number in post.pinged} == {called.id}
        assert recap.allowed_mentions["parse"] == []
        assert shown.message.allowed_mentions["parse"] == []


@pytest.mark.parametrize(
    ("command", "more"), [("study mention", {}), ("study reward", {"days": "2"})], ids=["mention", "reward"]
)
async def test_everybody_is_neither_called_nor_given(tmp_path, command, more):
    async with led(tmp_path) as (wired, channel, olga):
        shown = await olga.uses(channel, command, {"role": channel.guild.everyone, **more})
        assert shown.ephemeral
        assert "“@everyone” includes everyone, so I can't" in read(shown)
        assert wired.rows("SELECT mention_role, reward_role FROM study_group") == [("", "")]


async def test_a_role_is_given_at_the_days_and_taken_when_the_streak_is_over(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        ana, own = wired.server.member("Ana", channel.guild), list(olga.roles)
        role = wired.server.role(channel.guild, "On a streak")
        shown = await rewards(channel, olga, role, days="3")
        assert "get “On a streak”." in read(shown)
        await acts_on(wired, channel, ana, 2)
        assert ana.roles == []
        await wired.passes(days=1)
        await answers(wired, channel, ana)
        assert ana.roles == [role.id]
        shown = await olga.uses(channel, "study status")
        assert "**Streak reward** On a streak after 3 days" in shown.text
        await wired.passes(days=1)
        assert ana.roles == [role.id]
        for _ in range(3):
            await wired.passes(days=1)
        assert ana.roles == []
        assert olga.roles == own
        for verb in ("PUT", "DELETE"):
            assert len(wired.server.requested(verb, str(role.id))) == 1


async def above(role, _):
    role.position = 6


async def without_permission(_, own):
    own.permissions = 0x400 | 0x800


@pytest.mark.parametrize("spoil", [above, without_permission])
async def test_a_role_that_cannot_be_given_is_told_once_a_day_in_words_that_help(tmp_path, spoil):
    async with led(tmp_path) as (wired, channel, olga):
        server, guild = wired.server, channel.guild
        people = [server.member(name, guild) for name in ("Ana", "Ben")]
        role = server.role(guild, "On a streak")
        await rewards(channel, olga, role)
        await spoil(role, guild.roles[server.bot_in(guild).roles[0]])
        await first_question(wired, channel)
        for _ in range(2):
            for person in people:
                await answers(wired, channel, person)
            await wired.passes(days=1)
        (told,) = letters(olga)
        assert CANNOT_CHANGE_ROLE.rstrip(".") in told
        assert "moving my own role above it, then use /study reward again" in told
        assert "Attach Files" not in told
        assert [person.roles for person in people] == [[], []]
        tried = len(server.requested("PUT", str(role.id)))
        await wired.passes(hours=1)
        assert len(server.requested("PUT", str(role.id))) == tried
        assert len(wired.posts(channel)) == 3


async def test_a_role_that_was_out_of_reach_is_given_once_that_is_mended(tmp_path):
    async with led(tmp_path) as (wired, channel, olga):
        ana = wired.server.member("Ana", channel.guild)
        role = wired.server.role(channel.guild, "On a streak")
        await rewards(channel, olga, role)
        role.position = 6
        await acts_on(wired, channel, ana, 2)
        assert ana.roles == []
        role.position = 1
        await rewards(channel, olga, role)
        await wired.passes(seconds=1)
        assert ana.roles == [role.id]


async def is_reminded(wired, channel, ana):
    """Ana has joined on Monday and asked for a reminder; now it is Tuesday after nine."""
    await first_question(wired, channel)
    await answers(wired, channel, ana)
    shown = await ana.uses(channel, "preferences", {"reminder": "19:00"})
    assert "message you at 19" in shown.text
    await wired.passes(days=1)
    assert letters(ana) == []


async def test_a_reminder_comes_directly_and_the_question_is_answered_from_there(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        ana = wired.server.member("Ana", channel.guild)
        await is_reminded(wired, channel, ana)
        await wired.passes(hours=10)
        (reminder,) = ana.sees(ana.inbox)
        assert OPEN in reminder.text
        asked = await ana.presses(reminder, "Show the question")
        shown = await ana.presses(asked.message, options_of(asked.message)[0])
        assert "Today is done" in shown.text
        assert wired.rows("SELECT count(*) FROM answer") == [(2,)]
        shown = await ana.presses(reminder, "No more reminders")
        assert "Reminders are off" in shown.text
        for _ in range(2):
            await wired.passes(days=1)
        assert [OPEN in text for text in letters(ana)].count(True) == 1
        assert letters(olga) == []


async def test_a_closed_inbox_switches_reminders_off_and_only_their_owner_hears_of_it(tmp_path, caplog):
    async with study(tmp_path) as (wired, channel, olga):
        ana = wired.server.member("Ana", channel.guild)
        await is_reminded(wired, channel, ana)
        ana.user.inbox_open = False
        for _ in range(3):
            await wired.passes(hours=10)
            await wired.passes(hours=14)
        tried = wired.server.requested("POST", f"/channels/{ana.inbox.id}/messages")
        assert [request.status for request in tried] == [403]
        assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]
        assert letters(olga) == []
        assert len(wired.posts(channel)) == 5
        shown = await ana.uses(channel, "preferences")
        assert "I couldn't message you" in shown.text
