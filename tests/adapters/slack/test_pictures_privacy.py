"""Deletion of a member's pictures and files from Slack, and of the member, over the wire."""

import json

import pytest

from adapters.slack import pictures
from tests.adapters.slack.wired import running, study
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(pictures, "FIRST_PAUSE", 0.0)


async def joined(wired, channel, name):
    person = wired.server.member(name, channel.team)
    await person.joins(channel)
    return person


def holds(wired, text):
    """Tell if any row of the database contains the text."""
    return any(text in line for line in wired.dump())


async def test_a_picture_is_deleted_after_a_day(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        await olga.uses(channel, "/progress")
        assert len(channel.team.files) == 1
        await wired.passes(hours=23)
        assert len(channel.team.files) == 1
        await wired.passes(hours=2)
        assert not channel.team.files
        assert wired.rows("SELECT count(*) FROM delivery") == [(0,)]
        assert not wired.server.refused


async def test_what_is_owed_outlives_a_restart_and_a_fault_of_slack(tmp_path):
    clock = FakeClock()
    async with LoopbackSlack(clock=lambda: clock.now().timestamp()) as server:
        team = server.team("Berlin")
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        async with running(tmp_path, server, team, clock) as wired:
            await wired.founds(channel, olga)
            await olga.uses(channel, "/progress")
        async with running(tmp_path, server, team, clock) as wired:
            server.faults.add(method="files.delete", status=503)
            await wired.passes(hours=25)
            assert team.files
            await wired.passes(minutes=1)
            assert not team.files


async def test_a_file_that_somebody_deleted_already_is_no_trouble(tmp_path, caplog):
    async with study(tmp_path) as (wired, channel, olga):
        await olga.uses(channel, "/progress")
        channel.team.files.clear()
        await wired.passes(hours=25)
        assert wired.rows("SELECT count(*) FROM delivery") == [(0,)]
        assert "removal" not in caplog.text


async def test_a_members_data_comes_as_a_file_in_their_own_conversation(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = await joined(wired, channel, "Ana")
        await wired.passes(hours=1, minutes=1)
        question = next(m for m in wired.server.messages(channel) if m.only is None)
        await ana.presses(question, "A")
        await ana.uses(channel, "/privacy", "export")
        said = "milepost-data.json is in your messages with me."
        await wired.until(lambda: said in wired.server.messages(channel)[-1].text)
        assert wired.server.messages(channel)[-1].only == ana.id
        (file,) = channel.team.files.values()
        assert [m.channel for m in wired.server.messages(ana.inbox) if m.files] == [ana.inbox]
        data = json.loads(file.data)["data"]
        assert data["account"]["rows"] == [
            {"platform": "slack", "workspace": channel.team.id, "user_id": ana.id}
        ]
        assert len(data["answer"]["rows"]) == 1
        await wired.passes(days=8)
        assert not channel.team.files
        assert not wired.server.refused


async def test_a_forgotten_members_pictures_go_and_others_stay(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        ana = await joined(wired, channel, "Ana")
        await wired.passes(hours=1, minutes=1)
        question = next(m for m in wired.server.messages(channel) if m.only is None)
        await ana.presses(question, "A")
        for each in (ana, olga):
            await each.uses(channel, "/progress")
        assert len(channel.team.files) == 2
        asked = await ana.uses(channel, "/privacy", "forget")
        assert "Delete everything about you?" in asked.text
        done = await ana.presses(asked.message, "Forget me now")
        assert "I no longer know who you are" in done.text
        await wired.passes(seconds=5)
        assert len(channel.team.files) == 1
        assert not holds(wired, ana.id)
        assert not holds(wired, "Ana")
        assert holds(wired, olga.id)
        assert not wired.server.refused


async def test_whoever_is_forgotten_answers_no_second_time(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = await joined(wired, channel, "Ana")
        await wired.passes(hours=1, minutes=1)
        question = next(m for m in wired.server.messages(channel) if m.only is None)
        await ana.presses(question, "A")
        asked = await ana.uses(channel, "/privacy", "forget")
        await ana.presses(asked.message, "Forget me now")
        for letter in ("A", "B", "C"):
            shown = await ana.presses(question, letter)
            assert "no longer counts for you" in shown.text
        assert not holds(wired, ana.id)
        assert not wired.server.refused


async def test_no_account_is_named_in_the_log(tmp_path, caplog):
    async with study(tmp_path) as (wired, channel, _):
        ana = await joined(wired, channel, "Ana")
        wired.server.faults.add(method="users.info", error="internal_error")
        wired.server.faults.add(method="response_url", status=404, times=9)
        await ana.uses(channel, "/progress")
        await wired.passes(seconds=1)
        assert ana.id not in caplog.text
