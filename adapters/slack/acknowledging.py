"""Acknowledgements first: what is done after them waits while many people press at once."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

PATIENCE = 1.0
"""Seconds for which acknowledgements go first at a stretch; a form must open within three of the press."""

_ANSWERED_AT_ONCE = {"view_submission", "block_suggestion"}
"""Payloads whose answer is in the acknowledgement, which so takes as long as the answer."""


class AcknowledgingApp(AsyncApp):
    """Bolt's app, which tells when nobody waits for an acknowledgement."""

    def __init__(self, *, patience: float = PATIENCE, **options: Any) -> None:
        super().__init__(**options)
        self._patience = patience
        self._waiting = 0
        self._work_may_begin = asyncio.Event()
        self._work_may_begin.set()
        self._timer: asyncio.TimerHandle | None = None

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer what Slack tells."""
        if req.body.get("type") in _ANSWERED_AT_ONCE:
            return await super().async_dispatch(req)
        if not self._waiting:
            self._work_may_begin.clear()
            may_begin = self._work_may_begin.set
            self._timer = asyncio.get_running_loop().call_later(self._patience, may_begin)
        self._waiting += 1
        try:
            return await super().async_dispatch(req)
        finally:
            self._waiting -= 1
            if not self._waiting and self._timer:
                self._timer.cancel()
                self._work_may_begin.set()

    async def all_acknowledged(self) -> None:
        """Wait until nobody waits for an acknowledgement, but no longer than the patience."""
        await self._work_may_begin.wait()
