"""Somebody on Discord sends ids that nobody showed them, with a client of their own."""

import pytest

from tests.adapters.discord.wired import options_of, study
from tests.loopback.discord.interactions import COMPONENT, SUBMIT
from tests.support.helpers import every_project

pytestmark = pytest.mark.asyncio

CHALLENGES = tuple(project.id for project in every_project())
STALE = "This button no longer works"


def earned(wired):
    """Rows of all tables that can bring points."""
    tables = ("activity", "answer", "submission", "challenge_entry", "tally")
    return [row for table in tables for row in wired.rows(f"SELECT * FROM {table}")]


async def forges(person, message, custom_id):
    """Press a button of a message, with another id than it has."""
    data = {"custom_id": custom_id, "component_type": 2, "id": 3}
    return await person._acts(COMPONENT, message.channel, data, message)


async def forges_form(person, message, custom_id, **values):
    """Hand in a form that nobody opened."""
    parts = [
        {"type": 18, "id": 2 * n + 1, "component": {"type": 4, "id": 2 * n + 2, "custom_id": k, "value": v}}
        for n, (k, v) in enumerate(values.items())
    ]
    data = {"custom_id": custom_id, "components": parts}
    return await person._acts(SUBMIT, message.channel, data, message)


async def test_an_id_that_was_made_up_does_nothing(tmp_path):
    async with study(tmp_path, quiz_only=False) as (wired, channel, _):
        await wired.passes(hours=1, minutes=1)
        post = next(message for message in wired.posts(channel) if options_of(message))
        eve = wired.server.member("Eve", channel.guild)
        right = options_of(post)[0]
        unsigned = right.rpartition("|")[0]
        for custom_id in (
            unsigned,
            f"{unsigned}|AAAAAAAA",
            f"{unsigned}|{options_of(post)[1][-8:]}",
            "mp1|quiz.answer|o=a;p=99",
            "mp1|study.pause|",
            "mp1|reminder.question|p=٣",
        ):
            shown = await forges(eve, post, custom_id)
            assert STALE in shown.text, custom_id
        for challenge in CHALLENGES:
            await wired.passes(seconds=10)  # not to be told to slow down
            custom_id = f"mp1|challenge.built|c={challenge}"
            shown = await forges_form(eve, post, custom_id, link="https://x.y", learned="z")
            assert STALE in shown.text, custom_id
        shown = await forges_form(eve, post, "mp1|study.schedule|k=quiz", time="off")
        assert STALE in shown.text
        assert earned(wired) == []
        shown = await forges(eve, post, right)
        assert "Correct" in shown.text or "Not quite" in shown.text
        assert earned(wired)


async def test_an_id_of_another_channel_or_of_somebody_else_does_nothing(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        lounge = wired.server.channel(channel.guild, "lounge")
        await wired.founds(lounge, olga)
        await wired.passes(hours=1, minutes=1)
        ours = next(message for message in wired.posts(channel) if options_of(message))
        theirs = next(message for message in wired.posts(lounge) if options_of(message))
        eve, ben = (wired.server.member(name, channel.guild) for name in ("Eve", "Ben"))
        before = earned(wired)
        shown = await forges(eve, theirs, options_of(ours)[0])
        assert STALE in shown.text
        practice = await ben.uses(channel, "quiz", {})
        button = next(
            b["custom_id"] for b in practice.message.buttons if "practice.answer" in b["custom_id"]
        )
        shown = await forges(eve, ours, button)
        assert STALE in shown.text
        assert earned(wired) == before
