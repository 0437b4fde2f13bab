"""Slack's escapes and marks in typed text are decoded once, on the way in."""

import pytest

from adapters.slack.inbound import Person, read_reply, read_slash
from adapters.slack.mrkdwn import as_typed, escaped
from bot.chat import ParseError
from bot.handlers import all_routes
from tests.adapters.slack.test_inbound import COMMANDS, NOW, slash
from tests.loopback.slack.escapes import escaped as as_slack_sends

ANA = Person("Ana")
NAMES = {"U1": "Ana <3", "U2": "Ben"}
assert all_routes()


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt; stays", "&lt; stays"),
        ("<https://example.org>", "https://example.org"),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"),
        ("<http://example.org|example.org>", "http://example.org"),
        ("<https://example.org|my project>", "my project (https://example.org)"),
        ("<mailto:ana@example.org|ana@example.org>", "ana@example.org"),
        ("<mailto:ana@example.org>", "ana@example.org"),
        ("<tel:+49123|+49 123>", "+49 123"),
        ("<@U2> and <@U2|benny>", "@Ben and @Ben"),
        ("<@U1>", "@Ana <3"),
        ("<@U9|zoe>, <@U9>", "@zoe, @somebody"),
        ("<#C1|general> <#C2>", "#general #channel"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!here|here>", "@here"),
        ("<!subteam^S1|@team> <!subteam^S2>", "@team @group"),
        ("<!date^1^{date}|1 Jan 1970>", "1 Jan 1970"),
        ("&lt;@U2&gt; &lt;https://x&gt;", "<@U2> <https://x>"),
        ("if a &lt;b then c&gt;", "if a <b then c>"),
        ("< spaced >", "< spaced >"),
    ],
)
def test_a_text_is_what_was_typed(sent, typed):
    assert as_typed(sent, NAMES) == typed


@pytest.mark.parametrize("words", ["a < b && c > d", "<@U1>", "&amp;", "<https://x|y>", "<!here>"])
def test_what_is_escaped_comes_back(words):
    assert as_typed(escaped(words)) == words


@pytest.mark.parametrize(
    ("typed", "args"),
    [
        ("submit https://example.org/ana Learned a lot",
         {"link": "https://example.org/ana", "learned": "Learned a lot"}),
        ("submit <https://example.org/ana|my app> Learned",
         {"link": "https://example.org/ana", "learned": "Learned"}),
        ("submit https://example.org/?a=1&b=2 a < b && c > d",
         {"link": "https://example.org/?a=1&b=2", "learned": "a < b && c > d"}),
        ("submit example.org/ana Learned",
         {"link": "http://example.org/ana", "learned": "Learned"}),
        ("submit https://example.org <@U2|ben> and <#C1|general> helped, write ana@example.org",
         {"link": "https://example.org", "learned": "@ben and #general helped, write ana@example.org"}),
        ('submit link:https://example.org learned:"x &amp; y"',
         {"link": "https://example.org", "learned": "x &amp; y"}),
    ],
)  # fmt: skip
def test_a_command_is_read_as_it_was_typed(typed, args):
    used = read_slash(slash("/challenge", as_slack_sends(typed)), COMMANDS, ANA, NOW)
    assert (used.name, dict(used.args)) == ("challenge submit", args)


def test_what_looks_like_a_mark_is_none():
    with pytest.raises(ParseError, match="<@U2>"):
        read_slash(slash("/progress", "&lt;@U2&gt;"), COMMANDS, ANA, NOW)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"subtype": "thread_broadcast"}, "Look"),
        ({"subtype": "me_message"}, "Look"),
        ({"subtype": "file_share", "files": [{"title": "Sketch"}]}, "Look"),
        (
            {"subtype": "file_share", "text": "", "files": [{"title": "A &lt; B", "name": "x.png"}]},
            "A &lt; B",
        ),
        (
            {"subtype": "file_share", "text": " ", "files": [{"name": "x.png"}, {"id": "F1"}]},
            "x.png, a file",
        ),
        ({"text": "", "attachments": [{"text": "from &lt;them&gt;"}]}, "from <them>"),
        ({"text": "", "attachments": [{"is_share": True}]}, "a message"),
    ],
    ids=str,
)
def test_whatever_people_write_in_a_thread_is_a_reply(more, said):
    event = {
        "type": "message",
        "user": "U1",
        "channel": "C1",
        "ts": "5.0",
        "thread_ts": "1.0",
        "text": "Look",
    }
    written = read_reply({"team_id": "T1", "event": event | more}, ANA)
    assert written
    assert written.text == said


@pytest.mark.parametrize(
    "subtype",
    ["message_changed", "message_deleted", "message_replied", "bot_message", "channel_join", "tombstone"],
)
def test_nothing_else_is(subtype):
    event = {
        "type": "message",
        "user": "U1",
        "channel": "C1",
        "ts": "5.0",
        "thread_ts": "1.0",
        "text": "Look",
    }
    assert read_reply({"team_id": "T1", "event": event | {"subtype": subtype}}, ANA) is None
