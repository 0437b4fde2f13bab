"""Port for the points on leaderboards and in recaps."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from bot.domain.boards import Counted
from bot.domain.model import Group, Post, Standing


class Boards(Protocol):
    """Standings, the points of questions that have closed, and the windows that recaps look back on."""

    async def standings(
        self, group_id: int, period: str, limit: int, member_id: int | None
    ) -> tuple[tuple[Standing, ...], Standing | None]:
        """The best of a period by their names in the group, and the member's own row when they have one.

        Equals are in an order that has nothing to do with who joined first (``lot``).
        """

    def settle(self, post: Post, day: dt.date) -> None:
        """Count the answers to a question in the periods of a local date. To be done once, at its end."""

    async def settled_on(self, post_id: int) -> dt.date | None:
        """Return the local date that a question was counted on, or None."""

    async def waiting_points(self, group_id: int, member_id: int) -> int:
        """Return the points of a member in the group for questions that have not been counted yet."""

    async def answered_open(self, group_id: int, limit: int) -> tuple[tuple[str, ...], int]:
        """Return names of members with an answer that waits to be counted, newest first, and how many."""

    async def seal(self, post: Post, group: Group, now: dt.datetime) -> None:
        """Let a recap look back on everything written down since the window of the last one.

        It also takes over the windows of recaps that never came. A second time does nothing.
        """

    async def counted(self, post_id: int) -> Counted | None:
        """Return what was counted in the windows of a recap; None before they are sealed."""

    async def tied(self, group_id: int, period: str, points: int) -> int:
        """Return how many members have just so many points in a period."""
