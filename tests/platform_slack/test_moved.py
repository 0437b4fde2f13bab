"""What Slack's library keeps in a database file it finds again on the server that the file was moved to."""

import pytest
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore

from storage import open_database
from storage.move import move

pytestmark = pytest.mark.asyncio

BOT = Bot(
    app_id="A1",
    team_id="T1",
    bot_token="sealed",
    bot_id="B1",
    bot_user_id="U1",
    bot_scopes=["chat:write", "commands"],
    bot_refresh_token="sealed too",
    bot_token_expires_at=1_772_452_999,
    installed_at=1_772_452_800.25,
)


def store(database):
    """The library's own for installations."""
    return AsyncSQLAlchemyInstallationStore("client", database.engine, "installed_bot")


async def test_tokens_go_along(server_url, tmp_path):
    file = await open_database(f"sqlite:///{tmp_path / 'milepost.db'}")
    bots = store(file)
    await bots.async_save_bot(BOT)
    before = await bots.async_find_bot(enterprise_id=None, team_id="T1")
    await file.close()
    await move(tmp_path / "milepost.db", server_url, busy_timeout=5, tell=lambda _done, _total: None)
    server = await open_database(server_url)
    bots = store(server)
    found = await bots.async_find_bot(enterprise_id=None, team_id="T1")
    assert found.to_dict() == before.to_dict()
    await bots.async_save_bot(Bot(**{**found.to_dict_for_copying(), "team_id": "T2"}))
    assert await bots.async_find_bot(enterprise_id=None, team_id="T2")
    await server.close()
