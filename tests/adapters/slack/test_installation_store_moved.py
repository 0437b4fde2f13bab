"""Slack's installations in a database file are found again on the server that the file was moved to."""

import pytest
from slack_sdk.oauth.installation_store import Bot

from adapters.slack.installation_store import NAMESPACE, InstallationStore
from adapters.slack.token_cipher import TokenCipher, new_key
from bot.services.platform_state import DatabaseState
from storage import open_database
from storage.move import move
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

KEY = new_key()
BOT = Bot(
    app_id="A1",
    team_id="T1",
    bot_token="xoxb-1",
    bot_id="B1",
    bot_user_id="U1",
    bot_scopes=["chat:write", "commands"],
    bot_refresh_token="xoxe-1",
    bot_token_expires_at=1_772_452_999,
    installed_at=1_772_452_800.25,
)


def store(database):
    state = DatabaseState(database, FakeClock(), "slack", NAMESPACE)
    return InstallationStore("client", state, TokenCipher(KEY))


async def test_tokens_go_along(server_url, tmp_path):
    file = await open_database(f"sqlite:///{tmp_path / 'milepost.db'}")
    await store(file).async_save_bot(BOT)
    await file.close()
    await move(tmp_path / "milepost.db", server_url, busy_timeout=5, tell=lambda _done, _total: None)
    server = await open_database(server_url)
    bots = store(server)
    found = await bots.async_find_bot(enterprise_id=None, team_id="T1")
    assert found.to_dict() == BOT.to_dict()
    await bots.async_save_bot(Bot(**{**found.to_dict_for_copying(), "team_id": "T2"}))
    assert await bots.async_find_bot(enterprise_id=None, team_id="T2")
    await server.close()
