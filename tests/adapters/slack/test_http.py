"""HTTP mode over the wire: what is let in, what is refused, retries, and the end."""

import asyncio
import json
import logging

import aiohttp
import pytest

from adapters.slack.http import MOST_BYTES, OLDEST
from bot.chat import SetupError
from tests.adapters.slack.signing import sends, signed
from tests.adapters.slack.wired import over_http, running, study
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

CHALLENGE = json.dumps({"type": "url_verification", "challenge": "known", "token": "x"}).encode()


def posts(wired, channel):
    return [m for m in wired.server.messages(channel) if m.only is None and m.blocks]


async def test_a_question_is_answered(tmp_path):
    async with study(tmp_path, mode=over_http) as (wired, channel, olga):
        await wired.passes(hours=1, minutes=1)
        shown = await olga.presses(posts(wired, channel)[-1], "A")
        assert shown.ephemeral
        form = await olga.uses(wired.server.channel(channel.team, "other"), "/study", "setup")
        sent = await olga.submits(form, {"zone": "Nowhere", "time": "10:00", "days": "daily"})
        assert "zone" in sent.errors
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]
        assert wired.server.sockets.hellos == 0
        assert not wired.server.late
        assert not wired.server.refused


async def test_slack_can_verify_the_address_and_a_balancer_its_health(tmp_path):
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        assert await wired.server.http.verifies()
        assert await sends(wired, b"", {}, "GET", "/healthz") == (200, "ok\n")
        assert (await sends(wired, b"", {}, "GET"))[0] == 405
        assert (await sends(wired, b"", {}, "GET", "/slack/install"))[0] == 404


@pytest.mark.parametrize("how", ["wrong", "old", "letters", "none"])
async def test_what_slack_has_not_signed_lately_is_refused(tmp_path, caplog, how):
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        assert (await wired.server.http.forged("right"))[0] == 200
        status, text = await wired.server.http.forged(how)
        assert status == 401
        assert len(text.splitlines()) == 1
        assert not [record for record in caplog.records if record.levelno > logging.WARNING]
        assert wired.server.signing_secret not in caplog.text


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": b"v0=\xff".decode("utf-8", "surrogateescape")},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "1e9"},
        {"X-Slack-Request-Timestamp": "٣٣٣"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
    ],
    ids=str,
)
async def test_strange_headers_are_refused(tmp_path, caplog, changed):
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        status, _ = await sends(wired, CHALLENGE, signed(wired, CHALLENGE) | changed)
        assert status == 401
        assert not [record for record in caplog.records if record.levelno > logging.WARNING]


async def test_a_signature_holds_for_five_minutes_of_our_clock(tmp_path):
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        headers = signed(wired, CHALLENGE)
        assert await sends(wired, CHALLENGE, headers) == (200, '{"challenge": "known"}')
        wired.clock.advance(seconds=OLDEST)
        assert (await sends(wired, CHALLENGE, headers))[0] == 200
        wired.clock.advance(seconds=1)
        assert (await sends(wired, CHALLENGE, headers))[0] == 401
        ahead = str(int(wired.clock.now().timestamp()) + OLDEST + 1)
        assert (await sends(wired, CHALLENGE, signed(wired, CHALLENGE, at=ahead)))[0] == 401


async def test_a_body_that_was_changed_is_refused(tmp_path):
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        headers = signed(wired, CHALLENGE)
        assert (await sends(wired, CHALLENGE.replace(b"known", b"other"), headers))[0] == 401


async def test_a_body_that_is_too_large_is_refused(tmp_path, caplog):
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        large = CHALLENGE + b" " * MOST_BYTES
        assert (await sends(wired, large, signed(wired, large)))[0] == 413
        fits = CHALLENGE + b" " * (MOST_BYTES - len(CHALLENGE))
        assert (await sends(wired, fits, signed(wired, fits)))[0] == 200
        assert not [record for record in caplog.records if record.levelno > logging.WARNING]


async def test_a_body_that_never_ends_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.toolkit.http_server.READ_WITHIN", 0.05)
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        host, _, port = wired.base.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
        assert b" 408 " in await reader.readline()
        writer.close()
        await writer.wait_closed()


async def test_what_is_no_text_is_refused(tmp_path):
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        assert (await sends(wired, b"\xff\xfe", signed(wired, b"\xff\xfe")))[0] == 400
        strange = signed(wired, CHALLENGE) | {"Content-Type": "application/json; charset=klingon"}
        assert (await sends(wired, CHALLENGE, strange))[0] == 400


async def test_what_slack_sends_again_changes_nothing_twice(tmp_path):
    rules = {"redelivers_after": (0.0,)}
    async with study(tmp_path, mode=over_http, quiz_only=False, rules=rules) as (wired, channel, olga):
        await wired.passes(hours=1, minutes=1)
        prompt = next(m for m in posts(wired, channel) if "Mark done" in m.text)
        said = await olga.replies(prompt, "A bool is an int.")
        await said.until(lambda _: said.ephemerals)
        heard = wired.server.interactions[-1]
        again = await wired.server.http.send(heard, 1, "timeout", 3.0)
        assert again.status == 200
        shown = await olga.presses(prompt, "Mark done")
        assert (await wired.server.http.send(shown, 1, "timeout", 3.0)).status == 200
        await wired.application.adapters["slack"]._serving.finish(5)
        assert wired.rows("SELECT count(*) FROM activity WHERE kind = 'prompt_reply'") == [(1,)]
        acts = wired.rows("SELECT count(*), count(DISTINCT key) FROM activity")
        assert acts[0][0] == acts[0][1]


async def test_at_the_end_what_has_begun_is_finished_and_nothing_more_is_taken(tmp_path):
    async with study(tmp_path, mode=over_http) as (wired, channel, olga):
        await wired.passes(hours=1, minutes=1)
        post = posts(wired, channel)[-1]
        held, acting = await wired.begins(olga.presses(post, "A"))
        base = wired.base
        stopping = asyncio.create_task(wired.application.adapters["slack"].stop())
        async with aiohttp.ClientSession() as session:

            async def closed():
                try:
                    async with session.get(f"{base}/healthz"):
                        return False
                except aiohttp.ClientConnectionError:
                    return True

            while not await closed():
                pass
        done, _ = await asyncio.wait([stopping], timeout=0.3)
        assert not done
        held.release()
        await stopping
        shown = await acting
        assert shown.ephemeral
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]


async def test_an_address_in_use_is_said_in_one_sentence(tmp_path):
    async with LoopbackSlack() as server:
        team, clock = server.team("Berlin"), FakeClock()
        (tmp_path / "other").mkdir()
        async with running(tmp_path, server, team, clock, mode=over_http) as wired:
            port = int(wired.base.rpartition(":")[2])

            def same(server, team):
                return over_http(server, team) | {"http_port": port}

            with pytest.raises(SetupError, match=r"^slack: .*in use"):
                async with running(tmp_path / "other", server, team, clock, mode=same):
                    pass
