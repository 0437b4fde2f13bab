"""``python -m tests.loopback_discord --port 0``: the server as a process, see ``loopback/process.py``."""

from tests.loopback.process import main
from tests.loopback_discord.server import LoopbackDiscord


def addresses(server):
    """What a bot and a test need to reach it."""
    told = {"url": server.url, "api": server.api_url, "gateway": server.gateway_url}
    return told | {"token": server.rules.token}


if __name__ == "__main__":
    main(LoopbackDiscord, addresses)
