"""Bodies that are signed and malformed: refused in a sentence, without a trace, whatever part is wrong."""

import json
import logging
import os
import random
from urllib.parse import unquote_plus, urlencode

import aiohttp
import pytest

from tests.adapters.slack.signing import FORM, JSON, sends, signed
from tests.adapters.slack.wired import over_http, study

pytestmark = pytest.mark.asyncio

MUTATIONS = int(os.environ.get("MUTATED_BODIES", "300"))
STRANGE = [None, True, 0, -1, 1e308, "", "x", "\x00", "|||", [], [1], {}, {"id": []}, [[[]]], "9" * 400]


def traces(caplog):
    """Traces, and errors; but a workspace that has not installed us is an error to Bolt."""
    errors = (r for r in caplog.records if r.exc_info or r.levelno >= logging.ERROR)
    return [r for r in errors if "app should be installed" not in r.getMessage()]


NEVER_SENT = [
    (b"", JSON),
    (b"{", JSON),
    (b"[]", JSON),
    (b"5", JSON),
    (b"null", JSON),
    (b'"text"', JSON),
    (b"[" * 100_000, JSON),
    (b'{"a":' * 50_000, JSON),
    (b"1" * 5000, JSON),
    (b"NaN", JSON),
    (b"{}", JSON),
    (b'{"type": []}', JSON),
    (b'{"type": "block_actions", "team": {"id": "T1"}, "actions": []}', JSON),
    (b'{"type": "event_callback", "team_id": {}, "event": {"type": "message"}}', JSON),
    (b'{"type": "event_callback", "team_id": "T1", "event": {"type": {}}}', JSON),
    (b'{"type": "event_callback", "team_id": "T1", "event": []}', JSON),
    (b'{"type": "view_submission", "team": {"id": "T1"}, "view": {}}', JSON),
    (b'{"command": 5, "team_id": "T1"}', JSON),
    (b"payload=", FORM),
    (b"payload=%7B", FORM),
    (b"payload=[]", FORM),
    (b"command=/study", FORM),
    (b"command=/study&team_id=T1&user_id=U1", FORM),
    (b"&&&===%%%", FORM),
    (b"\x00", FORM),
]


async def test_what_slack_never_sends_gets_a_sentence(tmp_path, caplog):
    async with study(tmp_path, mode=over_http) as (wired, _, _):
        for body, kind in NEVER_SENT:
            status, text = await sends(wired, body, signed(wired, body, kind=kind))
            assert (status, text) == (400, "The request isn't one that Slack sends.\n"), body[:80]
        assert traces(caplog) == []


async def seen(wired, channel, olga):
    """One of each thing that Slack sends of a day: (body, content type)."""
    sent, send = [], wired.server.http.post

    async def noted(body, kind="application/json", **more):
        sent.append((body, {"Content-Type": kind}))
        return await send(body, kind, **more)

    wired.server.http.post = noted
    await wired.passes(hours=1, minutes=1)
    posts = [m for m in wired.server.messages(channel) if m.only is None and m.blocks]
    for post in posts:
        if "Mark done" in post.text:
            await olga.replies(post, "A bool is an int.")
            await olga.presses(post, "Mark done")
    await olga.presses(next(m for m in posts if "quiz.answer" in json.dumps(m.blocks)), "A")
    form = await olga.uses(wired.server.channel(channel.team, "other"), "/study", "setup")
    await olga.submits(form, {"zone": "Nowhere", "time": "10:00", "days": "daily"})
    await olga.opens_home()
    wired.server.http.post = send
    return sent


def mutated(rng, value):
    """Copy of a JSON value in which one part, or the whole, is replaced or left out."""
    if isinstance(value, dict) and value and rng.random() < 0.95:
        key = rng.choice(sorted(value))
        if rng.random() < 0.15:
            return {name: part for name, part in value.items() if name != key}
        return value | {key: mutated(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.8:
        at = rng.randrange(len(value))
        return [*value[:at], mutated(rng, value[at]), *value[at + 1 :]]
    return rng.choice(STRANGE)


async def test_no_mutation_of_what_slack_sends_is_a_fault_of_ours(tmp_path, caplog):
    seed = random.randrange(1 << 32)
    rng = random.Random(seed)
    async with study(tmp_path, mode=over_http, quiz_only=False) as (wired, channel, olga):
        sent = await seen(wired, channel, olga)
        assert len(sent) >= 5
        caplog.clear()
        told = {}
        async with aiohttp.ClientSession() as session:
            for _ in range(MUTATIONS):
                text, kind = rng.choice(sent)
                body = _changed(rng, text, kind)
                status, said = await sends(wired, body, signed(wired, body, kind=kind), session=session)
                told[status] = told.get(status, 0) + 1
                assert status in {200, 400}, (seed, status, said, body)
                assert status == 200 or said.count("\n") == 1
            await wired.application.adapters["slack"]._serving.finish(30)
        assert told[400] > MUTATIONS / 10
        assert told[200] > MUTATIONS / 10
        assert traces(caplog) == [], seed


def _changed(rng, text, kind):
    if kind == JSON:
        return json.dumps(mutated(rng, json.loads(text))).encode()
    if text.startswith("payload="):
        payload = json.loads(unquote_plus(text.removeprefix("payload=")))
        return urlencode({"payload": json.dumps(mutated(rng, payload))}).encode()
    # Where to answer stays as it is: nothing here is to be looked for outside of this machine.
    words, name, address = text.partition("&response_url=")
    letters = bytearray(words.encode())
    for _ in range(rng.randrange(1, 4)):
        letters[rng.randrange(len(letters))] = rng.choice(b"&=%+ax0|\x00")
    return bytes(letters) + f"{name}{address}".encode()
