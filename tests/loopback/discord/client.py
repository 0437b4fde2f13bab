"""Pointing discord.py at the loopback server, and back."""

from contextlib import contextmanager
from types import SimpleNamespace

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def elsewhere(hands):
    """Stand-in for a server that's driven in another process, with what a bot needs of it."""
    told = hands.addresses
    rules = SimpleNamespace(token=told["token"])
    return SimpleNamespace(api_url=told["api"], gateway_url=told["gateway"], rules=rules, pulse=hands.pulse)


@contextmanager
def pointed_at(server):
    """Within it, discord.py of this process talks to ``server``: its settings are global."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway_url)
    try:
        yield server
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
