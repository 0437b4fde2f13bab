"""The register of personal data: what each table holds of people, and what becomes of it.

Export and forgetting are made from it (``storage.repositories.persons``), and so is the table in
docs/privacy.md. Every column of every table is in it, or a test fails: a table that holds something of a
person has an entry in PERSONAL, any other one is in IMPERSONAL with its columns.

Conditions know the person by the parameters ``who`` (the member's id, NULL where there is none),
``their_platform``, ``their_workspace``, ``their_id``, and ``anywhere`` (1 where accounts hold in all
workspaces of the platform).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.domain.deliveries import DeliveryKind
from storage.audit_tables import audit
from storage.columns import INT, TEXT
from storage.impersonal import IMPERSONAL
from storage.outbox_tables import IS_ABOUT_ACCOUNT, IS_ABOUT_MEMBER, delivery, reminder, reward
from storage.regrade_tables import regrade
from storage.tables import (
    absence,
    account,
    activity,
    answer,
    challenge_entry,
    member,
    membership,
    organiser,
    practice_question,
    rest_days_change,
    streak_state,
    study_group,
    submission,
    tally,
    topic_tally,
    zone_change,
)

Condition = sa.ColumnElement[bool]

_WHO = sa.bindparam("who", type_=INT)
_PLATFORM, _WORKSPACE, _USER = (
    sa.bindparam(name, type_=TEXT) for name in ("their_platform", "their_workspace", "their_id")
)
_ANYWHERE = sa.bindparam("anywhere", type_=INT) == sa.literal_column("1")


@dataclass(frozen=True, slots=True)
class Personal:
    """The columns of a table that hold something of a person. Rows that ``whose`` finds are theirs.

    ``exported`` are the columns that they are given, ``internal`` those that say nothing to them, such as
    numbers of rows. Forgetting deletes the rows; those that ``stays`` holds for are kept instead, with the
    columns of ``blanked`` set to these values.
    """

    table: sa.Table
    about: str
    purpose: str
    whose: Condition
    exported: tuple[str, ...]
    internal: tuple[str, ...] = ()
    blanked: Mapping[str, Any] = field(default_factory=dict)
    stays: Condition | None = None
    forgotten: str = "Deleted"
    kept: str = "Until they are forgotten"
    name: str = ""

    @property
    def called(self) -> str:
        """Return what the rows are called in an export: the table, unless it holds several kinds."""
        return self.name or self.table.name


def _of_member(table: sa.Table) -> Condition:
    return table.c.member_id == _WHO


def _of_account(platform: Any, workspace: Any, user_id: Any) -> Condition:
    here = sa.or_(_ANYWHERE, workspace == _WORKSPACE)
    return sa.and_(platform == _PLATFORM, user_id == _USER, here)


def _about_account(kind: DeliveryKind) -> Condition:
    return sa.and_(
        sa.text(IS_ABOUT_ACCOUNT),
        _of_account(delivery.c.platform, delivery.c.user_workspace, delivery.c.user_id),
        delivery.c.kind == sa.literal_column(f"'{kind}'"),
    )


def _answered_by_member(*conditions: Condition) -> Condition:
    """A regrade of an answer of theirs."""
    return regrade.c.answer_id.in_(sa.select(answer.c.id).where(_of_member(answer), *conditions))


_DELIVERY = (
    "id", "platform", "subject", "group_id", "user_workspace", "due_at", "attempts", "revision", "error",
)  # fmt: skip
_NAMELESS = "Kept as a count: without who, when and where, so that the group's figures still hold"

PERSONAL = (
    Personal(
        regrade,
        "What an answer has gained when its question's key was corrected",
        "Giving you the points",
        _answered_by_member(),
        exported=("score", "points_gained", "now_correct", "at"),
        internal=("answer_id", "number", "question_rev"),
        blanked={"at": 0},
        stays=_answered_by_member(answer.c.post_id.is_not(None)),
        forgotten=f"{_NAMELESS}; practice is deleted",
    ),
    Personal(
        answer,
        "Each answer to a question, and whether it was right",
        "Telling you the result; progress by topic; how many chose each option",
        _of_member(answer),
        exported=(
            "pack", "topic", "question_id", "response", "score", "correct", "points", "happened_at",
            "local_date", "zone",
        ),
        internal=("id", "event_id", "group_id", "post_id", "practice_id", "question_rev"),
        blanked={"member_id": None, "event_id": "", "zone": "", "happened_at": 0},
        stays=answer.c.post_id.is_not(None),
        forgotten=f"{_NAMELESS}; practice is deleted",
    ),
    Personal(
        activity,
        "Each act that counts for streak and points, and its date",
        "Streaks, points, recaps",
        _of_member(activity),
        exported=("kind", "key", "points", "correct", "happened_at", "local_date", "zone"),
        internal=("id", "group_id", "periods"),
        blanked={"member_id": None, "zone": "", "happened_at": 0},
        # Recaps look back on a range of ids: one that is free again would be given away a second time.
        stays=sa.true(),
        forgotten=_NAMELESS,
    ),
    Personal(
        practice_question,
        "Practice questions that were shown",
        "Not asking the same one again; answering a button twice as once",
        _of_member(practice_question),
        exported=("pack", "question_id", "created_at"),
        internal=("id", "event_id", "question_rev", "seed"),
    ),
    Personal(
        submission,
        "Links and words of shared projects, each version",
        "Showing the group what was built",
        _of_member(submission),
        exported=("challenge_id", "url", "learned", "happened_at"),
        internal=("id", "event_id", "group_id"),
        kept="`MILEPOST_KEEP_SHARED_DAYS`, or until you remove it",
    ),
    Personal(
        challenge_entry,
        "Projects that were joined",
        "How many take part",
        _of_member(challenge_entry),
        exported=("challenge_id", "joined_at"),
        internal=("group_id",),
    ),
    Personal(
        tally,
        "Points by week, month and in all",
        "The leaderboard",
        _of_member(tally),
        exported=("period", "points", "answers", "correct"),
        internal=("group_id",),
    ),
    Personal(
        topic_tally,
        "Answers and right ones by topic",
        "Progress",
        _of_member(topic_tally),
        exported=("pack", "topic", "seen", "correct", "last_at"),
    ),
    Personal(
        streak_state,
        "How the streak stands",
        "The streak",
        _of_member(streak_state),
        exported=("state",),
    ),
    Personal(
        reward,
        "Roles that a streak has earned",
        "Giving the role, and removing it",
        _of_member(reward),
        exported=("role", "wanted", "changed_at"),
        internal=("group_id", "granted", "review_at"),
        forgotten="Deleted; the role is removed",
    ),
    Personal(
        reminder,
        "The daily reminder: when, in which zone, and how many were unanswered",
        "Reminding you, if you asked for it",
        _of_member(reminder),
        exported=("wall_time", "zone", "next_date", "last_date", "reminded_at", "unanswered", "closed"),
        internal=("platform", "due_at"),
    ),
    Personal(
        delivery,
        "What is to be sent to them",
        "Sending it, once",
        sa.and_(sa.text(IS_ABOUT_MEMBER), _of_member(delivery)),
        exported=("kind", "due_at"),
        internal=("payload", "workspace", *_DELIVERY),
        kept="Until it is done",
    ),
    Personal(
        absence,
        "When somebody was away from a group",
        "No missed days for that time",
        _of_member(absence),
        exported=("left_at", "back_at"),
        internal=("id", "group_id"),
    ),
    Personal(
        membership,
        "The name used in each group, when it was joined and left",
        "Boards, recaps and counts",
        _of_member(membership),
        exported=("name", "joined_at", "left_at", "left_by_choice"),
        internal=("group_id", "seen_at"),
    ),
    Personal(
        zone_change,
        "Time zones, and since when",
        "Which day an act belongs to",
        _of_member(zone_change),
        exported=("at", "zone"),
        internal=("id",),
    ),
    Personal(
        rest_days_change,
        "Rest days, and since when",
        "Days that cost no streak",
        _of_member(rest_days_change),
        exported=("at", "days"),
        internal=("id",),
    ),
    Personal(
        account,
        "The account's id on the chat platform",
        "Knowing who acts, and sending direct messages",
        _of_member(account),
        exported=("platform", "workspace", "user_id"),
        internal=("id",),
    ),
    Personal(
        member,
        "When they joined, time zone, rest days, whether boards name them",
        "The streak and what you chose",
        member.c.id == _WHO,
        exported=("joined_at", "zone", "rest_days", "profile_zone", "hidden"),
    ),
    Personal(
        organiser,
        "Who was named as an organiser",
        "Letting them organise",
        _of_account(organiser.c.platform, organiser.c.workspace, organiser.c.user_id),
        exported=("platform", "workspace", "user_id", "name"),
        internal=("seen_at",),
    ),
    Personal(
        study_group,
        "Who set a group up",
        "Letting them organise it, and telling them of problems",
        _of_account(
            study_group.c.organiser_platform,
            study_group.c.organiser_workspace,
            study_group.c.organiser_id,
        ),
        exported=("platform", "workspace", "channel", "pack", "zone", "created_at"),
        internal=(
            "id", "direct", "paused_at", "pause_reason", "pause_detail", "mention_role", "mention_name",
            "mention_denied", "reward_role", "reward_name", "reward_days", "reward_denied",
            "resume_on", "resume_at", "skipped", "organiser_platform",
            "organiser_workspace",
        ),
        blanked={"organiser_id": ""},
        stays=sa.true(),
        forgotten="The group stays, without who set it up",
    ),
    *(
        Personal(
            study_group,
            f"Who chose the role that {does}",
            "Using it only while they could do so themselves",
            _of_account(study_group.c.platform, study_group.c.workspace, chosen_by),
            exported=("channel", role),
            blanked={chosen_by.name: ""},
            stays=sa.true(),
            forgotten="The group stays; the role isn't used until somebody chooses it again",
            name=chosen_by.name,
        )
        for role, chosen_by, does in (
            ("mention_role", study_group.c.mention_by, "posts mention"),
            ("reward_role", study_group.c.reward_by, "rewards a streak"),
        )
    ),
    *(
        Personal(
            audit,
            f"What organisers did: {does}",
            "Organisers can see who changed what",
            _of_account(audit.c.platform, audit.c.workspace, audit.c[f"{role}_id"]),
            exported=("at", "workspace", "action", f"{role}_name", "before", "after"),
            internal=("id", "actor_kind", "group_id", "platform"),
            blanked={f"{role}_id": "", f"{role}_name": ""},
            stays=sa.true(),
            forgotten="The action stays, without who",
            name=f"audit_{role}",
        )
        for role, does in (("actor", "who did it"), ("about", "who it was about"))
    ),
    Personal(
        delivery,
        "Their files that the platform holds, and roles to remove",
        "Deleting the file after a day; removing the role",
        _about_account(DeliveryKind.FILE_REMOVAL),
        exported=("kind", "workspace", "payload"),
        internal=_DELIVERY,
        blanked={"user_workspace": "", "user_id": "", "due_at": 0},
        stays=sa.true(),
        forgotten="The file is deleted at once. A role to remove keeps the account's id until then",
        kept="Until it is done",
        name="file_removal",
    ),
    Personal(
        delivery,
        "Which organiser could not be told of a problem",
        "Telling the next one",
        _about_account(DeliveryKind.NOTICE),
        exported=(),
        internal=_DELIVERY,
        blanked={"user_workspace": "", "user_id": ""},
        stays=sa.true(),
        forgotten="The problem stays, without who was told",
        kept="Until it is done",
        name="notice",
    ),
)  # fmt: skip
"""In the order of forgetting: what refers to something goes before it."""

OWNERS: Mapping[str, tuple[str, ...]] = {
    "member": ("id",),
    "organiser": (),
    "account": ("member_id",),
    "study_group": ("organiser_id",),
    "delivery": ("member_id", "user_id"),
    "audit": (),
    "regrade": (),
}
"""Columns that say whose a row is, where that is not ``member_id``."""


def unregistered(metadata: sa.MetaData) -> Iterator[str]:
    """Return a sentence for each column that the register does not know, or knows and is not there."""
    for name in IMPERSONAL.keys() - metadata.tables.keys():
        yield f"There is no table {name}, which is in the register of personal data."
    for table in metadata.sorted_tables:
        entries = [each for each in PERSONAL if each.table.name == table.name]
        known = {name for each in entries for name in (*each.exported, *each.internal, *each.blanked)}
        if entries:
            known.update(OWNERS.get(table.name, ("member_id",)))
        elif table.name in IMPERSONAL:
            known.update(IMPERSONAL[table.name][1])
        columns = {column.name for column in table.columns}
        for name in sorted(columns - known):
            yield f"{table.name}.{name} is not in the register of personal data: storage/personal.py."
        for name in sorted(known - columns):
            yield f"{table.name}.{name} is in the register of personal data, but not in the table."
