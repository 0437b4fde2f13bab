"""Posting under Slack's limits, over the wire: once for a key, at its pace, and what each refusal means."""

import asyncio

import pytest

from adapters.contract.app import ScriptedApp, said
from bot.chat import Forbidden, Gone, MessageRef, Rejected, Transient, UserRef
from tests.adapters.contract.on_slack import place_at

pytestmark = pytest.mark.asyncio

POST = "chat.postMessage"
LOST = {"reset": True, "acted": True}

MEANINGS = {
    "channel_not_found": Gone,
    "is_archived": Gone,
    "account_inactive": Forbidden,
    "invalid_auth": Forbidden,
    "missing_scope": Forbidden,
    "restricted_action": Forbidden,
    "token_expired": Forbidden,
    "token_revoked": Forbidden,
    "fatal_error": Transient,
    "internal_error": Transient,
    "ratelimited": Transient,
    "request_timeout": Transient,
    "service_unavailable": Transient,
    "invalid_blocks": Rejected,
    "msg_too_long": Rejected,
}


def words(place):
    """Texts of all messages in the channel."""
    return [message.text for message in place.server.messages(place.here)]


async def send(place, text="Hello.", key="key", *, again=False):
    return await place.adapter.send(place.channel, said(text), key, again=again)


def called(place, method):
    return len(place.server.called(method))


@pytest.mark.parametrize("error", MEANINGS)
async def test_each_refusal_has_its_meaning(tmp_path, error):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.server.faults.add(method=POST, error=error)
        with pytest.raises(MEANINGS[error]) as caught:
            await send(place)
        assert str(caught.value).endswith((".", error))
        assert words(place) == []


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_trouble_of_slacks_own_passes(tmp_path, status):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.server.faults.add(method=POST, status=status)
        with pytest.raises(Transient):
            await send(place)
        await send(place, again=True)
        assert words(place) == ["Hello."]


async def test_a_post_whose_answer_was_lost_is_found_again(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.server.faults.add(method=POST, **LOST)
        with pytest.raises(Transient):
            await send(place)
        ref = await send(place, again=True)
        (message,) = place.server.messages(place.here)
        assert ref == MessageRef(place.channel, message.ts)


async def test_a_direct_post_whose_answer_was_lost_is_found_again(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        ana = place.person("Ana")
        await place.passes(3600)
        place.server.faults.add(method=POST, **LOST)
        with pytest.raises(Transient):
            await place.adapter.direct(ana.user, said("Between us."), "key")
        await place.adapter.direct(ana.user, said("Between us."), "key")
        assert ana.inbox() == ["Between us."]


async def test_a_new_process_looks_for_what_the_last_one_sent(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        ana = place.person("Ana")
        first = await send(place)
        await place.adapter.direct(ana.user, said("Between us."), "letter")
        anew = place.another()
        await anew.start(ScriptedApp())
        assert await anew.send(place.channel, said("Hello."), "key", again=True) == first
        await anew.direct(ana.user, said("Between us."), "letter")
        await anew.stop()
        assert words(place) == ["Hello."]
        assert ana.inbox() == ["Between us."]


async def test_a_post_that_slack_put_off_is_not_looked_for(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.server.faults.add(method=POST, status=429, retry_after=30)
        with pytest.raises(Transient) as caught:
            await send(place)
        assert caught.value.retry_after == 30
        await place.passes(31)
        await send(place, again=True)
        assert words(place) == ["Hello."]
        assert called(place, "conversations.history") == 0


async def test_a_method_rests_for_all_of_the_workspace_and_then_goes_on(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.server.faults.add(method=POST, status=429, retry_after=30)
        with pytest.raises(Transient):
            await send(place)
        await place.passes(20)
        with pytest.raises(Transient) as caught:
            await send(place, key="other")
        assert caught.value.retry_after == pytest.approx(10)
        assert called(place, POST) == 1
        await place.passes(11)
        await send(place, key="other")
        assert called(place, POST) == 2


async def test_other_methods_go_on_while_one_rests(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        ref = await send(place)
        place.server.faults.add(method=POST, status=429, retry_after=30)
        with pytest.raises(Transient):
            await send(place, key="other")
        await place.adapter.edit(ref, said("Changed."))
        assert words(place) == ["Changed."]


async def test_a_channel_gets_one_post_a_second(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.server.rules.channel_burst = 1
        await asyncio.gather(*(send(place, key=str(n)) for n in range(3)))
        first, *_, last = [call.at for call in place.server.called(POST)]
        assert last - first > 1.9
        assert place.server.too_many == 0


async def test_channels_do_not_wait_for_each_other(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        channels = [place.another_channel(f"c{n}") for n in range(40)]
        await asyncio.gather(*(place.adapter.send(c, said("Hello."), c.id) for c in channels))
        times = [call.at for call in place.server.called(POST)]
        assert len(times) == 40
        assert max(times) - min(times) < 1


async def test_edits_keep_under_the_limit_of_their_method(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        ref = await send(place)
        place.server.rules.spare = 0
        for n in range(50):
            await place.adapter.edit(ref, said(f"{n}"))
        with pytest.raises(Transient) as caught:
            await place.adapter.edit(ref, said("once more"))
        assert 0 < caught.value.retry_after <= 60
        assert place.server.too_many == 0


async def test_a_public_channel_that_it_is_not_in_is_joined(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.here.members.remove(place.team.bot.id)
        await send(place, again=True)
        assert words(place) == ["Hello."]
        assert called(place, "conversations.join") == 1


async def test_a_channel_that_may_not_be_joined_says_what_to_do(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.here.members.remove(place.team.bot.id)
        place.server.faults.add(method="conversations.join", error="method_not_supported_for_channel_type")
        with pytest.raises(Forbidden, match="invite @Milepost"):
            await send(place)
        assert words(place) == []


async def test_a_private_channel_that_it_was_taken_out_of_is_gone(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        place.here.private = True
        place.here.members.remove(place.team.bot.id)
        with pytest.raises(Gone):
            await send(place)


async def test_nobody_is_written_to_in_a_workspace_that_it_is_not_in(tmp_path):
    async with place_at(tmp_path, ScriptedApp()) as place:
        with pytest.raises(Forbidden):
            await place.adapter.direct(UserRef("slack", "T0OTHER", "U1"), said("Hello."), "key")
