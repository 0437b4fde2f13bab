"""The workspaces that Milepost is installed in: what it needs to speak in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.directory import Directory
from adapters.slack.settings import Settings
from adapters.slack.web_api import BROKEN, called
from bot.chat import Clock, Forbidden

NOT_INSTALLED = "Milepost isn't installed in the workspace. Please install it again."

_DEAD = {"account_inactive", "token_revoked"}


@dataclass(frozen=True, slots=True)
class Team:
    """One workspace: a client with its token, its people, and who Milepost is there."""

    id: str
    client: AsyncWebClient
    directory: Directory
    bot_user: str
    bot: str

    def authorized(self) -> AuthorizeResult:
        """Return Bolt's authorization of a request in this workspace."""
        return AuthorizeResult(
            enterprise_id=None,
            team_id=self.id,
            bot_token=self.client.token,
            bot_user_id=self.bot_user,
            bot_id=self.bot,
        )


class Teams(Protocol):
    """The workspaces in which Milepost is installed."""

    async def of(self, team_id: str) -> Team:
        """The workspace. Raises a DeliveryError, Forbidden where Milepost is not installed."""

    async def forget(self, team_id: str) -> bool:
        """Forget a workspace that is said to be lost. Returns False, and keeps it, if its token works."""

    async def installed(self) -> frozenset[str]:
        """Return every workspace. Raises a DeliveryError."""

    async def close(self) -> None:
        """Finish renewals of tokens that are under way."""


class SingleTeam:
    """The workspace of the one token in the settings."""

    def __init__(self, team: Team) -> None:
        self._team = team

    @classmethod
    async def open(cls, settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> Self:
        """Prove the token. Raises a DeliveryError."""
        client = client_of(settings, session, settings.bot_token)
        who = await called(client.auth_test())
        team_id, user, bot = (str(who.get(name) or "") for name in ("team_id", "user_id", "bot_id"))
        return cls(Team(team_id, client, Directory(client, clock), user, bot))

    async def of(self, team_id: str) -> Team:
        """Return the one workspace. Raises Forbidden for another."""
        if team_id != self._team.id:
            raise Forbidden(NOT_INSTALLED)
        return self._team

    async def forget(self, team_id: str) -> bool:
        """Return True if the workspace is lost; its token in the settings is the operator's to change."""
        return team_id != self._team.id or await taken_out(self._team.client)

    async def installed(self) -> frozenset[str]:
        """Return the one workspace."""
        return frozenset({self._team.id})

    async def close(self) -> None:
        """Do nothing: no token is renewed here."""


async def taken_out(client: AsyncWebClient) -> bool:
    """Return True if Slack says that the token is revoked; False while it does not answer."""
    try:
        await client.auth_test()
    except SlackApiError as error:
        return is_dead(error)
    except (SlackClientError, *BROKEN):
        return False
    return False


def is_dead(error: SlackApiError) -> bool:
    """Return True if no call with this token can ever succeed again."""
    return error.response.get("error") in _DEAD


def client_of(
    settings: Settings, session: aiohttp.ClientSession, token: str | None = None
) -> AsyncWebClient:
    """A client, with a token or without. The SDK's own retries are off: one of them can post twice."""
    return AsyncWebClient(token=token, base_url=settings.api_url, session=session, retry_handlers=[])
