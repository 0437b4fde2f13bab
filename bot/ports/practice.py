"""Port of questions that were served for practice."""

from __future__ import annotations

from typing import Protocol

from bot.domain.model import PracticeQuestion


class Practice(Protocol):
    """Questions that were served to one member, each for the event that asked for it."""

    async def add(self, practice: PracticeQuestion) -> PracticeQuestion:
        """Serve a question for practice. Raises Conflict when its event was given one before."""

    async def of_event(self, event_id: str) -> PracticeQuestion | None:
        """Return the practice question that an event asked for, or None."""

    async def get(self, practice_id: int) -> PracticeQuestion | None:
        """Return the practice question with this id, or None."""
