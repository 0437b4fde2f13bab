"""A Bolt app without a Milepost in it: ``python -m bench.slack_bare API APP_TOKEN BOT_TOKEN``.

The app acknowledges every click and does nothing else.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bench.child import asked, tell


async def stay(api: str, app_token: str, token: str) -> None:
    """Connect, then report the usage whenever it is asked for."""
    async with aiohttp.ClientSession() as session:
        app = AsyncApp(client=AsyncWebClient(token=token, base_url=api, session=session))

        @app.action(re.compile(".*"))
        async def on_action(ack: Any) -> None:
            await ack()

        handler = AsyncSocketModeHandler(app, app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        tell()
        async for _ in asked():
            tell()
        await handler.close_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(stay(*sys.argv[1:]))
