"""One member's flood over the wire: told in private to slow down, and everybody else is answered."""

import asyncio

import pytest

from bot.allowance import AT_ONCE
from tests.adapters.slack.test_home import member, opened
from tests.adapters.slack.wired import over_http, over_socket, study

pytestmark = pytest.mark.asyncio

SLOWLY = "Slowly, please. Try again in 5 seconds."


async def question(wired, channel):
    await wired.passes(hours=1, minutes=1)
    return next(m for m in wired.server.messages(channel) if m.only is None and "Question" in m.summary)


async def joined(wired, channel, name):
    who = wired.server.member(name, channel.team, tz="UTC")
    await who.joins(channel)
    return who


def told(person, channel):
    """Ephemeral messages that this person sees in the channel."""
    return [m for m in person.sees(channel) if m.only == person.id]


@pytest.mark.parametrize("mode", [over_socket, over_http])
async def test_a_flood_of_commands_is_told_to_slow_down_and_others_are_answered(tmp_path, mode):
    async with study(tmp_path, mode=mode) as (wired, channel, _):
        post = await question(wired, channel)
        eve = await joined(wired, channel, "Eve")
        people = [await joined(wired, channel, f"Member {n}") for n in range(5)]
        flood = asyncio.gather(*(eve.uses(channel, "/milepost", "help") for _ in range(60)))
        await asyncio.gather(*(who.presses(post, "A") for who in people))
        await flood
        assert all(
            "Correct" in m.text or "Not quite" in m.text for who in people for m in told(who, channel)
        )
        assert all(told(who, channel) for who in people)
        shown = told(eve, channel)
        assert len(shown) == 60
        assert sum(SLOWLY in m.text for m in shown) == 60 - AT_ONCE
        assert wired.rows("SELECT count(*) FROM answer") == [(5,)]
        assert not wired.server.refused
        assert not wired.server.late
        wired.clock.advance(seconds=5)
        shown = await eve.uses(channel, "/milepost", "help")
        assert SLOWLY not in shown.text


async def test_a_flood_of_clicks_is_told_to_slow_down(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        post = await question(wired, channel)
        eve, ana = [await joined(wired, channel, name) for name in ("Eve", "Ana")]
        await asyncio.gather(*(eve.presses(post, "A") for _ in range(50)))
        shown = told(eve, channel)
        assert sum(SLOWLY in m.text for m in shown) == 50 - AT_ONCE
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]
        await ana.presses(post, "B")
        assert wired.rows("SELECT count(*) FROM answer") == [(2,)]


async def test_a_form_that_comes_too_fast_stays_open_with_what_was_typed(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        eve = await joined(wired, channel, "Eve")
        await olga.uses(channel, "/study", "post-now challenge")
        await wired.passes()
        form = await eve.uses(channel, "/challenge", "submit")
        for _ in range(AT_ONCE - 1):
            await eve.uses(channel, "/milepost", "help")
        typed = {"link": "https://example.org/x", "learned": "Much, and slowly."}
        sent = await eve.submits(form, typed)
        assert list(sent.errors.values()) == [SLOWLY]
        assert not form.view.closed
        assert wired.rows("SELECT count(*) FROM submission") == [(0,)]
        wired.clock.advance(seconds=5)
        await eve.submits(form, typed)
        assert wired.rows("SELECT count(*) FROM submission") == [(1,)]


async def test_a_home_that_is_opened_again_and_again_stays_as_it_is(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        ana = await member(wired, channel)
        home = await opened(ana)
        wired.clock.advance(minutes=1)
        before = len(wired.server.called("views.publish"))
        for _ in range(AT_ONCE + 30):
            await ana._tells(
                "app_home_opened",
                {
                    "type": "app_home_opened",
                    "user": ana.id,
                    "channel": ana.inbox.id,
                    "tab": "home",
                    "event_ts": wired.server.ids.ts(),
                },
                ana.inbox,
                waits=False,
            )
        await wired.until(lambda: len(wired.server.called("views.publish")) >= before + AT_ONCE)
        await wired.adapter._serving.finish(10.0)
        assert len(wired.server.called("views.publish")) == before + AT_ONCE
        assert "Streak" in home.text
        assert SLOWLY not in home.text


async def test_suggestions_stop_without_a_word_while_somebody_asks_too_often(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        eve = await joined(wired, channel, "Eve")
        form = await eve.uses(channel, "/preferences")
        asked = [await eve.types(form.view, "Your time zone", "ber") for _ in range(45)]
        offered = [bool(shown.options) for shown in asked]
        assert offered == [True] * 40 + [False] * 5


async def test_talk_in_threads_writes_no_row(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        post = await question(wired, channel)
        eve = await joined(wired, channel, "Eve")
        before = wired.rows("SELECT count(*) FROM event")
        for number in range(30):
            await eve._writes(channel, f"What I think, part {number}", post, waits=False)
        await wired.adapter._serving.finish(10.0)
        assert wired.rows("SELECT count(*) FROM event") == before
        assert wired.rows("SELECT count(*) FROM member WHERE id > 1") == [(0,)]
        assert not told(eve, channel)


async def test_a_flood_of_mistyped_commands_is_told_to_slow_down(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        eve = await joined(wired, channel, "Eve")
        shown = [await eve.uses(channel, "/milepost", "hellp") for _ in range(30)]
        assert all("There is no command /hellp" in each.text for each in shown[:AT_ONCE])
        assert all(SLOWLY in each.text for each in shown[AT_ONCE:])


async def test_who_is_mentioned_in_talk_is_not_looked_up_and_fills_no_log(tmp_path, caplog):
    async with study(tmp_path) as (wired, channel, _):
        post = await question(wired, channel)
        eve = await joined(wired, channel, "Eve")
        caplog.clear()
        before = len(wired.server.called("users.info"))
        for n in range(30):
            named = " ".join(f"<@U0{n:03d}{k}AAAA>" for k in range(10))
            await eve._writes(channel, named, post, waits=False)
        await wired.adapter._serving.finish(20.0)
        assert len(wired.server.called("users.info")) - before <= 1
        assert [record for record in caplog.records if record.levelname == "WARNING"] == []


async def test_an_admin_of_whom_slack_does_not_tell_is_not_called_a_member(tmp_path, caplog):
    async with study(tmp_path) as (wired, channel, _):
        late = wired.server.member("Late", channel.team, admin=True)
        await late.joins(channel)
        wired.server.faults.add(method="users.info", error="internal_error")
        caplog.clear()
        for _ in range(3):
            shown = await late.uses(channel, "/study", "status")
            assert "Slack isn't telling me whether you may do that" in shown.text
        asked = [call for call in wired.server.called("users.info") if call.args["user"] == late.id]
        assert len(asked) == 1, "one failure is enough for a while"
        assert caplog.text.count("Slack does not say who somebody is") == 1
        wired.clock.advance(seconds=11)
        assert "Study group" in (await late.uses(channel, "/study", "status")).text
