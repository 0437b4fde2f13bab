"""The Adapter protocol: start, stop, send, edit, direct."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.playground import (
    Person,
    PlaygroundConfig,
    PortInUse,
    Settings,
    build,
    channel_ref,
    direct_ref,
    user_ref,
)
from bot.chat import Adapter, ChannelRef, Gone, MessageRef, Transient
from tests.adapters.playground.conftest import enter
from tests.adapters.playground.fakes import FakeApp, FakeClock, daily_post, question

BACKEND = channel_ref("backend")


@pytest.mark.asyncio
async def test_a_key_posts_once_even_across_restarts(tmp_path):
    config = PlaygroundConfig(port=0, token="t", transcript=tmp_path / "room.jsonl")
    refs = []
    for _ in range(2):
        adapter: Adapter = build(config, FakeClock())
        await adapter.start(FakeApp())
        refs += [await adapter.send(BACKEND, daily_post(), "k") for _ in range(2)]
        await adapter.edit(refs[0], replace(daily_post(), summary="Changed"))
        async with contextlib.AsyncExitStack() as stack:
            ana = await enter(stack, adapter, "ana")
            (entry,) = await ana.sees()
            assert (await ana.post("/press", message=entry["id"], action="mp1|open|"))[0] == 200
            for private in (await ana.sees())[1:]:
                await ana.post("/dismiss", message=private["id"])
        await adapter.stop()
    assert len(set(refs)) == 1


@pytest.mark.asyncio
async def test_a_key_of_direct_is_not_a_key_of_send(playground):
    posted = await playground.send(BACKEND, daily_post(), "k")
    direct = await playground.direct(user_ref("ana"), daily_post(), "k")
    assert direct.channel == direct_ref("ana")
    assert direct.id != posted.id


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "channel",
    [
        channel_ref("gone"),
        direct_ref("zed"),
        ChannelRef("slack", "T1", "backend"),
        ChannelRef("playground", "other", "backend"),
    ],
)
async def test_an_unknown_channel_is_gone(playground, channel):
    with pytest.raises(Gone):
        await playground.send(channel, daily_post(), "k")


@pytest.mark.asyncio
async def test_unknown_people_and_messages_are_gone(playground):
    with pytest.raises(Gone):
        await playground.direct(user_ref("zed"), daily_post(), "k")
    with pytest.raises(Gone):
        await playground.edit(MessageRef(BACKEND, "m99"), daily_post())


@pytest.mark.asyncio
async def test_a_stopped_playground_asks_to_try_later(app, clock):
    adapter = build(PlaygroundConfig(port=0), clock)
    with pytest.raises(Transient):
        await adapter.send(BACKEND, daily_post(), "k")
    await adapter.stop()


@pytest.mark.asyncio
async def test_a_disk_that_refuses_is_transient(tmp_path, app, clock, monkeypatch):
    adapter = build(PlaygroundConfig(port=0, transcript=tmp_path / "room.jsonl"), clock)
    await adapter.start(app)
    ref = await adapter.send(BACKEND, daily_post(), "k")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("adapters.playground.transcript.Transcript.write", refuse)
    with pytest.raises(Transient, match="No space left"):
        await adapter.send(BACKEND, question(), "k2")
    with pytest.raises(Transient, match="No space left"):
        await adapter.edit(ref, question())
    await adapter.stop()


@pytest.mark.asyncio
async def test_a_port_in_use_says_what_to_do(app, clock):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as told:
            await build(PlaygroundConfig(port=port), clock).start(app)
    assert str(told.value).startswith(f"Port {port} is already in use. Stop the other program, or choose")
    assert "ARGS=--port=0" in str(told.value)
    assert "MILEPOST_PLAYGROUND_PORT" in str(told.value)


@pytest.mark.asyncio
async def test_a_transcript_that_cannot_be_opened_frees_the_port(tmp_path, app, clock):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    adapter = build(PlaygroundConfig(port=0, transcript=blocked / "room.jsonl"), clock)
    with pytest.raises(OSError):
        await adapter.start(app)
    port = int(adapter.address.split(":")[2].partition("/")[0])
    socket.create_server(("127.0.0.1", port)).close()


@pytest.mark.asyncio
async def test_port_zero_becomes_the_real_port(app, clock):
    adapter = build(PlaygroundConfig(port=0, token="a b/c"), clock)
    await adapter.start(app)
    assert ":0/" not in adapter.address
    assert adapter.address.endswith("/?token=a%20b/c")
    await adapter.stop()


@pytest.mark.parametrize(
    ("host", "start"),
    [
        ("127.0.0.1", "http://127.0.0.1:8765/"),
        ("0.0.0.0", "http://127.0.0.1:8765/"),
        ("::1", "http://[::1]:8765/"),
    ],
)
def test_the_address_can_be_opened(host, start, clock):
    assert build(PlaygroundConfig(host=host), clock).address.startswith(start)


TOKEN = "long-enough-to-be-taken"


def test_settings_become_a_config(clock):
    settings = Settings(port=9000, token=TOKEN, folder=Path("kept"))
    config = settings.config()
    assert (config.port, config.token) == (9000, TOKEN)
    assert config.transcript == Path("kept/playground.jsonl")
    assert build(settings, clock).address == f"http://127.0.0.1:9000/?token={TOKEN}"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"people": ()}, "at least one person"),
        ({"channels": ()}, "at least one channel"),
        ({"people": (Person("a b", "A"),)}, "cannot be a person id"),
        ({"people": (Person("a", "A"), Person("a", "B"))}, "are the same"),
        ({"people": (Person("a", "A", zone="Mars/Olympus"),)}, "time zone 'Mars/Olympus' is unknown"),
        ({"channels": (("@a", "a"),)}, "cannot be a channel id"),
    ],
)
def test_a_config_that_cannot_work_is_refused(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        PlaygroundConfig(**wrong)
