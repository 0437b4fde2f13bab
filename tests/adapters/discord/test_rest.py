"""Failed requests to Discord: retried, or reported as errors of the core."""

import asyncio
import time
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from adapters.discord.rest import LOOK_UPS, MOST_WAITING, TRIES, RestClient, classified, is_transient
from bot.chat import Forbidden, Gone, Rejected, Transient

pytestmark = pytest.mark.asyncio

KINDS = {403: discord.Forbidden, 404: discord.NotFound}


def refused(status, code=0, **headers):
    """Exception that discord.py raises for a response with this status."""
    kind = discord.DiscordServerError if status >= 500 else KINDS.get(status, discord.HTTPException)
    response = SimpleNamespace(status=status, reason="Reason", headers=headers)
    return kind(response, {"code": code, "message": "What Discord says"})


class Line:
    """Fails in the given ways one after another, then works."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.tried = 0

    async def __call__(self):
        self.tried += 1
        if self.failures:
            raise self.failures.pop(0)
        return "sent"


class Rests:
    """Sleeps without waiting and remembers how long it should have been."""

    def __init__(self):
        self.seconds = []

    async def __call__(self, seconds):
        self.seconds.append(seconds)


def rest(rests=None):
    return RestClient(50, rests or Rests())


PASSING = [
    refused(503),
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientOSError(104, "reset"),
    ConnectionResetError(104, "reset"),
    TimeoutError(),
]
LASTING = [
    (refused(403, 50001), Forbidden, "View Channel"),
    (refused(403, 50013), Forbidden, "permission"),
    (refused(403, 50007), Forbidden, "accept direct messages"),
    (refused(403, 40001), Forbidden, "Discord doesn't allow it: What Discord says (40001)."),
    (refused(404, 10003), Gone, "channel was deleted"),
    (refused(404, 10004), Gone, "Invite me again"),
    (refused(404, 10008), Gone, "message was deleted"),
    (refused(404, 10011), Gone, "Choose another one"),
    (refused(404, 10013), Gone, "account was deleted"),
    (refused(404), Transient, "couldn't find it"),
    (refused(400, 50008), Forbidden, "text channel"),
    (refused(400, 50083), Forbidden, "Reopen"),
    (refused(400, 200000), Forbidden, "AutoMod"),
    (refused(400, 130000), Transient, "slow down"),
    (refused(400, 50035), Rejected, "doesn't take the message: What Discord says (50035)."),
    (refused(401), Transient, "doesn't accept my token"),
    (refused(429), Transient, "slow down"),
    (refused(500), Transient, "having problems (500)"),
    (refused(502), Transient, "having problems (502)"),
    (discord.RateLimited(7.5), Transient, "slow down"),
    (discord.ClientException("no"), Rejected, "discord.py can't send it: no"),
]


@pytest.mark.parametrize("failure", PASSING, ids=repr)
async def test_what_passes_is_tried_again(failure):
    line = Line(failure, failure)
    assert await rest().request(line) == "sent"
    assert line.tried == 3


@pytest.mark.parametrize("failure", PASSING, ids=repr)
async def test_what_does_not_pass_after_all_is_transient(failure):
    line = Line(*[failure] * 9)
    with pytest.raises(Transient):
        await rest().request(line)
    assert line.tried == TRIES


@pytest.mark.parametrize(("failure", "kind", "said"), LASTING, ids=[repr(each[0]) for each in LASTING])
async def test_what_lasts_is_told_at_once_in_the_words_of_the_core(failure, kind, said):
    line = Line(failure)
    with pytest.raises(kind) as caught:
        await rest().request(line)
    assert said in str(caught.value)
    assert type(caught.value) is kind
    assert line.tried == 1


@pytest.mark.parametrize("failure", [refused(500), refused(502), refused(504), refused(524)], ids=repr)
async def test_what_discord_py_has_tried_five_times_is_not_tried_on(failure):
    assert not is_transient(failure)


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        (refused(429, **{"Retry-After": "12.5"}), 12.5),
        (refused(429, **{"Retry-After": "soon"}), None),
        (refused(429), None),
        (discord.RateLimited(7.5), 7.5),
    ],
)
async def test_the_wait_that_discord_asks_for_is_handed_on(failure, seconds):
    assert classified(failure).retry_after == seconds


async def test_a_fault_of_ours_is_not_taken_for_one_of_discord():
    with pytest.raises(KeyError):
        await rest().request(Line(KeyError("x")))


async def test_tries_are_some_seconds_apart_and_not_longer_than_the_core_waits():
    rests = Rests()
    with pytest.raises(Transient):
        await rest(rests).request(Line(*[refused(503)] * 9))
    assert len(rests.seconds) == TRIES - 1
    assert all(0 <= seconds <= 8 for seconds in rests.seconds)
    assert sum(rests.seconds) < 30


async def test_requests_are_spread_evenly():
    rest, line = RestClient(50), Line()
    started = time.monotonic()
    await asyncio.gather(*(rest.request(line) for _ in range(11)))
    assert time.monotonic() - started >= 0.19


async def test_a_refused_token_is_said_where_the_operator_looks(caplog):
    classified(refused(401))
    assert "set a valid DISCORD_TOKEN" in caplog.text


async def test_a_post_is_sent_before_most_of_the_look_ups_that_wait_already():
    rest, asked = RestClient(50), Line()
    look_ups = [asyncio.create_task(rest.look_up(asked)) for _ in range(30)]
    await asyncio.sleep(0)
    await rest.request(Line())
    assert asked.tried <= 50 * LOOK_UPS + 1
    await asyncio.gather(*look_ups)
    assert asked.tried == 30


async def test_look_ups_beyond_those_that_can_be_asked_soon_fail_at_once():
    rest, asked = RestClient(50), Line()
    room = int(50 * LOOK_UPS) + MOST_WAITING
    results = await asyncio.gather(*(rest.look_up(asked) for _ in range(room + 40)), return_exceptions=True)
    assert results.count("sent") == asked.tried == room
    assert sum(isinstance(result, Transient) for result in results) == 40
