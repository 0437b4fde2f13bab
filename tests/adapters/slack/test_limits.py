"""Every shipped message and form is one that Slack takes, and nothing in it is cut."""

import pytest

from adapters.slack.forms import Place, view
from adapters.slack.limits import CAPABILITIES
from adapters.slack.outbound import action_of, blocks, summary
from bot.chat import Link, Message, OpenForm, Send, Text, degrade
from tests.adapters.discord.test_limits import every_list, forms
from tests.bot.views.test_views import (
    every_challenge,
    every_prompt,
    every_question,
    every_reveal,
    every_step,
    every_verdict,
)
from tests.loopback.slack import LoopbackSlack, validate
from tests.loopback.slack.words import elements, words_of
from tests.support.people import items_of

CONTENT = [every_question, every_verdict, every_reveal, every_prompt, every_challenge, every_step]
LONGEST = "https://example.org/" + "long/" * 600


@pytest.fixture
def server():
    return LoopbackSlack()


def on_slack(message):
    """As a post: fitted by the core, shown by the adapter."""
    return blocks(degrade(Send(message), CAPABILITIES).message)


def check(server, message):
    """Slack takes it, and our own rules for it are kept."""
    fitted = degrade(Send(message), CAPABILITIES).message
    validate.message(server, server.team(), {"text": summary(fitted), "blocks": blocks(fitted)})
    assert not server.refused, server.refused


@pytest.mark.parametrize("messages", [*CONTENT, every_list])
def test_slack_takes_every_message(server, messages):
    for _, message in messages():
        check(server, message)


@pytest.mark.parametrize("messages", [*CONTENT, every_list])
def test_everything_that_can_be_pressed_is_there(messages):
    for name, message in messages():
        given = [item.url if isinstance(item, Link) else item.action for item in items_of(message)]
        there = [each.get("url") or action_of(each["action_id"]) for _, each in elements(on_slack(message))]
        assert sorted(there) == sorted(given), name


@pytest.mark.parametrize("messages", CONTENT)
def test_nothing_is_cut(messages):
    for name, message in messages():
        shown = words_of(on_slack(message))
        assert shown == words_of(blocks(message)), name
        whole = "".join(map(str, message.blocks))
        assert "".join(shown).count("…") == whole.count("…"), name


@pytest.mark.parametrize(
    "markdown",
    ["word " * 5000, "w" * 30_000, f"[a link]({LONGEST})", "- item\n" * 3000, "`x` **y** " * 2000,
     f"```\n{'code ' * 4000}\n```", "é𝄞&<>" * 4000],
    ids=["words", "no space", "long link", "list", "styles", "code", "beyond ASCII"],
)  # fmt: skip
def test_what_is_too_long_is_taken_all_the_same(server, markdown):
    check(server, Message("Long " * 2000, (Text(markdown),) * 8))


def test_words_are_not_cut_within():
    shown = "".join(words_of(on_slack(Message("Long", (Text("abcdefgh " * 3000),)))))
    assert shown.endswith("…")
    assert set(shown.removesuffix("…").split()) == {"abcdefgh"}


def test_slack_takes_every_form(server):
    for form in forms():
        validate.view(server.team(), view(degrade(OpenForm(form), CAPABILITIES).form, Place("C1", "1.2")))
