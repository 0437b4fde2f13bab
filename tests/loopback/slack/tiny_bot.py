"""The real AsyncApp of slack-bolt as small as it gets, over either mode, for tests."""

import asyncio
import logging
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.loopback.slack.server import LoopbackSlack


class Done(AsyncListenerCompletionHandler):
    """Tells when a listener is done."""

    def __init__(self, pulse):
        self._pulse = pulse

    async def handle(self, request, response):
        self._pulse.beat()


def app_for(server, **options):
    """An app that knows every workspace of the server. ``app.errors`` holds what listeners raised.

    The server's pulse beats when a listener is done, so that a test can wait for what it did.
    """

    async def authorize(enterprise_id, team_id, **_):
        team = server.teams[team_id]
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            bot_token=team.token,
            bot_id=team.bot_id,
            bot_user_id=team.bot.id,
        )

    quiet = logging.getLogger("tests.loopback.slack.tiny_bot")
    quiet.setLevel(logging.CRITICAL)
    if "oauth_settings" not in options:
        options["authorize"] = authorize
    app = AsyncApp(
        signing_secret=server.signing_secret, client=AsyncWebClient(base_url=server.api_url), logger=quiet,
        **options,
    )  # fmt: skip
    app.errors = []

    async def note(error):
        app.errors.append(error)

    app.error(note)
    app.listener_runner.listener_completion_handler = Done(server.pulse)
    return app


@asynccontextmanager
async def over_socket(server, app, *, connections=1):
    """The app over Socket Mode, closed at the end."""
    handlers = [
        AsyncSocketModeHandler(app, server.app_token, ping_interval=0.2) for _ in range(connections)
    ]
    before = server.sockets.hellos
    try:
        for handler in handlers:
            await handler.connect_async()
        assert await server.sockets.connected(before + connections)
        yield handlers[0]
    finally:
        for handler in handlers:
            await handler.close_async()
        await asyncio.sleep(0)


@asynccontextmanager
async def over_http(server, app, path="/slack/events"):
    """The app behind an address of its own, closed at the end; yields the address."""

    async def serve(request):
        asked = await to_bolt_request(request)
        flow = app.oauth_flow
        answer = app.async_dispatch
        if flow and request.path == flow.install_path:
            answer = flow.handle_installation
        elif flow and request.path == flow.redirect_uri_path:
            answer = flow.handle_callback
        return await to_aiohttp_response(await answer(asked))

    site = web.Application()
    site.router.add_route("*", "/{rest:.*}", serve)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    server.http.send_to(base + path)
    try:
        yield base
    finally:
        server.http.send_to("")
        await runner.cleanup()


MODES = {"socket": over_socket, "http": over_http}


@asynccontextmanager
async def talking(listens, *, mode="socket", **rules):
    """A server with a workspace, a channel, a person, and a bot: (server, app, channel, person).

    ``listens(app)`` puts the listeners on the app.
    """
    async with LoopbackSlack(**{"patience": 5.0, **rules}) as server:
        team = server.team("Berlin")
        study, ana = server.channel(team, "study"), server.member("Ana", team)
        app = app_for(server)
        listens(app)
        async with MODES[mode](server, app):
            yield server, app, study, ana
