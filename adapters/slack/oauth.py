"""The two pages with which anybody installs the app in their workspace. No secret is shown or logged."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import aiohttp
from aiohttp import web
from aiolimiter import AsyncLimiter
from slack_sdk.oauth import AuthorizeUrlGenerator, OAuthStateUtils
from slack_sdk.oauth.installation_store import Bot

from adapters.slack.installations import InstalledTeams
from adapters.slack.limits import PLATFORM
from adapters.slack.manifest import SCOPES
from adapters.slack.oauth_states import LIFE, OAuthStates
from adapters.slack.settings import Settings
from adapters.slack.teams import client_of
from adapters.slack.web_api import called
from bot.chat import App, Clock, DeliveryError, Transient
from bot.toolkit.limits import BoundedDict, RateLimitedLog

log = logging.getLogger(__name__)

INSTALL_PATH, BACK_PATH = "/slack/install", "/slack/oauth_redirect"

PER_SECOND = 5
"""Requests for each page that are served in a second: more than people need, few beside their clicks."""

REMEMBERED = 10_000
"""States that came back, more than can come back while the first of them is still good."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Milepost</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem }}</style>
</head><body><h1>Milepost</h1><p>{sentence}</p>{link}</body></html>
"""
_ASKED = "Milepost guides a study group along a roadmap, in a channel of your Slack workspace."
_DENIED = "You didn't allow it, so nothing was installed."
_STALE = "This page works for ten minutes, in the browser that opened it, so nothing was installed."
_REFUSED = "Slack didn't accept the installation. Each one works once, within ten minutes."
_SILENT = "Slack isn't answering right now, so nothing was installed. Please try again later."
_BUSY = "Too many people are opening this page right now. Please try again in a few seconds."
_WHOLE = "Milepost can only be installed in a single workspace, not in a whole organisation."
_FAULT = "Something went wrong on my side, so nothing was installed. Please try again later."
_DONE = (
    "Milepost is in the workspace {name}. Invite it into a channel with /invite @Milepost, then type "
    "/study setup there."
)


class Failed(Exception):
    """A failed installation: the sentence for the person, and the HTTP status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class OAuthFlow:
    """The OAuth flow: sends people to Slack, and exchanges the code they come back with for a token."""

    def __init__(
        self,
        settings: Settings,
        session: aiohttp.ClientSession,
        app: App,
        teams: InstalledTeams,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._session = session
        self._app = app
        self._teams = teams
        self._clock = clock
        self._states = OAuthStates(settings.token_key, clock)
        self._spent: BoundedDict[str, None] = BoundedDict(REMEMBERED)
        self._cookie = OAuthStateUtils(expiration_seconds=LIFE)
        # One flood takes nothing from people in another of these.
        self._opened, self._proved, self._invented = (AsyncLimiter(PER_SECOND, 1) for _ in range(3))
        self._quiet = RateLimitedLog(log)
        self._slack = AuthorizeUrlGenerator(
            client_id=settings.client_id, scopes=list(SCOPES), authorization_url=settings.authorize_url
        )

    def routes(self) -> tuple[web.RouteDef, ...]:
        """For a ``Site``."""
        return (
            web.get(INSTALL_PATH, self._begin, allow_head=False),
            web.get(BACK_PATH, self._back, allow_head=False),
        )

    async def _begin(self, _: web.Request) -> web.Response:
        if not await _has_room(self._opened):
            return _busy()
        state = self._states.new()
        link = f'<p><a href="{escape(self._slack.generate(state))}">Add to Slack</a></p>'
        shown = _page(_ASKED, link)
        shown.headers["Set-Cookie"] = f"{self._cookie.build_set_cookie_for_new_state(state)}; SameSite=Lax"
        return shown

    async def _back(self, request: web.Request) -> web.Response:
        state = self._state_of(request)
        if not await _has_room(self._proved if state else self._invented):
            return _busy()
        again = f'<p><a href="{INSTALL_PATH.rpartition("/")[2]}">Start again</a></p>'
        try:
            name = await self._install(request.query, state)
        except Failed as failed:
            shown = _page(str(failed), again, failed.status)
        except Exception:
            log.exception("an installation failed")
            shown = _page(_FAULT, again, 500)
        else:
            shown = _page(_DONE.format(name=escape(name)))
        shown.headers["Set-Cookie"] = self._cookie.build_set_cookie_for_deletion()
        return shown

    def _state_of(self, request: web.Request) -> str | None:
        """Return what names the state that we gave to this browser lately, None where we did not."""
        state = request.query.get("state", "")
        cookies: dict[str, str | Sequence[str]] = {"cookie": request.headers.getall("Cookie", [])}
        return self._states.read(state) if self._cookie.is_valid_browser(state, cookies) else None

    async def _install(self, asked: Mapping[str, str], state: str | None) -> str:
        """The name of the workspace. Raises Failed."""
        if state is None or state in self._spent:
            raise Failed(_STALE)
        self._spent[state] = None
        if asked.get("error") or not asked.get("code"):
            raise Failed(_DENIED if asked.get("error") == "access_denied" else _REFUSED)
        try:
            bot = await self._bot(asked["code"])
            # Another process may have seen it come back, which only the database knows. It is asked after
            # Slack was: before that anybody could let it write.
            if not await self._app.claim(f"{PLATFORM}|state|{state}"):
                raise Failed(_STALE)
            await self._teams.add(bot)
        except Transient as error:
            self._quiet.warning("an installation failed: %s", error)
            raise Failed(_SILENT, 503) from None
        except DeliveryError as error:
            self._quiet.warning("an installation failed: %s", error)
            raise Failed(_REFUSED) from None
        await self._app.workspaces_found(PLATFORM, [bot.team_id or ""])
        log.info("installed in workspace %s", bot.team_id)
        return bot.team_name or ""

    async def _bot(self, code: str) -> Bot:
        """Exchange the code for a bot's token. Raises a DeliveryError or Failed."""
        told = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "code": code,
        }
        client = client_of(self._settings, self._session)
        got: Any = await called(client.api_call("oauth.v2.access", data=told))
        if got.get("is_enterprise_install") or not got.get("team"):
            raise Failed(_WHOLE)
        who = await called(client_of(self._settings, self._session, got["access_token"]).auth_test())
        now = self._clock.now().timestamp()
        life = got.get("expires_in")
        return Bot(
            app_id=got["app_id"],
            team_id=got["team"]["id"],
            team_name=got["team"].get("name"),
            bot_token=got["access_token"],
            bot_id=who["bot_id"],
            bot_user_id=got["bot_user_id"],
            bot_scopes=got["scope"],
            bot_refresh_token=got.get("refresh_token"),
            bot_token_expires_at=int(now) + int(life) if life else None,
            installed_at=now,
        )


async def _has_room(bucket: AsyncLimiter) -> bool:
    """Take from the bucket. Returns False, without waiting, where it is empty."""
    if not bucket.has_capacity():
        return False
    await bucket.acquire()
    return True


def _busy() -> web.Response:
    shown = _page(_BUSY, status=429)
    shown.headers["Retry-After"] = "2"
    return shown


def _page(sentence: str, link: str = "", status: int = 200) -> web.Response:
    """Make a page of one sentence and at most one link; ``sentence`` is HTML already."""
    text = _PAGE.format(sentence=sentence, link=link)
    return web.Response(status=status, text=text, content_type="text/html", headers=_HEADERS)
