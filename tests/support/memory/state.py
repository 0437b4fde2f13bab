"""State of the memory database: frozen records in dicts in order of arrival, without derived data."""

import copy
import dataclasses
import datetime as dt
from dataclasses import dataclass, field

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass
class State:
    """Every row there is. Rows are never changed, only replaced, so that a copy of the dicts is enough."""

    events: dict = field(default_factory=dict)
    """Event id -> the instant at which it was recorded."""

    members: dict = field(default_factory=dict)
    """Id -> Member, with the account that they were met by."""

    accounts: dict = field(default_factory=dict)
    """UserRef -> member id."""

    memberships: dict = field(default_factory=dict)
    """(member id, group id) -> the instant of joining."""

    names: dict = field(default_factory=dict)
    """(member id, group id) -> what the member is called there."""

    left: dict = field(default_factory=dict)
    """(member id, group id) -> when they left, and whether by choice."""

    absences: list = field(default_factory=list)
    """(member id, group id, when they left, when they came back)."""

    seen_at: dict = field(default_factory=dict)
    """(member id, group id) -> when somebody looked for them last."""

    zones: list = field(default_factory=list)
    rest_days: list = field(default_factory=list)
    groups: dict = field(default_factory=dict)
    schedules: dict = field(default_factory=dict)
    posts: dict = field(default_factory=dict)
    """Id -> Entry (see ``tests.support.memory.ledger``)."""

    answers: dict = field(default_factory=dict)
    """Key that may be answered once -> Answer."""

    regrades: dict = field(default_factory=dict)
    """The key of an answer -> Regrades, oldest first."""

    answer_keys: dict = field(default_factory=dict)
    """(pack, question id) -> AnswerKey."""

    acts: dict = field(default_factory=dict)
    """(member id, key) -> Act (see ``tests.support.memory.learning``)."""

    settlements: dict = field(default_factory=dict)
    """Post id -> the local date that the question was counted on."""

    windows: list = field(default_factory=list)
    """Window (see ``tests.support.memory.boards``), oldest first."""

    streaks: dict = field(default_factory=dict)
    """Member id -> state."""

    practices: dict = field(default_factory=dict)
    entries: dict = field(default_factory=dict)
    """(group id, challenge id, member id) -> ChallengeEntry."""

    submissions: dict = field(default_factory=dict)
    """Event id -> Submission."""

    notes: dict = field(default_factory=dict)
    organisers: dict = field(default_factory=dict)
    """(platform, workspace, user id) -> (name, when somebody looked for them)."""

    audit: dict = field(default_factory=dict)
    """Id -> AuditEntry."""

    rewards: dict = field(default_factory=dict)
    """(group id, member id, role) -> Owed (see ``tests.support.memory.rewards``)."""

    reminders: dict = field(default_factory=dict)
    """Member id -> Reminder; while it is leased, ``due_at`` is when it is free again."""

    notices: dict = field(default_factory=dict)
    """Id -> Notice."""

    deliveries: dict = field(default_factory=dict)
    """(kind, subject) -> Delivery; while it is leased, ``due_at`` is when it is free again."""

    platform_state: dict = field(default_factory=dict)
    """(platform, namespace, key) -> (Record, when it expires)."""

    forgotten: dict = field(default_factory=dict)
    """Fingerprint -> when."""

    last_member: int = 0
    """The highest number that a forgotten member had."""

    last_delivery: int = 0

    def copy(self):
        return State(
            **{each.name: copy.copy(getattr(self, each.name)) for each in dataclasses.fields(self)}
        )

    def lines(self):
        """A line for each row, which tells the table."""
        for each in dataclasses.fields(self):
            rows = getattr(self, each.name)
            if isinstance(rows, int):
                continue
            for row in rows.items() if isinstance(rows, dict) else rows:
                yield f'INTO "{each.name}": {row!r}'


def kept(value):
    """A value as databases keep it: instants in UTC, wall times in minutes, records field by field.

    A naive instant is a TypeError, and a text that cannot be written is a UnicodeEncodeError.
    """
    if isinstance(value, dt.datetime):
        return EPOCH + (value - EPOCH)
    if isinstance(value, dt.time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, str):
        value.encode()
    if dataclasses.is_dataclass(value):
        fields = {each.name: kept(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value


def next_id(rows):
    """One more than the highest; where rows are deleted, their table counts for itself."""
    return max(rows, default=0) + 1


def place_of(channel):
    """A channel's key: whether it is direct is a property of it, no part of its name."""
    return (channel.platform, channel.workspace, channel.id)
