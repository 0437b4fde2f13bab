"""The life of a connection: starts, restarts, drops, servers left and joined, shards."""

import discord
import pytest
from discord.gateway import DiscordWebSocket

from adapters.discord import examine
from adapters.discord.client import Client, nobody_serves
from adapters.discord.settings import Settings
from bot.chat import ChannelRef, SetupError
from bot.handlers import all_routes
from tests.adapters.discord.wired import options_of, running, study
from tests.loopback.discord import LoopbackDiscord, pointed_at
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio


LOST = "SELECT workspace FROM study_group WHERE paused_at IS NOT NULL"


def paused(wired):
    """The reason for which the group is paused; None while it is not."""
    ((at, reason),) = wired.rows("SELECT paused_at, pause_reason FROM study_group")
    return reason if at is not None else None


async def test_old_buttons_and_an_open_form_work_after_a_restart(tmp_path):
    clock = FakeClock()
    async with LoopbackDiscord(clock=lambda: clock.now().timestamp()) as server:
        guild = server.guild()
        channel, other = server.channel(guild), server.channel(guild, "other")
        olga, ana = server.member("Olga", guild, permissions=1 << 5), server.member("Ana", guild)
        async with running(tmp_path, server, clock) as wired:
            await wired.founds(channel, olga)
            await wired.passes(hours=1, minutes=1)
            form = await olga.uses(other, "study setup")
        (post,) = [message for message in server.messages(channel) if message.only is None]
        async with running(tmp_path, server, clock) as wired:
            shown = await ana.presses(post, options_of(post)[0])
            assert shown.ephemeral
            values = {"zone": "UTC", "time": "10:00", "days": "daily"}
            sent = await olga.submits(form, {**form_defaults(form), **values})
            assert "set up" in sent.text, sent.text
            assert wired.rows("SELECT count(*) FROM study_group") == [(2,)]


def form_defaults(form):
    """Values that a form is prefilled with, by the ids of its fields."""
    chosen = {}
    for _, component in form.modal.inputs():
        defaults = [option["value"] for option in component.get("options", ()) if option.get("default")]
        chosen[component["custom_id"]] = component.get("value") or (defaults[0] if defaults else "")
    return {name: value for name, value in chosen.items() if value}


async def test_commands_are_published_once_for_one_declaration(tmp_path):
    async with LoopbackDiscord() as server:
        server.guild()
        for _ in range(2):
            async with running(tmp_path, server, FakeClock()):
                pass
        assert len(server.requested("PUT", "/commands")) == 1
        published = {command["name"]: command for command in server.commands}
        assert {"quiz", "progress", "study", "help"} <= published.keys()
        assert published["study"]["default_member_permissions"] == "32"
        assert published["quiz"].get("default_member_permissions") is None
        assert "press" not in published
        server.commands[0]["description"] = "Another one"
        async with running(tmp_path, server, FakeClock()):
            pass
        assert len(server.requested("PUT", "/commands")) == 2


async def test_no_privileged_intent_is_asked_for(tmp_path):
    async with study(tmp_path) as (wired, _, _):
        (identified,) = wired.server.gateway.identified
        asked = discord.Intents._from_value(identified.intents)
        assert (asked.members, asked.presences, asked.message_content) == (False, False, False)
        assert identified.intents == discord.Intents(guilds=True).value


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("drop", {}),
        ("reconnect", {}),
        ("invalidate", {"resumable": True}),
        ("invalidate", {"resumable": False}),
    ],
)
async def test_clicks_go_on_after_the_connection_broke(tmp_path, verb, told):
    async with study(tmp_path) as (wired, channel, _):
        await wired.passes(hours=1, minutes=1)
        (post,) = wired.posts(channel)
        before = len(wired.server.gateway.identified) + len(wired.server.gateway.resumed)
        await getattr(wired.server.gateway, verb)(**told)
        await wired.until(
            lambda: len(wired.server.gateway.identified) + len(wired.server.gateway.resumed) > before
        )
        ana = wired.server.member("Ana", channel.guild)
        shown = await ana.presses(post, options_of(post)[0])
        assert shown.ephemeral
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]


