"""A day at DEBUG over the wire: what is logged or printed has no secret in it, nor what members wrote."""

import asyncio
import re

import pytest

from adapters.discord import adapter
from bot.app import Milepost
from bot.toolkit.redaction import MARK
from milepost.logs import redact_faults
from tests.adapters.discord.wired import options_of, study
from tests.loopback.overheard import overheard

pytestmark = pytest.mark.asyncio

TOKEN = "canary-0b0e-token/of+the=bot"
NAME = "Quetzalia Wordsmith"
WORDS = "kiwibird marmalade, and my phone is 555-010-4477"
LINK = "https://git.example.org/quokkabuild"
TYPED = "axolotl pudding"
OF_MEMBERS = ("Quetzalia", "Wordsmith", "kiwibird", "marmalade", "010-4477", "quokkabuild", "axolotl")


def fails(monkeypatch, secret, newest):
    """From now on every act ends in a fault whose text repeats what it was given, and secrets."""

    def request_of(_self, call, _unit, _commands):
        raise RuntimeError(f"cannot serve {call} with {secret} and {newest()}")

    monkeypatch.setattr(Milepost, "_request_of", request_of)


async def a_day(wired, channel, olga, monkeypatch):
    """Whatever members do in a day, answered, refused, lost on the way, and at fault."""
    ana = wired.server.member(NAME, channel.guild)
    await wired.passes(hours=1, minutes=1)
    prompt, quiz = wired.posts(channel)
    await ana.presses(quiz, options_of(quiz)[0])
    form = await ana.presses(prompt, "Write a reply")
    await ana.submits(form, dict.fromkeys((label for label, _ in form.modal.inputs()), WORDS))
    await olga.uses(channel, "study post-now", {"kind": "challenge"})
    await wired.passes(seconds=1)
    shown = await ana.uses(channel, "challenge show")
    form = await ana.presses(shown.message, "Share my project")
    labels = [label for label, _ in form.modal.inputs()]
    await ana.submits(form, {labels[0]: LINK, **dict.fromkeys(labels[1:], WORDS)})
    await ana.types(channel, "quiz", "topic", TYPED)
    await ana.uses(channel, "quiz", {"topic": TYPED})
    await ana.uses(channel, "progress")
    await olga.uses(channel, "leaderboard")
    for fault in ({"status": 404}, {"status": 503}, {"reset": True}):
        wired.server.faults.add(method="POST", path="/interactions/*/callback", **fault)
        await ana.uses(channel, "quiz", {"topic": TYPED})
    wired.server.faults.add(method="POST", path="/channels/*/messages", status=400, times=1)
    await wired.passes(days=1)
    with monkeypatch.context() as broken:
        fails(broken, wired.server.rules.token, lambda: wired.newest.token)
        shown = await ana.uses(channel, "quiz", {"topic": TYPED})
        form = await ana.presses(prompt, "Write a reply")
    await asyncio.sleep(0)
    return shown.text


@pytest.mark.parametrize("libraries", [False, True], ids=["as it is", "with the libraries at DEBUG"])
async def test_a_day_leaves_no_secret_in_the_log(tmp_path, monkeypatch, capfd, libraries):
    """Libraries at DEBUG write down all that they get, so what members wrote is only safe without them."""
    redact_faults()
    with overheard(libraries=libraries) as heard:
        rules = {"token": TOKEN}
        async with study(tmp_path, quiz_only=False, rules=rules) as (wired, channel, olga):
            apology = await a_day(wired, channel, olga, monkeypatch)
            tokens = list(wired.server.interactions)
    out, err = capfd.readouterr()
    heard.lines += [out, err]
    assert len(tokens) >= 12
    assert heard.has(TOKEN, *tokens) == []
    assert MARK in heard.text
    reference = re.search(r"the reference ([0-9a-f]{8})", apology)[1]
    told = [line for line in heard.lines if reference in line]
    assert len([line for line in told if " ERROR " in line]) == 1
    assert "RuntimeError: cannot serve" in told[0]
    assert "in request_of" in told[0]
    if not libraries:
        assert heard.has(*OF_MEMBERS) == []


async def test_a_fault_of_the_adapter_is_logged_once_without_what_was_typed(tmp_path, monkeypatch):
    read = asyncio.Event()

    def fault(native):
        read.set()
        raise RuntimeError(f"cannot read {native.data} of {native.user.display_name} with {native.token}")

    with overheard() as heard:
        async with study(tmp_path) as (wired, channel, _):
            ana = wired.server.member(NAME, channel.guild)
            with monkeypatch.context() as broken:
                broken.setattr(adapter, "read", fault)
                acting = asyncio.create_task(ana.uses(channel, "quiz", {"topic": TYPED}))
                await read.wait()
                acting.cancel()
            tokens = list(wired.server.interactions)
    assert len([line for line in heard.lines if "cannot read" in line and " ERROR " in line]) == 1
    assert heard.has(*tokens, *OF_MEMBERS) == []
