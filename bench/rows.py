"""The rows that one answer writes, for those who write them without a Milepost."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

STATEMENTS = (
    "INSERT INTO event (event_id, at) VALUES (:event_id, :at)",
    (
        "INSERT INTO answer (event_id, member_id, group_id, post_id, practice_id, pack, topic, question_id,"
        " question_rev, response, score, correct, points, happened_at, local_date, zone)"
        " VALUES (:event_id, :member_id, :group_id, :post_id, NULL, :pack, :topic, :question_id,"
        " 1, '[\"an-option\"]', 1.0, 1, 3, :at, :day, 'UTC')"
    ),
    (
        "INSERT INTO activity (member_id, group_id, kind, key, points, correct, periods, happened_at,"
        " local_date, zone) VALUES (:member_id, :group_id, 'answer', :key, 3, 1, '', :at,"
        " :day, 'UTC')"
    ),
    (
        "INSERT INTO topic_tally (member_id, pack, topic, seen, correct, last_at)"
        " VALUES (:member_id, :pack, :topic, 1, 1, :at) ON CONFLICT (member_id, pack, topic) DO UPDATE SET"
        " seen = topic_tally.seen + 1, correct = topic_tally.correct + 1, last_at = excluded.last_at"
    ),
    (
        "INSERT INTO streak_state (member_id, state) VALUES (:member_id, :state)"
        " ON CONFLICT (member_id) DO UPDATE SET state = excluded.state"
    ),
    (
        "INSERT INTO delivery (kind, subject, platform, workspace, payload, due_at, attempts, revision)"
        " SELECT 'edit', CAST(post.id AS TEXT), platform, workspace, '{}', edit_at, 0, CAST(:at AS BIGINT)"
        " FROM post JOIN study_group ON study_group.id = post.group_id WHERE post.id = :post_id"
        " ON CONFLICT (kind, subject) DO UPDATE SET revision = excluded.revision"
    ),
)
"""A right answer of a member who has answered before, each a row but the last, which changes one.

Its points are tallied when the question closes.

``tests/bench/test_rows.py`` holds them against what Milepost writes.
"""

WAITING = (
    "SELECT post.id, post.group_id, post.topic, post.content_id, membership.member_id, streak_state.state"
    " FROM post JOIN membership ON membership.group_id = post.group_id"
    " JOIN streak_state ON streak_state.member_id = membership.member_id"
    " LEFT JOIN answer ON answer.post_id = post.id AND answer.member_id = membership.member_id"
    " WHERE post.kind = 'quiz' AND post.state = 'sent' AND answer.id IS NULL"
    " ORDER BY post.slot, membership.member_id"
)
"""Answers that could still be given: the first six fields of an ``Answering``."""

PACK = "backend-python"
_NAME = re.compile(r":(\w+)")
Value = int | str


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer to write; ``at`` in microseconds since 1970."""

    post_id: int
    group_id: int
    topic: str
    question_id: str
    member_id: int
    state: str
    at: int
    day: str

    @property
    def values(self) -> dict[str, Value]:
        """The parameters of the statements, by name."""
        return {
            **asdict(self),
            "event_id": f"raw-{self.post_id}-{self.member_id}",
            "key": f"post:{self.post_id}",
            "pack": PACK,
        }


def numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """The statement with ``$1`` for each ``:name``, as PostgreSQL wants it, and the names in that order."""
    names = tuple(dict.fromkeys(_NAME.findall(statement)))
    return _NAME.sub(lambda found: f"${names.index(found[1]) + 1}", statement), names
