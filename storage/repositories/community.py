"""Challenges and what was built; and the notes, which are smaller still."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.domain.model import ChallengeEntry, Submission
from storage.batch import Repository
from storage.statements import append, append_once, given, overwrite, query, same
from storage.tables import IS_PRESENT, challenge_entry, membership, note, submission

_ADD_ENTRY = append_once(challenge_entry)
_ENTRY = query(
    sa.select(challenge_entry.c.joined_at).where(
        given(challenge_entry, "group_id", "challenge_id", "member_id")
    )
)
_COUNT_ENTRIES = query(
    sa.select(sa.func.count())
    .join_from(challenge_entry, membership, same(challenge_entry, membership, "member_id", "group_id"))
    .where(given(challenge_entry, "group_id", "challenge_id"), sa.text(IS_PRESENT))
)
_ADD_SUBMISSION = append(submission)
_ranked = (
    sa.select(
        submission,
        sa.func.row_number()
        .over(
            partition_by=submission.c.member_id,
            order_by=(submission.c.happened_at.desc(), submission.c.id.desc()),
        )
        .label("age"),
    )
    .where(given(submission, "group_id", "challenge_id"))
    .subquery("ranked")
)
_SUBMISSIONS = query(
    sa.select(
        _ranked.c.event_id,
        _ranked.c.member_id,
        _ranked.c.url,
        _ranked.c.learned,
        _ranked.c.happened_at,
        membership.c.name,
    )
    .join_from(
        _ranked,
        membership,
        sa.and_(membership.c.member_id == _ranked.c.member_id, membership.c.group_id == _ranked.c.group_id),
    )
    .where(_ranked.c.age == 1, sa.text(IS_PRESENT))
    .order_by(_ranked.c.happened_at.desc(), _ranked.c.id.desc())
    .limit(sa.bindparam("most"))
    .offset(sa.bindparam("skipped"))
)
_COUNT_SUBMISSIONS = query(
    sa.select(sa.func.count(submission.c.member_id.distinct()))
    .join_from(submission, membership, same(submission, membership, "member_id", "group_id"))
    .where(given(submission, "group_id", "challenge_id"), sa.text(IS_PRESENT))
)
_COUNT_VERSIONS = query(
    sa.select(sa.func.count())
    .select_from(submission)
    .where(given(submission, "group_id", "challenge_id", "member_id"))
)
_SUBMISSION = query(
    sa.select(submission.c.event_id, submission.c.url, submission.c.learned, submission.c.happened_at)
    .where(given(submission, "group_id", "challenge_id", "member_id"))
    .order_by(submission.c.happened_at.desc(), submission.c.id.desc())
    .limit(1)
)
_TAKE_BACK = (
    sa.delete(submission)
    .where(given(submission, "group_id", "challenge_id", "member_id"))
    .returning(submission.c.id)
)
_NOTE = query(sa.select(note.c.value).where(given(note, "name")))
_PUT_NOTE = overwrite(note)


class CommunityRepository(Repository):
    """Implements ``bot.ports.community.Community``."""

    async def entry(self, group_id: int, challenge_id: str, member_id: int) -> ChallengeEntry | None:
        """The member's part in a challenge; None when they take none."""
        row = await self._session.row(
            _ENTRY, {"group_id": group_id, "challenge_id": challenge_id, "member_id": member_id}
        )
        return None if row is None else ChallengeEntry(group_id, challenge_id, member_id, row[0])

    async def add_entry(self, entry: ChallengeEntry) -> None:
        """Take part; a second time does nothing."""
        self._session.stage(
            _ADD_ENTRY,
            {
                "group_id": entry.group_id,
                "challenge_id": entry.challenge_id,
                "member_id": entry.member_id,
                "joined_at": entry.joined_at,
            },
        )

    async def count_entries(self, group_id: int, challenge_id: str) -> int:
        """Count the members who take part in a challenge."""
        of = {"group_id": group_id, "challenge_id": challenge_id}
        ((count,),) = await self._session.rows(_COUNT_ENTRIES, of)
        return int(count)

    def add_submission(self, submission: Submission) -> None:
        """Append. Raises Conflict at the commit when its event was appended before."""
        self._session.stage(
            _ADD_SUBMISSION,
            {
                "event_id": submission.event_id,
                "group_id": submission.group_id,
                "challenge_id": submission.challenge_id,
                "member_id": submission.member_id,
                "url": submission.url,
                "learned": submission.learned,
                "happened_at": submission.happened_at,
            },
        )

    async def take_back(self, group_id: int, challenge_id: str, member_id: int) -> int:
        """Delete everything that a member shared for a challenge; returns how many versions."""
        of = {"group_id": group_id, "challenge_id": challenge_id, "member_id": member_id}
        return len(await self._session.now(_TAKE_BACK, submission, of))

    async def count_submissions(self, group_id: int, challenge_id: str) -> int:
        """Count the members who have shared what they built for a challenge."""
        of = {"group_id": group_id, "challenge_id": challenge_id}
        ((count,),) = await self._session.rows(_COUNT_SUBMISSIONS, of)
        return int(count)

    async def count_versions(self, group_id: int, challenge_id: str, member_id: int) -> int:
        """Return how often a member has shared something for a challenge, changed versions included."""
        of = {"group_id": group_id, "challenge_id": challenge_id, "member_id": member_id}
        ((count,),) = await self._session.rows(_COUNT_VERSIONS, of)
        return int(count)

    async def submission(self, group_id: int, challenge_id: str, member_id: int) -> Submission | None:
        """The newest of a member; None when they have shared nothing."""
        row = await self._session.row(
            _SUBMISSION, {"group_id": group_id, "challenge_id": challenge_id, "member_id": member_id}
        )
        if row is None:
            return None
        event_id, url, learned, at = row
        return Submission(event_id, group_id, challenge_id, member_id, url, learned, at)

    async def submissions(
        self, group_id: int, challenge_id: str, limit: int, skip: int = 0
    ) -> tuple[tuple[Submission, str], ...]:
        """The newest of each member with the member's name, newest first, without the first ``skip``."""
        of: dict[str, Any] = {"group_id": group_id, "challenge_id": challenge_id}
        of |= {"most": limit, "skipped": skip}
        rows = await self._session.rows(_SUBMISSIONS, of)
        return tuple(
            (Submission(event_id, group_id, challenge_id, member_id, url, learned, at), name)
            for event_id, member_id, url, learned, at, name in rows
        )


class NoteRepository(Repository):
    """Implements ``bot.ports.unit_of_work.Notes``."""

    async def get(self, name: str) -> str | None:
        """None when it was never set."""
        row = await self._session.row(_NOTE, {"name": name})
        return None if row is None else row[0]

    async def put(self, name: str, value: str) -> None:
        """Overwrite."""
        self._session.stage(_PUT_NOTE, {"name": name, "value": value})
