"""Slack's installations over the port for platform state: encrypted, and the newest one counts."""

import pytest
from slack_sdk.oauth.installation_store import Bot, Installation

from adapters.contract.state import MemoryState
from adapters.slack.installation_store import InstallationStore, age_of
from adapters.slack.token_cipher import CannotDecrypt, TokenCipher, new_key

pytestmark = pytest.mark.asyncio

KEY = new_key()


def bot(installed_at=100.0, token="xoxb-1", *, team="T1", expires_at=None):
    return Bot(
        app_id="A1",
        team_id=team,
        team_name="Berlin",
        bot_token=token,
        bot_id="B1",
        bot_user_id="U1",
        bot_scopes=["chat:write", "commands"],
        bot_refresh_token=f"{token} refresh",
        bot_token_expires_at=expires_at,
        installed_at=installed_at,
    )


@pytest.fixture
def state():
    return MemoryState()


@pytest.fixture
def store(state):
    return InstallationStore("client", state, TokenCipher(KEY))


async def found(store, team="T1"):
    kept = await store.async_find_bot(enterprise_id="E1", team_id=team)
    return kept and kept.bot_token


async def test_a_bot_is_found_as_it_was_saved_and_its_tokens_are_encrypted(store, state):
    saved = bot(expires_at=5000)
    saved.set_custom_value("note", "kept")
    await store.async_save_bot(saved)
    kept = await store.async_find_bot(enterprise_id=None, team_id="T1")
    assert kept.to_dict() == saved.to_dict()
    [record] = await state.records()
    assert "xoxb" not in record.value
    other = InstallationStore("client", state, TokenCipher(new_key()))
    with pytest.raises(CannotDecrypt):
        await other.async_find_bot(enterprise_id=None, team_id="T1")
    assert await other.age("T1") == age_of(saved)


async def test_an_installation_is_its_bot_alone(store):
    installation = Installation(
        app_id="A1", team_id="T1", user_id="U9", user_token="xoxp-1", bot_token="xoxb-1", bot_id="B1",
        bot_user_id="U1", installed_at=100.0,
    )  # fmt: skip
    await store.async_save(installation)
    assert await found(store) == "xoxb-1"
    assert await store.async_find_installation(enterprise_id=None, team_id="T1", user_id="U9") is None
    await store.async_delete_all(enterprise_id=None, team_id="T1")
    assert await found(store) is None


async def test_an_older_bot_never_replaces_a_newer_one(store):
    await store.async_save_bot(bot(200.0, "second"))
    await store.async_save_bot(bot(100.0, "first"))
    assert await found(store) == "second"
    await store.async_save_bot(bot(200.0, "renewed", expires_at=9000))
    await store.async_save_bot(bot(200.0, "stale", expires_at=8000))
    assert await found(store) == "renewed"


async def test_a_write_between_reading_and_writing_is_seen(store, state):
    """Another process installs the app anew while this one saves the token that it has renewed."""
    await store.async_save_bot(bot(100.0, "first"))
    put = state.put

    async def put_late(*args, **kwargs):
        state.put = put
        await store.async_save_bot(bot(200.0, "anew"))
        return await put(*args, **kwargs)

    state.put = put_late
    await store.async_save_bot(bot(100.0, "renewed", expires_at=9000))
    assert await found(store) == "anew"


async def test_what_another_process_installed_anew_is_not_deleted(store, state):
    await store.async_save_bot(bot(100.0))
    looked_at = await store.age("T1")
    await store.async_save_bot(bot(200.0, "anew"))
    assert not await store.delete_unless_newer("T1", looked_at)
    assert await found(store) == "anew"
    assert await store.delete_unless_newer("T1", await store.age("T1"))
    assert await found(store) is None
    assert await store.delete_unless_newer("T1", looked_at)


async def test_each_app_has_workspaces_of_its_own(store, state):
    other = InstallationStore("another", state, TokenCipher(KEY))
    await store.async_save_bot(bot())
    await store.async_save_bot(bot(team="T2"))
    await other.async_save_bot(bot(team="T3"))
    assert await store.team_ids() == {"T1", "T2"}
    assert await other.team_ids() == {"T3"}