async def test_leaving_a_server_pauses_its_groups_and_a_return_resumes_them(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        guild = channel.guild
        await wired.server.gateway.guild_left(guild)
        await wired.until(lambda: paused(wired) is not None)
        await wired.passes(days=2)
        assert wired.posts(channel) == []
        await wired.server.gateway.guild_joined(guild)
        await wired.until(lambda: paused(wired) is None)
        await wired.passes(hours=1, minutes=1)
        assert len(wired.posts(channel)) == 1


async def test_a_return_that_nobody_saw_is_found_at_the_next_start(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        await wired.server.gateway.guild_left(channel.guild)
        await wired.until(lambda: paused(wired) is not None)
        await wired.adapter.stop()
        channel.guild.present = channel.guild.available = True
        await wired.adapter.start(wired.application.app)
        await wired.until(lambda: paused(wired) is None)


async def test_a_server_that_was_left_unheard_is_found_out_at_the_next_start(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        other = wired.server.guild("Hamburg")
        await wired.founds(wired.server.channel(other, "study"), olga)
        await wired.adapter.stop()
        channel.guild.present = False
        await wired.adapter.start(wired.application.app)
        await wired.until(lambda: wired.rows(LOST) == [(str(channel.guild.id),)])


async def test_no_group_is_founded_where_milepost_may_not_post(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        deaf = wired.server.channel(channel.guild, "announcements")
        deaf.deny(discord.Permissions(send_messages=True), wired.server.bot_in(channel.guild))
        asked = await olga.uses(deaf, "study setup", {"pack": "backend-python", "zone": "UTC"})
        assert "Send Messages" in asked.text
        assert asked.modal is None
        assert wired.rows("SELECT count(*) FROM study_group") == [(1,)]


async def test_a_server_that_is_unavailable_changes_nothing(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        await wired.server.gateway.guild_lost(channel.guild)
        await wired.server.gateway.guild_back(channel.guild)
        shown = await olga.uses(channel, "study status")
        assert paused(wired) is None
        assert "paused" not in shown.text.lower()


async def test_a_share_of_the_shards_is_held(tmp_path):
    rules = {"shards": 4, "max_concurrency": 4, "strict_identify": True}
    async with LoopbackDiscord(**rules) as server, running(tmp_path, server, FakeClock(), shards="1-2/4"):
        assert sorted(found.shard for found in server.gateway.identified) == [(1, 4), (2, 4)]


async def test_shards_of_one_bucket_identify_five_seconds_apart_and_others_at_once():
    pauses = []

    async def sleep(seconds):
        pauses.append(round(seconds))

    client = Client(Settings(token="token-of-nobody", _env_file=None), *nobody_serves(), sleep)
    client._buckets = 2
    for shard in (0, 1, 2, 4):
        await client.before_identify_hook(shard)
    assert pauses == [5, 10]


async def test_a_wrong_token_is_said_in_one_sentence(tmp_path):
    async with LoopbackDiscord() as server:
        right, server.rules.token = server.rules.token, "another"
        wrong = Settings(token=right, api_url=server.api_url, _env_file=None)
        with pointed_at(server):
            with pytest.raises(SetupError, match="DISCORD_TOKEN"):
                async with running_with(tmp_path, wrong):
                    pass
            told = [check async for check in examine(wrong, (), ())]
        assert [(check.ok, "DISCORD_TOKEN" in check.says) for check in told] == [(False, True)]


def running_with(folder, discord_settings):
    """Milepost with these settings of Discord."""
    from adapters.discord.adapter import Discord
    from milepost.bootstrap import build
    from milepost.settings import ProgramSettings as CoreSettings
    from tests.support.people import shipped_library

    core = CoreSettings(database_url=f"sqlite:///{folder / 'milepost.db'}", _env_file=None)
    return build(core, FakeClock(), [Discord(discord_settings)], shipped_library())


async def test_a_gateway_of_ones_own_is_used(tmp_path):
    async with LoopbackDiscord() as server:
        own = server.gateway_url.replace("127.0.0.1", "localhost").rstrip("/")
        async with running(tmp_path, server, FakeClock(), gateway_url=own):
            assert str(DiscordWebSocket.DEFAULT_GATEWAY) == own
            assert len(server.gateway.identified) == 1


async def test_the_doctor_says_what_is_missing_where(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        server, guild = wired.server, channel.guild
        mute = server.channel(guild, "mute")
        mute.deny(discord.Permissions(send_messages=True, attach_files=True), server.bot_in(guild))
        quiet = server.channel(guild, "quiet")
        quiet.deny(discord.Permissions(create_public_threads=True), server.bot_in(guild))
        places = [ChannelRef("discord", str(guild.id), str(place.id)) for place in (channel, mute, quiet)]
        gone = ChannelRef("discord", str(guild.id), "12345")
        settings = Settings(token=server.rules.token, api_url=server.api_url, _env_file=None)
        commands = tuple(all_routes().commands.values())
        told = {c.check: c async for c in examine(settings, commands, [*places, gone])}
        assert told["discord token"].ok
        assert told["discord commands"].ok
        here, muted, still, nowhere = [check for name, check in told.items() if "channel" in name]
        assert here.ok
        assert not muted.ok
        assert "Send Messages, Attach Files" in muted.says
        assert still.ok
        assert "Create Public Threads" in still.says
        assert not nowhere.ok
        server.commands[0]["description"] = "Another one"
        told = {c.check: c async for c in examine(settings, commands, ())}
        assert not told["discord commands"].ok
