"""Somebody in Slack types what stands behind buttons, or sends ids that nobody showed them."""

import pytest

from adapters.slack.outbound import action_of
from tests.adapters.slack.wired import study
from tests.loopback.slack import native
from tests.loopback.slack.interactions import INTERACTIVE
from tests.loopback.slack.words import elements
from tests.support.helpers import every_project

pytestmark = pytest.mark.asyncio

CHALLENGES = tuple(project.id for project in every_project())
STALE = "This button no longer works. Try /milepost help."


def earned(wired):
    """Rows of all tables that can bring points."""
    tables = ("activity", "answer", "submission", "challenge_entry", "tally")
    return [row for table in tables for row in wired.rows(f"SELECT * FROM {table}")]


async def forges(person, message, action):
    """Press a button whose id was changed on the way."""
    shown = next(element for _, element in elements(message.blocks) if element["type"] == "button")
    pressed = {"type": "button", "action_id": f"0|{action}", "block_id": "x", "text": shown["text"]}
    payload = native.actions(person._server, person, message, pressed)
    return await person._acts(INTERACTIVE, message.channel, payload, message)


async def test_no_id_can_be_typed_where_there_are_buttons(tmp_path):
    async with study(tmp_path, quiz_only=False) as (wired, channel, olga):
        await wired.passes(hours=1, minutes=1)
        eve = wired.server.member("Eve", channel.team)
        await eve.joins(channel)
        before = earned(wired)
        for challenge in CHALLENGES:
            await wired.passes(seconds=10)  # not to be told to slow down
            line = f"fill mp1|challenge.built|c={challenge} link=https://x.y learned=z"
            shown = await eve.uses(channel, "/milepost", line)
            assert shown.text.startswith("There is no command /fill"), shown.text
            shown = await eve.uses(channel, "/milepost", f"press mp1|challenge.join|c={challenge}")
            assert shown.text.startswith("There is no command /press"), shown.text
        for line in ("home", "press mp1|quiz.answer|o=a;p=1", "press mp1|prompt.done|p=2"):
            shown = await eve.uses(channel, "/milepost", line)
            assert shown.text.startswith(f"There is no command /{line.split()[0]}"), shown.text
        assert earned(wired) == before == []
        post = next(m for m in wired.server.messages(channel) if m.user.bot and _actions(m))
        shown = await olga.uses(channel, "/milepost", f"press {_actions(post)[0]}")
        assert shown.text.startswith("There is no command /press")


async def test_a_changed_button_does_nothing(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        await wired.passes(hours=1, minutes=1)
        post = next(m for m in wired.server.messages(channel) if m.only is None and "Question" in m.summary)
        eve = wired.server.member("Eve", channel.team)
        await eve.joins(channel)
        right = _actions(post)[0]
        unsigned = right.rpartition("|")[0]
        other = next(a for a in _actions(post) if a != right)
        for action in (
            unsigned,
            f"{unsigned}|AAAAAAAA",
            f"{unsigned}|{other[-8:]}",
            f"mp1|challenge.built|c={CHALLENGES[0]}",
            "mp1|study.pause|",
        ):
            shown = await forges(eve, post, action)
            assert shown.text == STALE, action
        assert earned(wired) == []
        shown = await forges(eve, post, right)
        assert "orrect" in shown.text or "Not quite" in shown.text
        assert earned(wired)


def _actions(message):
    return [action_of(e["action_id"]) for _, e in elements(message.blocks) if action_of(e["action_id"])]
