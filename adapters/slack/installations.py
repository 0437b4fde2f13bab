"""The workspaces that installed the app, with tokens that are renewed before they expire."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.directory import Directory
from adapters.slack.installation_store import InstallationStore, age_of
from adapters.slack.settings import Settings
from adapters.slack.teams import NOT_INSTALLED, Team, client_of, is_dead, taken_out
from adapters.slack.token_cipher import CannotDecrypt, TokenCipher
from adapters.slack.web_api import called
from bot.chat import (
    Clock,
    DeliveryError,
    Forbidden,
    PlatformState,
    Rejected,
    SetupError,
    Transient,
)
from bot.toolkit.limits import TaskTracker

T = TypeVar("T")
OnRevoked = Callable[[str], Awaitable[None]]

log = logging.getLogger(__name__)

FRESH = 2 * 3600
"""Seconds that a token must have left; with fewer it is exchanged for a new one."""

PAUSE = 60
"""Seconds between two tries to exchange a token that still holds."""

GRACE = 10.0
"""Seconds that an exchange gets at a stop: cancelling it midway can lose the refresh token."""

_LOCKED = "SLACK_TOKEN_KEY can't decrypt the stored tokens. Set the key that they were encrypted with."
_NOT_RENEWED = "Slack won't renew the app's token in this workspace. Please reinstall the app."


class TokenExpired(Transient):
    """A token that is not exchanged now has ended."""


@dataclass(slots=True)
class _Known:
    """A workspace that was asked for; ``bot`` has its tokens in plain text, ``not_before`` seconds."""

    team: Team
    bot: Bot
    not_before: float = 0.0


class _WatchedClient(AsyncWebClient):
    """A client that reports a dead token."""

    on_revoked: Callable[[], None]

    async def api_call(self, *args: Any, **kwargs: Any) -> Any:
        """Call Slack, reporting a dead token to ``on_revoked``."""
        try:
            return await super().api_call(*args, **kwargs)
        except SlackApiError as error:
            if is_dead(error):
                self.on_revoked()
            raise


class InstalledTeams:
    """Implements ``Teams`` on an ``InstallationStore``, with what was read once kept in memory.

    The database has one connection: it is never held while Slack is asked.
    """

    def __init__(
        self,
        settings: Settings,
        session: aiohttp.ClientSession,
        clock: Clock,
        state: PlatformState,
        on_revoked: OnRevoked | None = None,
    ) -> None:
        self._on_revoked = on_revoked
        self._settings = settings
        self._session = session
        self._clock = clock
        self._cipher = TokenCipher(settings.token_key)
        self._store = InstallationStore(settings.client_id, state, self._cipher)
        self._known: dict[str, _Known] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asking = TaskTracker()

    @classmethod
    async def open(
        cls,
        settings: Settings,
        session: aiohttp.ClientSession,
        clock: Clock,
        state: PlatformState,
        on_revoked: OnRevoked | None = None,
    ) -> Self:
        """``on_revoked`` is called when a token turns out to be dead of which nobody told.

        Without it nothing is changed by looking. Raises SetupError for a key that is none, and for one
        that the stored tokens do not fit.
        """
        teams = cls(settings, session, clock, state, on_revoked)
        installed = sorted(await teams.installed())
        try:
            # One shows whether the key fits; with several keys all come under the first, the one to keep.
            reencrypts = teams._cipher.several and on_revoked is not None
            for team_id in installed if reencrypts else installed[:1]:
                bot = (await teams._read(team_id)).bot
                if reencrypts:
                    await teams._keep(bot)
        except Forbidden as error:
            raise SetupError(str(error)) from error
        return teams

    async def of(self, team_id: str) -> Team:
        """Return the workspace, with a token that is valid for a while.

        Raises Forbidden where the app is not installed, Transient while nobody knows.
        """
        known = self._known.get(team_id)
        if known and not self._is_due(known):
            return known.team
        # Whoever asked may be given up; an exchange must not be, for it cannot be repeated.
        asking = asyncio.ensure_future(self._ask(team_id))
        self._asking.add(asking)
        if known and self._holds(known):
            return known.team
        return await asyncio.shield(asking)

    async def peek(self, team_id: str) -> Team:
        """Return the workspace without renewing its token. Raises TokenExpired or another DeliveryError."""
        known = await self._read(team_id)
        if not self._holds(known):
            raise TokenExpired("its token has expired and is renewed when it is next needed")
        return known.team

    async def add(self, bot: Bot) -> None:
        """Store a new installation, which replaces earlier ones. Raises a DeliveryError."""
        team_id = bot.team_id or ""
        async with self._locks[team_id]:
            before = await _stored(self._store.age(team_id))
            installed_at = max(self._seconds(), before[0] + 1 if before else 0)
            bot = Bot(**{**bot.to_dict_for_copying(), "installed_at": installed_at})
            await self._keep(bot)
            self._known[team_id] = self._made(bot)

    async def forget(self, team_id: str) -> bool:
        """Erase the workspace's tokens. Returns False, and keeps them, if Slack may accept them still."""
        async with self._locks[team_id]:
            if await self._lives(team_id):
                return False
            known = self._known.get(team_id)
            age = age_of(known.bot) if known else None
            erased = await _stored(self._store.delete_unless_newer(team_id, age))
            if erased:
                self._known.pop(team_id, None)
            return erased

    async def _lives(self, team_id: str) -> bool:
        """Return False if the app is surely no longer in the workspace."""
        try:
            known = await self._newest(team_id)
            if not self._holds(known):
                await self._renew(known)
        except Forbidden:
            return False
        except DeliveryError:
            return True
        return not await taken_out(client_of(self._settings, self._session, known.bot.bot_token))

    def _on_dead_token(self, team_id: str) -> None:
        if self._on_revoked:
            self._asking.add(asyncio.ensure_future(self._handle_revoked(team_id, self._on_revoked)))

    async def _handle_revoked(self, team_id: str, on_revoked: OnRevoked) -> None:
        """Handle a revoked token for which no uninstall event arrived."""
        try:
            if await self.forget(team_id):
                log.warning("the app was taken out of workspace %s", team_id)
                await on_revoked(team_id)
        except Exception:
            log.exception("workspace %s is dead and could not be put down as lost", team_id)

    async def installed(self) -> frozenset[str]:
        """Return every workspace with the app. Raises a DeliveryError."""
        return await _stored(self._store.team_ids())

    async def close(self) -> None:
        """Finish exchanging tokens."""
        await self._asking.finish(GRACE)

    async def _ask(self, team_id: str) -> Team:
        async with self._locks[team_id]:
            known = self._known.get(team_id)
            if known is None or self._is_due(known):
                known = await self._newest(team_id)
            if self._is_due(known):
                known = await self._fresh(known, team_id)
            return known.team

    async def _fresh(self, known: _Known, team_id: str) -> _Known:
        """Renew the token. An exchange works once, so another process may have been quicker."""
        try:
            await self._renew(known)
        except Forbidden:
            known = await self._newest(team_id)
            if not self._holds(known):
                raise
        return known

    async def _newest(self, team_id: str) -> _Known:
        """Return the newer of what the store has and what this process knows.

        Raises Forbidden for what is not there or cannot be opened, and Transient.
        """
        known, stored = self._known.get(team_id), await self._read(team_id)
        if known is None or age_of(stored.bot) > age_of(known.bot):
            known = self._known[team_id] = stored
        return known

    async def _read(self, team_id: str) -> _Known:
        """From the database. Raises Forbidden for what is not there or cannot be opened."""
        try:
            bot = await _stored(self._find(team_id))
        except CannotDecrypt:
            raise Forbidden(_LOCKED) from None
        if bot is None:
            raise Forbidden(NOT_INSTALLED)
        return self._made(bot)

    def _find(self, team_id: str) -> Awaitable[Bot | None]:
        return self._store.async_find_bot(enterprise_id=None, team_id=team_id)

    def _made(self, bot: Bot) -> _Known:
        team_id = bot.team_id or ""
        client = _WatchedClient(
            bot.bot_token, self._settings.api_url, session=self._session, retry_handlers=[]
        )
        client.on_revoked = lambda: self._on_dead_token(team_id)
        directory = Directory(client, self._clock)
        return _Known(Team(team_id, client, directory, bot.bot_user_id, bot.bot_id), bot)

    async def _renew(self, known: _Known) -> None:
        """Exchange its token. One that still holds is kept when that fails. Raises a DeliveryError."""
        bot = known.bot
        known.not_before = self._seconds() + PAUSE
        try:
            answer = await self._exchanged(bot)
        except DeliveryError as error:
            log.warning("no new token for workspace %s: %s", bot.team_id, error)
            if self._holds(known):
                return
            raise Forbidden(_NOT_RENEWED) if isinstance(error, Rejected) else error from None
        bot.bot_token, bot.bot_refresh_token = answer["access_token"], answer["refresh_token"]
        bot.bot_token_expires_at = int(self._seconds()) + int(answer["expires_in"])
        known.team.client.token = bot.bot_token
        try:
            await self._keep(bot)
        except DeliveryError:
            # It cannot be had a second time, so it is used for as long as it lasts.
            log.exception("the new token of workspace %s is kept in memory alone", bot.team_id)

    async def _exchanged(self, bot: Bot) -> Any:
        """slack_sdk's rotator is not used: it goes by a clock of its own, and its errors say nothing."""
        told = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "grant_type": "refresh_token",
            "refresh_token": bot.bot_refresh_token,
        }
        client = client_of(self._settings, self._session)
        return await called(client.api_call("oauth.v2.access", data=told))

    async def _keep(self, bot: Bot) -> None:
        """Into the database, over the row of the same installation. Raises Transient."""
        await _stored(self._store.async_save_bot(bot))

    def _is_due(self, known: _Known) -> bool:
        ends = known.bot.bot_token_expires_at
        now = self._seconds()
        return ends is not None and ends - now < FRESH and now >= min(known.not_before, ends)

    def _holds(self, known: _Known) -> bool:
        """Return True if the token has not expired."""
        ends = known.bot.bot_token_expires_at
        return ends is None or ends > self._seconds()

    def _seconds(self) -> float:
        return self._clock.now().timestamp()


async def _stored(work: Awaitable[T]) -> T:
    """Await a query of the store. Raises Transient if the database fails."""
    try:
        return await work
    except CannotDecrypt:
        raise
    except Exception as error:
        log.exception("the database does not serve Slack's tokens")
        raise Transient("My database isn't answering.") from error
