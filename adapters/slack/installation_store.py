"""Slack's installations as records of ``PlatformState``: one a workspace, with its tokens encrypted."""

from __future__ import annotations

import json
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from adapters.slack.token_cipher import TokenCipher
from bot.chat import ABSENT, PlatformState, StaleRevision, StateRecord

NAMESPACE = "installations"

Age = tuple[float, int]
"""When a bot was installed, and when its token ends: of two of a workspace the greater one counts."""

_FIELDS = (
    "app_id",
    "enterprise_id",
    "enterprise_name",
    "team_id",
    "team_name",
    "bot_token",
    "bot_id",
    "bot_user_id",
    "bot_scopes",
    "bot_refresh_token",
    "bot_token_expires_at",
    "is_enterprise_install",
    "installed_at",
    "custom_values",
)


class InstallationStore(AsyncInstallationStore):
    """Implements slack_sdk's store for an app that speaks as a bot alone.

    Who installed the app isn't kept. A workspace is found without its enterprise: ids of workspaces are
    unique. Methods raise what the state raises.
    """

    def __init__(self, client_id: str, state: PlatformState, cipher: TokenCipher) -> None:
        self._prefix = f"{client_id}/"
        self._state = state
        self._cipher = cipher

    async def async_save(self, installation: Installation) -> None:
        """Store the bot of an installation."""
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        """Store a bot, unless its workspace has a newer one: another process may have been quicker."""
        key, value = self._key(bot.team_id), _encoded(self._cipher.encrypt(bot))
        while True:
            record = await self._state.get(key)
            if record and age_of(_decoded(record)) > age_of(bot):
                return
            try:
                await self._state.put(key, value, expected=record.revision if record else ABSENT)
            except StaleRevision:
                continue
            return

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,  # noqa: ARG002
        team_id: str | None,
        is_enterprise_install: bool | None = False,  # noqa: ARG002 - slack_sdk's signature
    ) -> Bot | None:
        """Return the bot of a workspace, None where there is none. Raises CannotDecrypt."""
        record = await self._state.get(self._key(team_id))
        return self._cipher.decrypt(_decoded(record)) if record else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,  # noqa: ARG002
        team_id: str | None,  # noqa: ARG002
        user_id: str | None = None,  # noqa: ARG002
        is_enterprise_install: bool | None = False,  # noqa: ARG002 - slack_sdk's signature
    ) -> Installation | None:
        """Return None: nobody's own tokens are asked for."""
        return None

    async def async_delete_bot(
        self,
        *,
        enterprise_id: str | None,  # noqa: ARG002
        team_id: str | None,
    ) -> None:
        """Delete the bot of a workspace."""
        await self._state.delete(self._key(team_id))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Do nothing: nobody's own tokens are kept."""

    async def delete_unless_newer(self, team_id: str, age: Age | None) -> bool:
        """Delete the bot of a workspace. Returns False, and keeps it, if it is newer than ``age``."""
        record = await self._state.get(self._key(team_id))
        if record is None:
            return True
        if age is not None and age_of(_decoded(record)) > age:
            return False
        return await self._state.delete(record.key, expected=record.revision)

    async def age(self, team_id: str) -> Age | None:
        """Return the age of what is stored, whether or not it can be decrypted."""
        record = await self._state.get(self._key(team_id))
        return age_of(_decoded(record)) if record else None

    async def team_ids(self) -> frozenset[str]:
        """Return the workspaces that have installed the app."""
        records = await self._state.records(self._prefix)
        return frozenset(record.key.removeprefix(self._prefix) for record in records)

    def _key(self, team_id: str | None) -> str:
        return f"{self._prefix}{team_id or ''}"


def age_of(bot: Bot) -> Age:
    """Return the age of a bot, by which the newer of two is known."""
    return bot.installed_at, bot.bot_token_expires_at or 0


def _encoded(bot: Bot) -> str:
    return json.dumps({name: getattr(bot, name) for name in _FIELDS})


def _decoded(record: StateRecord) -> Bot:
    values: dict[str, Any] = json.loads(record.value)
    return Bot(**values)
