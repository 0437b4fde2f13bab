"""Replies in threads and links in commands, over the wire, as Slack sends them."""

import pytest

from tests.adapters.slack.wired import study
from tests.loopback.slack import native

pytestmark = pytest.mark.asyncio

REPLIES = "SELECT count(*) FROM activity WHERE kind = 'prompt_reply'"


async def prompt_of(wired, channel):
    await wired.passes(hours=1, minutes=1)
    return next(m for m in wired.server.messages(channel) if "Mark done" in m.text)


@pytest.mark.parametrize(
    "how",
    [{"subtype": "thread_broadcast"}, {"subtype": "me_message"}, {"files": ["Sketch"]}],
    ids=["also sent to the channel", "me", "with a file"],
)
async def test_a_reply_of_each_kind_counts_once(tmp_path, how):
    async with study(tmp_path, quiz_only=False) as (wired, channel, _):
        prompt = await prompt_of(wired, channel)
        ana = wired.server.member("Ana", channel.team)
        await ana.joins(channel)
        did = await ana.replies(prompt, "A bool is an int.", **how)
        assert "Done!" in did.text
        wired.server.rules.patience = 0.2
        mention = native.message_event(did.surface) | {"type": "app_mention"}
        await ana._tells("app_mention", mention, channel, did.surface)
        await wired.passes(seconds=1)
        assert wired.rows(REPLIES) == [(1,)]


async def test_a_reply_of_a_file_alone_says_its_title(tmp_path):
    async with study(tmp_path, quiz_only=False) as (wired, channel, _):
        prompt = await prompt_of(wired, channel)
        ana = wired.server.member("Ana", channel.team)
        await ana.joins(channel)
        assert "Done!" in (await ana.replies(prompt, "", files=["My sketch"])).text
        assert wired.rows(REPLIES) == [(1,)]


async def test_an_edit_is_no_second_reply(tmp_path):
    async with study(tmp_path, quiz_only=False) as (wired, channel, _):
        prompt = await prompt_of(wired, channel)
        ana = wired.server.member("Ana", channel.team)
        await ana.joins(channel)
        said = (await ana.replies(prompt, "A bool is an int.")).surface
        wired.server.rules.patience = 0.2
        edited = native.message_event(said) | {"subtype": "message_changed", "ts": wired.server.ids.ts()}
        await ana._tells("message.channels", edited, channel, said)
        assert wired.rows(REPLIES) == [(1,)]


async def test_bystanders_are_not_looked_up_and_nothing_of_their_talk_is_kept(tmp_path):
    async with study(tmp_path, quiz_only=False) as (wired, channel, _):
        prompt = await prompt_of(wired, channel)
        ben, eve = (wired.server.member(name, channel.team) for name in ("Ben", "Eve"))
        for each in (ben, eve):
            await each.joins(channel)
        patience, wired.server.rules.patience = wired.server.rules.patience, 0.2
        said = (await ben.says(channel, "Lunch at noon? My phone is 555-1234.")).surface
        await eve.replies(said, f"Yes, and <@{ben.id}> brings the cake.")
        await eve.says(channel, "lol")
        asked = [call.args.get("user") for call in wired.server.called("users.info")]
        assert not {ben.id, eve.id} & set(asked)
        assert wired.rows(REPLIES) == [(0,)]
        wired.server.rules.patience = patience
        await eve.replies(prompt, f"As <@{ben.id}> said: a secret of mine")
        asked = [call.args.get("user") for call in wired.server.called("users.info")]
        assert (eve.id in asked, ben.id in asked) == (True, False)
        assert wired.rows(REPLIES) == [(1,)]
        dumped = "".join(wired.dump())
        assert not [words for words in ("555-1234", "cake", "secret of mine", "lol") if words in dumped]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://example.org/ana I learned a lot", "https://example.org/ana"),
        ("<https://example.org/ana> I learned a lot", "https://example.org/ana"),
        ("<https://example.org/ana|my project> I learned a lot", "https://example.org/ana"),
        ("https://example.org/?a=1&b=2 I learned a lot", "https://example.org/?a=1&b=2"),
    ],
)
async def test_a_link_is_taken_as_slack_escapes_it(tmp_path, typed, shown):
    async with study(tmp_path, quiz_only=False) as (wired, channel, olga):
        await wired.posts_project(channel, olga)
        assert "Shared" in (await olga.uses(channel, "/challenge", f"submit {typed}")).text
        assert shown in (await olga.uses(channel, "/challenge", "list")).text


async def test_words_are_escaped_once_on_each_way(tmp_path):
    """A person types characters that Slack escapes: kept as typed, and shown as typed."""
    async with study(tmp_path, quiz_only=False) as (wired, channel, olga):
        await wired.posts_project(channel, olga)
        await olga.uses(channel, "/challenge", "submit https://example.org/ana a < b && c > <d> &amp;")
        assert wired.rows("SELECT learned FROM submission") == [("a < b && c > <d> &amp;",)]
        assert "a < b && c > <d> &amp;" in (await olga.uses(channel, "/challenge", "list")).text
        form = await olga.uses(channel, "/challenge", "submit")
        values = {"Link to what you built": "https://example.org/ben", "What did you learn?": "x &lt; <y>"}
        await olga.submits(form, values)
        assert ("x &lt; <y>",) in wired.rows("SELECT learned FROM submission")


async def test_a_letter_in_the_channel_or_under_the_question_gets_a_hint(tmp_path):
    async with study(tmp_path) as (wired, channel, _):
        await wired.passes(hours=1, minutes=1)
        question = next(m for m in wired.server.messages(channel) if not m.only)
        ana = wired.server.member("Ana", channel.team)
        await ana.joins(channel)
        for did in (await ana.says(channel, "B"), await ana.replies(question, "b)")):
            assert "Press the button under the question" in did.text
            assert all(message.only == ana.id for message in did.posts)
