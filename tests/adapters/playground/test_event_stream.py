"""The live stream, and the earlier messages that it leaves out."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from adapters.playground import channel_ref
from bot.chat import Message

pytestmark = pytest.mark.asyncio


async def test_a_stream_resumes_after_the_last_change_it_saw(opens):
    ana, ben = await opens("ana"), await opens("ben")
    async with ana.stream() as following:
        last, data = await following()
        assert (data["fresh"], data["entries"]) == (True, [])
        await ben.post("/say", text="one")
        last, data = await following()
        assert [entry["line"] for entry in data["entries"]] == ["one"]
    await ben.post("/say", text="two")
    await ben.post("/say", text="/quiz")
    async with ana.stream(last) as following:
        _, data = await following()
    assert data["fresh"] is False
    assert [entry["line"] for entry in data["entries"]] == ["two"]


@pytest.mark.parametrize(
    "since", ["other.1", "{epoch}.99", "{epoch}.x", "{epoch}.²", "{epoch}", "." + "9" * 500]
)
async def test_a_stream_that_cannot_resume_starts_afresh(opens, since):
    ana = await opens("ana")
    await ana.post("/say", text="one")
    async with ana.stream() as following:
        epoch = (await following())[0].partition(".")[0]
    async with ana.stream(since.format(epoch=epoch)) as following:
        _, data = await following()
    assert data["fresh"]
    assert len(data["entries"]) == 1


async def test_a_window_gets_the_newest_page_of_each_channel_and_asks_for_the_rest(opens, monkeypatch):
    monkeypatch.setattr("adapters.playground.event_stream.PAGE", 3)
    ana, ben = await opens("ana"), await opens("ben")
    for number in range(7):
        await ben.post("/say", text=str(number))
        await ben.post("/say", text=f"/quiz {number}")
    await ben.post("/say", text="elsewhere", channel="lounge")
    async with ana.stream() as following:
        _, data = await following()
    assert [entry["line"] for entry in data["entries"]] == ["4", "5", "6", "elsewhere"]
    start = data["oldest"]["backend"]
    assert data["oldest"] == {"backend": int(data["entries"][0]["id"][1:]), "lounge": 0, "@ana": 0}
    lines = []
    while start:
        status, page = await ana.get("/earlier", channel="backend", before=str(start))
        assert status == 200
        lines.append([entry["line"] for entry in page["entries"]])
        start = page["oldest"]
    assert lines == [["3", "2", "1"], ["0"]]


async def test_a_window_that_missed_more_than_a_page_starts_afresh(opens, monkeypatch):
    monkeypatch.setattr("adapters.playground.event_stream.PAGE", 3)
    ana = await opens("ana")
    async with ana.stream() as following:
        last, _ = await following()
    for number in range(5):
        await ana.post("/say", text=str(number))
    async with ana.stream(last) as following:
        _, data = await following()
    assert data["fresh"]
    assert [entry["line"] for entry in data["entries"]] == ["2", "3", "4"]


@pytest.mark.parametrize(
    "query",
    [
        {"channel": "@ben", "before": "9"},
        {"channel": "nowhere", "before": "9"},
        {"channel": "backend", "before": "x"},
        {"channel": "backend", "before": "²"},
        {"channel": "backend", "before": "9" * 500},
        {"channel": "backend"},
    ],
)
async def test_earlier_messages_that_no_page_asks_for_are_refused(opens, query):
    ana = await opens("ana")
    status, answer = await ana.get("/earlier", **query)
    assert (status, answer["error"][-1]) == (400, ".")


async def test_a_long_room_is_rendered_in_turns(opens, playground, monkeypatch):
    """Between the messages of a page others are served: the loop never waits for a whole page."""
    for number in range(40):
        await playground.send(channel_ref("backend"), Message(str(number), ()), f"k{number}")
    counted = [0]
    longest = [0]

    def payload(*_args):
        counted[0] += 1
        return {"id": "m1", "seq": 1, "channel": "backend", "gone": True}

    monkeypatch.setattr("adapters.playground.event_stream.EventStreams._payload", payload)

    async def others():
        while counted[0] < 40:
            before = counted[0]
            await asyncio.sleep(0)
            longest[0] = max(longest[0], counted[0] - before)

    ana = await opens("ana")
    async with ana.stream() as following, asyncio.timeout(5):
        await asyncio.gather(others(), following())
    assert 0 < longest[0] <= 10


async def test_the_browsers_own_header_resumes_too(opens):
    ana = await opens("ana")
    await ana.post("/say", text="one")
    async with ana.stream() as following:
        last, _ = await following()
    url = f"{ana.base}/events?as=ana&since="
    async with ana.session.get(url, headers={"Last-Event-ID": last}) as response:
        await response.content.readline()
        assert b'"fresh": false' in await response.content.readline()


async def test_silence_is_broken_by_a_heartbeat(opens, monkeypatch):
    monkeypatch.setattr("adapters.playground.event_stream.HEARTBEAT", 0.01)
    ana = await opens("ana")
    async with ana.stream() as following:
        await following()
        _, data = await following()
    assert (data["fresh"], data["entries"]) == (False, [])


async def test_stopping_ends_streams_at_once_and_finishes_handlers(opens, playground, app):
    ana = await opens("ana")
    async with ana.stream() as following:
        await following()
        app.gate.clear()
        answer = asyncio.create_task(ana.post("/say", text="/announce last words"))
        await app.arrived.wait()
        stopping = asyncio.create_task(playground.stop())
        with pytest.raises((EOFError, aiohttp.ClientError)):
            await asyncio.wait_for(following(), 2)
        assert not stopping.done()
        app.gate.set()
        assert (await answer)[0] == 200
        await stopping
