"""The link that installs the bot."""

import base64
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord.invite import application_id, invite
from adapters.discord.settings import Settings
from bot.chat import SetupError

NUMBER = 1084000000000000001
TOKEN = base64.urlsafe_b64encode(str(NUMBER).encode()).decode().rstrip("=") + ".GxYz12.secret"


def asked(**how):
    parts = urlsplit(invite(Settings(token=TOKEN, _env_file=None), **how))
    assert (parts.scheme, parts.netloc) == ("https", "discord.com")
    return {key: values[0] for key, values in parse_qs(parts.query).items()}


def names(**how):
    permissions = discord.Permissions(int(asked(**how)["permissions"]))
    return {name for name, held in permissions if held}


def test_the_link_names_the_bot_and_what_it_may_do():
    assert asked()["client_id"] == str(NUMBER)
    assert asked()["scope"] == "bot applications.commands"
    assert "secret" not in invite(Settings(token=TOKEN, _env_file=None))


# discord.py says read_messages for what Discord calls View Channel.
def test_it_asks_for_no_more_than_posting_needs():
    assert names() == {"read_messages", "send_messages", "attach_files", "create_public_threads"} | {
        "read_message_history"
    }


def test_it_asks_for_roles_when_streaks_earn_one():
    assert names(roles=True) - names() == {"manage_roles"}


def test_no_permission_that_could_harm_a_server_is_asked_for():
    harmful = {"administrator", "manage_guild", "manage_channels", "manage_messages", "mention_everyone"}
    assert names(roles=True).isdisjoint(harmful)


@pytest.mark.parametrize("token", ["", "x", "not a token", "äöü.x.y", "Zm9v.x.y"])
def test_what_is_no_token_is_told_in_a_sentence(token):
    with pytest.raises(SetupError, match="DISCORD_TOKEN isn't a bot token"):
        application_id(token)
