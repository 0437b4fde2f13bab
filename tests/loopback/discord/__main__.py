"""``python -m tests.loopback.discord --port 0``: the server as a process, see ``loopback/process.py``."""

from tests.loopback.discord.server import LoopbackDiscord
from tests.loopback.process import main


def addresses(server):
    """Addresses and the token with which a bot and a test reach the server."""
    told = {"url": server.url, "api": server.api_url, "gateway": server.gateway_url}
    return told | {"token": server.rules.token}


if __name__ == "__main__":
    main(LoopbackDiscord, addresses)
