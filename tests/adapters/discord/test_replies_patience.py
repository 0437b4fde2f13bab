"""People are told in time, however slow pictures, forms, a start or a stop are."""

import asyncio
import itertools
import threading
import time

import pytest

from adapters.discord import examine, replies
from adapters.discord.replies import Renderer
from adapters.discord.settings import Settings
from bot.chat import Message, Picture, SetupError
from bot.toolkit import drawing as render_queue
from tests.adapters.discord.test_replies import announced, asked
from tests.adapters.discord.wired import options_of, running, study
from tests.loopback.discord import LoopbackDiscord, pointed_at
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

PICTURES = [Message("Yours", (Picture(f"<svg>{name}</svg>", "a picture"),)) for name in "abc"]


def drawing_takes(monkeypatch, seconds):
    """Pictures take this long; returns the list of when each was begun and done."""
    drawn = []

    def slow(_):
        began = time.monotonic()
        time.sleep(seconds)
        drawn.append((began, time.monotonic()))
        return b"png"

    monkeypatch.setattr(render_queue, "png_of", slow)
    return drawn


async def test_a_picture_that_takes_long_is_announced_in_private_and_filled_in(tmp_path, monkeypatch):
    monkeypatch.setattr(replies, "DRAWN_WITHIN", 0.05)
    may_draw = threading.Event()
    monkeypatch.setattr(render_queue, "png_of", lambda _: may_draw.wait(10) and b"png")
    async with study(tmp_path) as (wired, channel, olga):
        acting = asyncio.create_task(olga.uses(channel, "progress"))
        await wired.until(lambda: wired.newest.deferred)
        may_draw.set()
        shown = await acting
        assert shown.deferred
        assert shown.ephemeral
        assert "Your progress" in shown.text


async def test_a_picture_that_cannot_be_drawn_is_said_so(tmp_path, monkeypatch):
    async with study(tmp_path) as (_, channel, olga):
        monkeypatch.setattr(render_queue, "png_of", lambda _: 1 / 0)
        shown = await olga.uses(channel, "progress")
        assert shown.ephemeral
        assert "show this because of a problem" in shown.text


async def test_pictures_are_drawn_one_by_one_with_rests_for_everybody_else(monkeypatch):
    drawn = drawing_takes(monkeypatch, 0.05)
    renderer = Renderer()
    await asyncio.gather(*(renderer.render(message) for message in PICTURES))
    rests = [later[0] - before[1] for before, later in itertools.pairwise(drawn)]
    assert len(rests) == 2
    assert min(rests) >= 0.045


async def test_a_form_that_comes_too_late_to_be_shown_is_asked_for_once_more(tmp_path, monkeypatch):
    monkeypatch.setattr(replies, "LAST_MOMENT", 0.05)
    async with study(tmp_path, answer_seconds=0.05) as (wired, channel, olga):
        shown = await announced(wired, olga.uses(channel, "preferences"))
        assert shown.modal is None
        assert shown.ephemeral
        assert "Please try again" in shown.text
        monkeypatch.setattr(replies, "LAST_MOMENT", 2.5)
        assert (await olga.uses(channel, "preferences")).modal is not None


async def test_what_could_have_opened_a_form_is_told_however_late(tmp_path, monkeypatch):
    monkeypatch.setattr(replies, "LAST_MOMENT", 0.05)
    async with study(tmp_path, answer_seconds=0.05) as (wired, channel, olga):
        shown = await announced(wired, olga.uses(channel, "preferences", {"reminder": "19:00"}))
        assert "19\\:00" in shown.text


async def test_who_presses_while_it_stops_is_answered_too(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        post = await asked(wired, channel)
        ana, ben = (wired.server.member(name, channel.guild) for name in ("Ana", "Ben"))
        before, first = await wired.begins(ana.presses(post, options_of(post)[0]))
        stopping = asyncio.create_task(wired.adapter.stop())
        after, second = await wired.begins(ben.presses(post, options_of(post)[0]))
        for use_case, press in ((before, first), (after, second)):
            assert not stopping.done()
            use_case.release()
            assert not (await press).failed
        await stopping


@pytest.mark.parametrize("fault", [{"status": 503}, {"reset": True, "times": 2}], ids=str)
async def test_a_fault_that_passes_does_not_end_a_start(tmp_path, fault):
    async with LoopbackDiscord() as server:
        server.faults.add(**fault)
        async with running(tmp_path, server, FakeClock()):
            assert server.gateway.identified


async def test_a_server_that_hangs_up_is_said_in_one_sentence(tmp_path):
    async def hang_up(reader, writer):
        await reader.read(10)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with LoopbackDiscord() as known:
            with pytest.raises(SetupError, match="can't be reached"):
                async with running(tmp_path, Elsewhere(known, address), FakeClock()):
                    pass
            settings = Settings(token=known.rules.token, api_url=address, _env_file=None)
            with pointed_at(Elsewhere(known, address)):
                told = [check async for check in examine(settings, (), ())]
    assert [check.ok for check in told] == [False]


class Elsewhere:
    """The address of one server with the token of another."""

    def __init__(self, known, address):
        self.rules, self.api_url, self.gateway_url = known.rules, address, known.gateway_url


def thread(channel):
    when = {"archived": False, "auto_archive_duration": 60, "locked": False}
    times = {"archive_timestamp": "2026-01-01T00:00:00+00:00"}
    return {
        "id": "55", "guild_id": str(channel.guild.id), "parent_id": str(channel.id), "owner_id": "1",
        "type": 11, "name": "Talk", "message_count": 0, "member_count": 0, "thread_metadata": when | times,
    }  # fmt: skip


def role(number):
    return {
        "id": str(number), "name": "Role", "permissions": "0", "position": 1, "color": 0, "hoist": False,
        "colors": {"primary_color": 0}, "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip


async def test_what_is_told_of_a_server_later_is_not_remembered_either(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        number = channel.guild.id
        told = [
            ("THREAD_UPDATE", thread(channel)),
            ("THREAD_LIST_SYNC", {"guild_id": str(number), "threads": [thread(channel)], "members": []}),
            ("GUILD_UPDATE", {"id": str(number), "name": "Bonn", "roles": [role(n) for n in range(9)]}),
        ]
        for event, data in told:
            await wired.server.gateway.dispatch(number, event, data)
        await olga.uses(channel, "help")
        known = wired.adapter._client.get_guild(number)
        assert known.name == "Bonn"
        assert (len(known.threads), len(known.channels), len(known._roles)) == (0, 0, 0)


async def test_who_is_in_no_group_is_told_so_in_a_direct_conversation(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = wired.server.member("Ana", channel.guild)
        shown = await ana.uses(ana.inbox, "leaderboard")
        assert "This channel" not in shown.text
        assert "in a study group yet" in shown.text
