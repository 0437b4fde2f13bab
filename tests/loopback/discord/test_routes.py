"""The loopback REST: channels, nonces, threads, direct messages, roles, permissions and who is pinged."""

import io

import discord
import pytest

from tests.loopback.discord import permissions
from tests.loopback.discord.tiny_bot import NOBODY, talking

pytestmark = pytest.mark.asyncio


async def code_of(call):
    with pytest.raises(discord.HTTPException) as refused:
        await call
    return refused.value.status, refused.value.code


def posting(channel, **fields):
    """The bare request, for bodies that discord.py would not make."""
    body = {"allowed_mentions": {"parse": []}, **fields}
    return discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id), body


async def post(bot, channel, **fields):
    route, body = posting(channel, **fields)
    return await bot.http.request(route, json=body)


async def test_messages_are_posted_with_files_edited_read_and_deleted():
    async with talking() as (server, bot, study, _):
        file = discord.File(io.BytesIO(b"picture"), "map.png", description="A map")
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://map.png")))
        posted = await bot.place(study).send(view=view, file=file)
        [stands] = server.messages(study)
        assert stands.files() == ["map.png"]
        assert stands.attachments[0]["data"] == b"picture"
        assert posted.attachments[0].url == posted.components[0].items[0].media.url
        changed = discord.ui.LayoutView(timeout=None).add_item(discord.ui.TextDisplay("Over"))
        await posted.edit(view=changed, attachments=[], allowed_mentions=NOBODY)
        assert (stands.text, stands.files()) == ("Over", [])
        assert (await bot.place(study).fetch_message(posted.id)).components[0].content == "Over"
        assert [m.id async for m in bot.place(study).history()] == [posted.id]
        await posted.delete()
        assert server.messages(study) == []
        assert await code_of(bot.place(study).fetch_message(posted.id)) == (404, 10008)
        assert not server.refused


async def test_one_nonce_is_one_message_for_some_minutes():
    now = [1_800_000_000.0]
    async with talking(clock=lambda: now[0]) as (server, bot, study, _):
        first = await post(bot, study, content="One", nonce="p1", enforce_nonce=True)
        again = await post(bot, study, content="One", nonce="p1", enforce_nonce=True)
        assert again["id"] == first["id"]
        assert len(server.messages(study)) == 1
        await post(bot, study, content="One", nonce="p1")
        assert len(server.messages(study)) == 2
        now[0] += server.rules.nonce_memory
        await post(bot, study, content="One", nonce="p1", enforce_nonce=True)
        assert len(server.messages(study)) == 3


async def test_unknown_and_closed_channels_are_told_apart():
    async with talking() as (server, bot, study, _):
        me = server.bot_in(study.guild)
        study.deny(permissions.SEND_MESSAGES, me)
        assert await code_of(bot.place(study).send("x")) == (403, 50013)
        study.deny(permissions.VIEW_CHANNEL, me)
        assert await code_of(bot.place(study).send("x")) == (403, 50001)
        assert await code_of(bot.fetch_channel(study.id)) == (403, 50001)
        server.close_channel(study)
        assert await code_of(bot.place(study).send("x")) == (404, 10003)
        assert await code_of(bot.fetch_channel(study.id)) == (404, 10003)
        assert server.invalid_requests == 3


async def test_a_thread_opens_from_a_message_once():
    async with talking() as (server, bot, study, _):
        posted = await bot.get_channel(study.id).send("Discuss")
        thread = await posted.create_thread(name="About it")
        assert (thread.id, thread.parent_id) == (posted.id, study.id)
        await thread.send("First")
        [_, inner] = [*server.messages(study), *server.messages(server.channels[thread.id])]
        assert inner.text == "First"
        assert await code_of(posted.create_thread(name="Again")) == (400, 160004)
        other = await bot.get_channel(study.id).send("Discuss")
        study.deny(permissions.CREATE_PUBLIC_THREADS, server.bot_in(study.guild))
        assert await code_of(other.create_thread(name="No")) == (403, 50013)


async def test_direct_messages_and_a_closed_inbox():
    async with talking() as (_, bot, _, ana):
        inbox = await bot.create_dm(discord.Object(ana.id))
        await inbox.send("Hello")
        assert [m.text for m in ana.sees(ana.inbox)] == ["Hello"]
        ana.user.inbox_open = False
        assert await code_of(inbox.send("Again")) == (403, 50007)
        assert await code_of(bot.create_dm(discord.Object(1))) == (400, 50033)


async def test_roles_are_given_to_members_below_the_bot():
    async with talking() as (server, bot, study, ana):
        guild = study.guild
        badge, above = server.role(guild, "Streak"), server.role(guild, "Staff", position=9)
        give = bot.http.add_role
        for _ in range(2):
            await give(guild.id, ana.id, badge.id)
        assert ana.roles == [badge.id]
        await bot.http.remove_role(guild.id, ana.id, badge.id)
        assert ana.roles == []
        assert await code_of(give(guild.id, ana.id, above.id)) == (403, 50013)
        assert await code_of(give(guild.id, ana.id, 1)) == (404, 10011)
        assert await code_of(give(guild.id, 1, badge.id)) == (404, 10007)
        assert await code_of(give(1, ana.id, badge.id)) == (404, 10004)
        assert [role.name for role in await (await bot.fetch_guild(guild.id)).fetch_roles()][-1] == "Staff"


async def test_a_call_pings_only_what_it_may():
    async with talking() as (server, bot, study, _):
        role = server.role(study.guild, "Learners", mentionable=True)
        closed = server.role(study.guild, "Staff")
        text = f"<@&{role.id}> <@&{closed.id}> @everyone"
        await bot.place(study).send(text, allowed_mentions=NOBODY)
        await bot.place(study).send(text, allowed_mentions=discord.AllowedMentions(roles=True))
        await post(bot, study, content=text, allowed_mentions=None)
        assert [message.pinged for message in server.messages(study)] == [set(), {role.id}, {role.id}]
        [refusal] = server.refused
        assert "allowed_mentions" in refusal.errors
