"""Slack: when the organiser takes no messages, owners and admins of the workspace hear what is wrong."""

import pytest

from tests.adapters.slack.wired import study

pytestmark = pytest.mark.asyncio


async def test_an_admin_of_the_workspace_hears_of_a_pause_when_the_organiser_cannot(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        ada = wired.server.member("Ada", channel.team, admin=True)
        inbox = olga.inbox.id
        wired.server.faults.add(
            method="chat.postMessage", error="user_disabled", where={"channel": inbox}, times=999
        )
        wired.server.faults.add(
            method="chat.postMessage", error="restricted_action", where={"channel": channel.id}, times=999
        )
        await wired.passes(hours=1, minutes=1)
        for _ in range(3):
            await wired.passes(days=1)
        for _ in range(3):
            await wired.passes(minutes=5)
        heard = [message.text for message in wired.server.messages(ada.inbox)]
        assert len([text for text in heard if "I paused" in text]) == 1, heard
