"""Slack's checks for ``milepost doctor``: tokens, scopes, and the channels of groups."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

import aiohttp

from adapters.slack.installation_store import NAMESPACE
from adapters.slack.installations import InstalledTeams, TokenExpired
from adapters.slack.limits import PLATFORM
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import Settings
from adapters.slack.teams import SingleTeam, Team, client_of
from adapters.slack.web_api import called
from bot.chat import ChannelRef, Clock, DeliveryError, OpenState, Rejected, SetupError, Transient
from bot.toolkit.checks import Check
from bot.toolkit.text import clause

Finds = Callable[[str], Awaitable[Team]]

_APP_TOKEN = "make one with the scope connections:write under Basic Information, and set SLACK_APP_TOKEN"  # noqa: S105
_BOT_TOKEN = "copy it again from OAuth & Permissions, and set SLACK_BOT_TOKEN"  # noqa: S105
_CLIENT = (
    "Slack doesn't recognise SLACK_CLIENT_ID with SLACK_CLIENT_SECRET: copy both from Basic Information"
)
_NO_CODE = "milepost-doctor"


async def examine(
    settings: Settings, channels: Sequence[ChannelRef], open_state: OpenState | None, clock: Clock
) -> AsyncIterator[Check]:
    """Yield one check after another; one that fails for good ends it. Changes nothing."""
    if settings.problem:
        yield Check("slack settings", ok=False, says=settings.problem)
        return
    async with aiohttp.ClientSession() as session:
        yield await _door(settings, session)
        if settings.many:
            yield await _login(settings, session)
        try:
            finds, workspaces = await _workspaces(settings, session, channels, open_state, clock)
        except (DeliveryError, SetupError) as error:
            yield _unreached("slack token", error, "" if settings.many else _BOT_TOKEN)
            return
        for workspace in workspaces:
            for check in await _workspace(finds, workspace):
                yield check
        for channel in channels:
            yield await _channel(finds, channel)


async def _door(settings: Settings, session: aiohttp.ClientSession) -> Check:
    """Check the transport by which Slack reaches us."""
    if settings.over_http:
        says = f"Slack's first request to port {settings.http_port} will confirm it"
        return Check("slack signing secret", ok=True, says=says)
    client = client_of(settings, session)
    try:
        await called(client.apps_connections_open(app_token=settings.app_token))
    except DeliveryError as error:
        return _unreached("slack app token", error, _APP_TOKEN)
    return Check("slack app token", ok=True, says="Socket Mode can be opened")


async def _login(settings: Settings, session: aiohttp.ClientSession) -> Check:
    """A code that is none is refused for that reason only where the app's own login is right."""
    told = {"client_id": settings.client_id, "client_secret": settings.client_secret, "code": _NO_CODE}
    try:
        await called(client_of(settings, session).api_call("oauth.v2.access", data=told))
    except Rejected as error:
        if "invalid_code" in str(error):
            return Check("slack client", ok=True, says="Slack recognises SLACK_CLIENT_ID and its secret")
        return Check("slack client", ok=False, says=_CLIENT)
    except DeliveryError as error:
        return _unreached("slack client", error, "")
    return Check("slack client", ok=False, says=_CLIENT)


async def _workspaces(
    settings: Settings,
    session: aiohttp.ClientSession,
    channels: Sequence[ChannelRef],
    open_state: OpenState | None,
    clock: Clock,
) -> tuple[Finds, Sequence[str]]:
    """Return a look-up of workspaces, and the ids to check. Raises a DeliveryError or SetupError."""
    if not settings.many:
        one = await SingleTeam.open(settings, session, clock)
        return one.of, sorted(await one.installed())
    if open_state is None:
        return _nowhere, ()
    # A token that is to end is left to the Milepost that runs: it can be exchanged once only.
    many = await InstalledTeams.open(settings, session, clock, open_state(PLATFORM, NAMESPACE))
    return many.peek, sorted({channel.workspace for channel in channels})


async def _nowhere(_: str) -> Team:
    raise Transient("There is no database yet.")


async def _workspace(finds: Finds, workspace: str) -> Sequence[Check]:
    name = f"slack workspace {workspace}"
    try:
        team = await finds(workspace)
        who = await called(team.client.auth_test())
    except DeliveryError as error:
        return (_unreached(name, error, ""),)
    held = {
        scope
        for header, value in who.headers.items()
        if header.lower() == "x-oauth-scopes"
        for scope in _words(value)
    }
    missing = [scope for scope in SCOPES if scope not in held]
    found = Check(name, ok=True, says=f"its token belongs to {who['user']} in {who['team']}")
    if not missing:
        return found, Check(f"slack scopes {workspace}", ok=True, says=f"all {len(SCOPES)} are granted")
    says = f"reinstall the app from the manifest: it is missing {', '.join(missing)}"
    return found, Check(f"slack scopes {workspace}", ok=False, says=says)


def _words(value: str) -> Iterator[str]:
    return (word.strip() for word in value.split(","))


async def _channel(finds: Finds, place: ChannelRef) -> Check:
    name = f"slack channel {place.id}"
    try:
        team = await finds(place.workspace)
        await called(team.client.conversations_history(channel=place.id, limit=1))
    except DeliveryError as error:
        return _unreached(name, error, "invite me with /invite @Milepost, or set up a new channel")
    return Check(name, ok=True, says="I'm in it")


def _unreached(name: str, error: Exception, advice: str) -> Check:
    """Return a failed check, with advice that does not repeat the error."""
    said = str(error)
    if isinstance(error, TokenExpired):
        return Check(name, ok=True, says=said)
    if not advice or isinstance(error, Transient) or "/invite" in said:
        return Check(name, ok=False, says=clause(said))
    return Check(name, ok=False, says=f"{said.rstrip('.')}: {advice}")
