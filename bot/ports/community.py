"""Port of challenges, and of the work that members share for them."""

from __future__ import annotations

from typing import Protocol

from bot.domain.model import (
    ChallengeEntry,
    Submission,
)


class Community(Protocol):
    """Challenges and the work that members share for them."""

    async def entry(self, group_id: int, challenge_id: str, member_id: int) -> ChallengeEntry | None:
        """The member's part in a challenge."""

    async def add_entry(self, entry: ChallengeEntry) -> None:
        """Record that a member takes part; a second time does nothing."""

    async def count_entries(self, group_id: int, challenge_id: str) -> int:
        """Return how many members take part in a challenge."""

    def add_submission(self, submission: Submission) -> None:
        """Append a submission.

        Raises Conflict, now or at the commit, when its event was appended before.
        """

    async def take_back(self, group_id: int, challenge_id: str, member_id: int) -> int:
        """Delete everything that a member shared for a challenge; returns how many versions."""

    async def count_submissions(self, group_id: int, challenge_id: str) -> int:
        """Return how many members have shared what they built."""

    async def count_versions(self, group_id: int, challenge_id: str, member_id: int) -> int:
        """Return how often a member has shared something for a challenge, changed versions included."""

    async def submission(self, group_id: int, challenge_id: str, member_id: int) -> Submission | None:
        """Return the newest submission of a member, or None."""

    async def submissions(
        self, group_id: int, challenge_id: str, limit: int, skip: int = 0
    ) -> tuple[tuple[Submission, str], ...]:
        """Return each member's newest submission and name, newest first, after the first ``skip``."""
