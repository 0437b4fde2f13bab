"""A day at DEBUG over the wire: what is logged or printed has no secret in it, nor what members wrote."""

import re

import pytest

from bot.app import Milepost
from bot.toolkit.redaction import MARK
from milepost.logs import redact_faults
from tests.adapters.slack.wired import KEY, many, over_http, over_socket, running
from tests.loopback.overheard import overheard
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

NAME = "Quetzalia Wordsmith"
WORDS = "kiwibird marmalade, and my phone is 555-010-4477"
LINK = "https://git.example.org/quokkabuild"
TYPED = "axolotl pudding"
OF_MEMBERS = ("Quetzalia", "Wordsmith", "kiwibird", "marmalade", "010-4477", "quokkabuild", "axolotl")


def many_over_socket(server, team):
    settings = many(server, team)
    del settings["signing_secret"]
    return settings | {"app_token": server.app_token}


class Secrets:
    """All that the server gives away in confidence."""

    def __init__(self, server):
        self.server, self.known = server, set()
        grant, allow = server.installing.grant, server.installing.allow

        def granted(team):
            made = grant(team)
            self.known |= {made.token, made.refresh}
            return made

        def allowed(person, query):
            code = allow(person, query)
            self.known |= {code, query.get("state")}
            return code

        server.installing.grant, server.installing.allow = granted, allowed

    def all(self):
        server = self.server
        own = {server.signing_secret, server.client_secret, server.app_token, KEY, *server.grants}
        answers = {i.response_url.rpartition("/")[2] for i in server.interactions if i.response_url}
        return {secret for secret in own | answers | self.known if secret}


def fails(monkeypatch, secrets):
    """From now on every act ends in a fault whose text repeats what it was given, and secrets."""

    def request_of(_self, call, _unit, _commands):
        raise RuntimeError(f"cannot serve {call} with {' '.join(filter(None, secrets))}")

    monkeypatch.setattr(Milepost, "_request_of", request_of)


async def a_day(wired, channel, olga, monkeypatch, known):
    """Whatever members do in a day, answered, refused, lost on the way, and at fault."""
    server = wired.server
    ana = server.member(NAME, channel.team)
    await ana.joins(channel)
    await wired.founds(channel, olga, quiz_only=False)
    await wired.passes(hours=1, minutes=1)
    posts = [m for m in server.messages(channel) if m.only is None]
    prompt = next(m for m in posts if "Mark done" in m.text)
    quiz = next(m for m in posts if "Question of the day" in m.text)
    await ana.presses(quiz, "A")
    await ana.replies(prompt, WORDS)
    await wired.posts_project(channel, olga)
    shown = await ana.uses(channel, "/challenge", "show")
    form = await ana.presses(shown.message, "Share my project")
    labels = [b["label"]["text"] for b in form.view.raw["blocks"] if "element" in b]
    await ana.submits(form, {labels[0]: LINK, **dict.fromkeys(labels[1:], WORDS)})
    await ana.uses(channel, "/quiz", TYPED)
    await ana.uses(channel, "/progress")
    await ana.opens_home()
    await ana.uses(channel, "/milepost", f"press {TYPED}")
    for fault in ({"status": 503}, {"status": 404}, {"reset": True}):
        server.faults.add(method="response_url", **fault)
        await ana.uses(channel, "/quiz", TYPED)
    server.faults.add(method="chat.postMessage", error="invalid_blocks")
    await wired.passes(hours=11)
    await wired.passes(days=1)
    with monkeypatch.context() as broken:
        fails(broken, [*known, *server.grants])
        shown = await ana.uses(channel, "/quiz", TYPED)
        await ana.replies(prompt, WORDS)
    return shown.text


@pytest.mark.parametrize(
    ("mode", "libraries"),
    [(over_socket, False), (many, False), (over_http, True), (many_over_socket, True)],
    ids=["socket", "many", "http, libraries at DEBUG", "many over a socket, libraries at DEBUG"],
)
async def test_a_day_leaves_no_secret_in_the_log(tmp_path, monkeypatch, capfd, mode, libraries):
    """Libraries at DEBUG write down all that they get, so what members wrote is only safe without them."""
    redact_faults()
    clock, installs = FakeClock(), mode in {many, many_over_socket}

    def seconds():
        return clock.now().timestamp()

    with overheard(libraries=libraries) as heard:
        async with LoopbackSlack(clock=seconds, now=seconds, limited=False, rotation=installs) as server:
            secrets = Secrets(server)
            team = server.team("Berlin", installed=not installs)
            channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
            known = [value for value in mode(server, team).values() if isinstance(value, str)]
            async with running(tmp_path, server, team, clock, mode=mode) as wired:
                if installs:
                    assert (await wired.installed(olga, forged_state="other-canary-state"))[0] == 400
                    assert (await wired.installed(olga))[0] == 200
                apology = await a_day(wired, channel, olga, monkeypatch, known)
    out, err = capfd.readouterr()
    heard.lines += [out, err]
    assert len(secrets.all()) >= 9
    assert heard.has(*secrets.all(), "other-canary-state") == []
    assert MARK in heard.text
    reference = re.search(r"the reference ([0-9a-f]{8})", apology)[1]
    told = [line for line in heard.lines if reference in line]
    assert len([line for line in told if " ERROR " in line]) == 1
    assert "RuntimeError: cannot serve" in told[0]
    assert "in request_of" in told[0]
    if not libraries:
        assert heard.has(*OF_MEMBERS) == []
