"""Inbound transports: Socket Mode or HTTP, and the pages that install the app."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack.http import Events, Site
from adapters.slack.settings import Settings
from bot.chat import Clock
from bot.toolkit.connections import Limits
from bot.toolkit.networks import read_networks


class Transports:
    """The inbound transports: opened last, closed first. ``grace``: seconds for running requests."""

    def __init__(
        self, settings: Settings, clock: Clock, bolt: AsyncApp, pages: Sequence[web.RouteDef], grace: float
    ) -> None:
        self._socket: AsyncSocketModeHandler | None = None
        self._site: Site | None = None
        routes = list(pages)
        if settings.over_http:
            routes += Events(bolt, settings.signing_secret, clock).routes()
        else:
            self._socket = AsyncSocketModeHandler(bolt, settings.app_token)
        if routes:
            limits = Limits(proxies=read_networks(settings.http_proxies))
            self._site = Site(settings.http_host, settings.http_port, routes, limits, grace)

    async def open(self) -> None:
        """Open every transport. Raises what the connection or the address raises."""
        if self._site:
            await self._site.open()
        if self._socket:
            await self._socket.connect_async()  # type: ignore[no-untyped-call]

    @property
    def address(self) -> str:
        """Return the sentence for the operator."""
        parts = ["connected to Slack"] if self._socket else []
        return ", ".join([*parts, *([f"listening on {self._site.address}"] if self._site else [])])

    async def stop_accepting(self) -> None:
        """Stop accepting requests; answers may still go out."""
        if self._socket:
            await self._socket.client.disconnect()  # type: ignore[no-untyped-call]
        if self._site:
            await self._site.close()

    async def close(self) -> None:
        """Close the connection."""
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
