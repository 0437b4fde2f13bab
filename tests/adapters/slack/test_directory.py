"""Slack admins are organisers, and stop being organisers as soon as they aren't admins."""

import pytest

from tests.adapters.slack.test_listeners import account, tells
from tests.adapters.slack.test_listeners_floods import joined
from tests.adapters.slack.wired import study

pytestmark = pytest.mark.asyncio

ONLY = "Only organisers can do that here."
NOT_TOLD = "Slack isn't telling me whether you may do that. Please try again in a moment."


async def names(wired, channel, who, other):
    return (await who.uses(channel, "/study", f"organiser <@{other.id}> yes")).text


def lookups(wired):
    return len(wired.server.called("users.info"))


async def test_a_demotion_and_a_promotion_that_slack_tells_of_count_at_once(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = await joined(wired, channel, "Eve")
        assert ONLY in await names(wired, channel, eve, olga)
        asked = lookups(wired)
        olga.user.admin, eve.user.admin = False, True
        for who in (olga, eve):
            await tells(wired, who, account(who.user))
        assert ONLY in await names(wired, channel, olga, eve)
        assert "can now organise" in await names(wired, channel, eve, olga)
        assert lookups(wired) == asked


async def test_a_demotion_that_this_process_did_not_hear_of_counts_within_a_minute(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = await joined(wired, channel, "Eve")
        assert "can now organise" in await names(wired, channel, olga, eve)
        olga.user.admin = False
        wired.clock.advance(minutes=1)
        assert ONLY in await names(wired, channel, olga, eve)


async def test_nobody_is_taken_for_an_admin_while_slack_does_not_say_so(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = await joined(wired, channel, "Eve")
        wired.clock.advance(minutes=1)
        wired.server.faults.add(method="users.info", error="internal_error")
        for typed in ("pause", f"organiser <@{eve.id}> yes"):
            assert NOT_TOLD in (await olga.uses(channel, "/study", typed)).text
        assert wired.rows("SELECT pause_reason FROM study_group") == [(None,)]
        assert wired.rows("SELECT * FROM organiser") == []
        wired.clock.advance(seconds=10)
        assert "can now organise" in await names(wired, channel, olga, eve)


async def test_who_is_named_organises_also_while_slack_does_not_say_who_they_are(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = await joined(wired, channel, "Eve")
        await names(wired, channel, olga, eve)
        wired.clock.advance(minutes=20)
        wired.server.faults.add(method="users.info", error="internal_error")
        assert "Paused" in (await eve.uses(channel, "/study", "pause")).text


async def test_members_are_asked_for_no_more_often_than_before(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        eve = await joined(wired, channel, "Eve")
        await eve.uses(channel, "/streak")
        asked = lookups(wired)
        for _ in range(9):
            wired.clock.advance(minutes=1)
            await eve.uses(channel, "/streak")
        assert lookups(wired) == asked
