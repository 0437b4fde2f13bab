"""Posts that Slack refuses: the organiser is told, with advice."""

import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack import web_api
from bot.chat import Forbidden, Gone, Rejected, Transient
from tests.adapters.slack.wired import study


@pytest.mark.asyncio
async def test_put_out_of_a_private_channel_it_says_how_to_let_it_in(tmp_path):
    """Slack answers channel_not_found there, as for a channel that was deleted."""
    async with study(tmp_path) as (wired, channel, olga):
        await wired.passes(hours=1, minutes=1)
        channel.private = True
        channel.members.remove(channel.team.bot.id)
        await wired.passes(days=1)
        told = [message.text for message in olga.sees(olga.inbox)]
        assert any("/invite @Milepost" in text for text in told), told
        await olga.invites(channel)
        await olga.uses(channel, "/study", "post-now quiz")
        await wired.passes(seconds=1)
        assert "Question of the day" in wired.server.messages(channel)[-1].summary


class Response(dict):
    """Response that slack_sdk attaches to an error."""

    status_code = 200
    headers: dict[str, str] = {}  # noqa: RUF012 - read only


def refused(code):
    return web_api.classified(SlackApiError("", Response(ok=False, error=code)))


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("channel_not_found", Gone, "/invite @Milepost"),
        ("not_in_channel", Forbidden, "/invite @Milepost"),
        ("is_archived", Gone, "Unarchive"),
        ("restricted_action", Forbidden, "Ask an admin"),
        ("restricted_action_read_only_channel", Forbidden, "Ask an admin"),
        ("missing_scope", Forbidden, "Install Milepost again"),
        ("invalid_auth", Forbidden, "milepost doctor"),
        ("account_inactive", Forbidden, "Install Milepost again"),
        ("rate_limited", Transient, "slow down"),
        ("team_added_to_org", Transient, "having problems"),
        ("invalid_blocks", Rejected, "report"),
    ],
)
def test_a_code_becomes_a_sentence_that_says_what_to_do(code, kind, said):
    error = refused(code)
    assert isinstance(error, kind)
    assert said in str(error)


@pytest.mark.parametrize("code", [*web_api._GONE, *web_api._FORBIDDEN])
def test_every_sentence_is_one(code):
    sentence = str(refused(code))
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert ".." not in sentence
    assert code not in sentence
