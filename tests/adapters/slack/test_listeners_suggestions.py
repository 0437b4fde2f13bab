"""Suggestions for text typed into a form, over the wire."""

import asyncio

import pytest

from adapters.slack import listeners
from tests.adapters.slack.wired import study

pytestmark = pytest.mark.asyncio


def offered(typed):
    """Values in the menu of suggestions."""
    return [choice["value"] for choice in typed.options]


async def test_zones_are_offered_while_a_group_is_set_up(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        second = wired.server.channel(channel.team, "second")
        await olga.joins(second)
        form = await olga.uses(second, "/study", "setup")
        assert "Europe/Berlin" in offered(await olga.types(form.view, "Time zone", "berl"))
        sent = await olga.submits(form, {"zone": "Europe/Berlin", "time": "10:00", "days": "daily"})
        assert "set up" in sent.text
        assert wired.rows("SELECT zone FROM study_group ORDER BY id") == [("UTC",), ("Europe/Berlin",)]
        assert not wired.server.refused
        assert not wired.server.late


async def test_ones_own_zone_stands_there_and_another_is_chosen(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = wired.server.member("Ana", channel.team, tz="America/New_York")
        await ana.joins(channel)
        form = await ana.uses(channel, "/preferences")
        sent = await ana.submits(form, {})
        assert "Nothing changed." in sent.text
        form = await ana.uses(channel, "/preferences")
        typed = await ana.types(form.view, "Your time zone", "asia/tok")
        assert offered(typed) == ["Asia/Tokyo"]
        sent = await ana.submits(form, {"zone": typed.options[0]})
        assert "your time zone is Asia/Tokyo" in sent.text


async def test_nothing_fits_and_nothing_is_offered(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        form = await olga.uses(channel, "/preferences")
        assert offered(await olga.types(form.view, "zone", "Qwertzia")) == []
        assert not wired.server.refused


async def test_a_menu_that_takes_too_long_is_empty_and_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(listeners, "ANSWER_WITHIN", 0.05)
    async with study(tmp_path) as (wired, channel, olga):
        form = await olga.uses(channel, "/preferences")
        blocked, application = asyncio.Event(), wired.application
        real = application.app.complete

        async def slow(*wanted):
            await blocked.wait()
            return await real(*wanted)

        monkeypatch.setattr(application.app, "complete", slow)
        assert offered(await olga.types(form.view, "zone", "Ber")) == []
        assert not wired.server.late
        blocked.set()


async def test_the_schedule_of_a_group_offers_zones_too(tmp_path):
    async with study(tmp_path) as (_, channel, olga):
        form = await olga.uses(channel, "/study", "schedule quiz")
        assert "Africa/Nairobi" in offered(await olga.types(form.view, "zone", "nairo"))
