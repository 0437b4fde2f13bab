"""``python -m tests.loopback.slack --port 0``: the server as a process, see ``loopback/process.py``."""

from tests.loopback.process import main
from tests.loopback.slack.server import LoopbackSlack


def addresses(server):
    """Addresses and secrets with which a bot and a test reach the server."""
    return {
        "url": server.url, "api": server.api_url, "authorize": server.authorize_url, "app": server.app_id,
        "app_token": server.app_token, "signing_secret": server.signing_secret,
        "client_id": server.client_id, "client_secret": server.client_secret,
    }  # fmt: skip


if __name__ == "__main__":
    main(LoopbackSlack, addresses)
