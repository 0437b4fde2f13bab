"""The loopback Slack of a measurement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.loopback import Server, serving


class SlackServer(Server):
    """A loopback Slack."""

    @property
    def address(self) -> tuple[str, str]:
        """Return the addresses that a bot needs to connect, beside the tokens of its workspaces."""
        return self.told["api"], self.told["app_token"]

    async def posted(self, token: str, channel: str, blocks: list[dict[str, Any]]) -> str:
        """Post these blocks as the bot, past every bot; return the message that is pressed on."""
        body = {"channel": channel, "text": "A question", "blocks": blocks}
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{self.told['api']}chat.postMessage"
        async with self.session.post(address, json=body, headers=headers) as response:
            answer = await response.json()
            if not answer["ok"]:
                raise RuntimeError(f"the copy of a post: {answer}")
            return f"{channel}/{answer['ts']}"


@asynccontextmanager
async def slack(**rules: object) -> AsyncIterator[SlackServer]:
    """Start a server with these rules; end it at the end."""
    async with serving("tests.loopback.slack", {"keep_bodies": False, "patience": 0.0, **rules}) as started:
        yield SlackServer(*started)
