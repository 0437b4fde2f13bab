"""Slack's settings, and what is said of wrong ones."""

import pytest

from adapters.slack import build
from adapters.slack.settings import Settings
from bot.chat import SetupError
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("proxies", ["proxy.example.org", "10.0.0.0/99", "1.2.3"])
async def test_proxies_are_addresses_or_networks(proxies):
    with pytest.raises(ValueError, match="write addresses or networks, such as 127"):
        Settings(http_proxies=proxies, _env_file=None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"bot_token": "b"}, "SLACK_APP_TOKEN is missing"),
        ({"app_token": "a"}, "SLACK_BOT_TOKEN is missing"),
        ({"signing_secret": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({"bot_token": "b", "app_token": "a", "signing_secret": "s"}, "unset the one"),
        ({"bot_token": "b", "app_token": "a", "client_id": "c"}, "unset the one"),
        ({"app_token": "a", "client_id": "c"}, "SLACK_CLIENT_SECRET is missing"),
        ({"app_token": "a", "client_id": "c", "client_secret": "s"}, "SLACK_TOKEN_KEY is missing"),
    ],
    ids=str,
)
async def test_settings_that_do_not_go_together_are_said_in_one_sentence(given, said):
    chosen = Settings(**given, _env_file=None)
    assert chosen.set_up
    with pytest.raises(SetupError, match=said):
        build(chosen, FakeClock())


BOT, LONG = "xoxb-1-2", "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"bot_token": "b", "signing_secret": LONG},
            "SLACK_BOT_TOKEN isn't complete: it starts with xoxb-.",
        ),
        ({"bot_token": "xapp-1", "signing_secret": LONG}, "SLACK_BOT_TOKEN isn't complete"),
        ({"bot_token": BOT, "app_token": BOT}, "SLACK_APP_TOKEN isn't complete: it starts with xapp-."),
        (
            {"bot_token": BOT, "signing_secret": "s"},
            "SLACK_SIGNING_SECRET isn't complete: it has 20 characters or more. Copy it from Basic",
        ),
        ({"bot_token": BOT, "signing_secret": f"{LONG} "}, "SLACK_SIGNING_SECRET isn't complete"),
        (
            {"client_id": "1.2", "client_secret": "s", "token_key": "k", "signing_secret": LONG},
            "SLACK_CLIENT_SECRET isn't complete: it has 20 characters or more.",
        ),
    ],
    ids=str,
)
async def test_secrets_that_are_cut_or_mixed_up_are_said_in_one_sentence(given, said):
    with pytest.raises(SetupError) as caught:
        build(Settings(**given, _env_file=None), FakeClock())
    assert said in str(caught.value)
    assert LONG not in str(caught.value)
