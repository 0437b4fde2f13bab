"""The audit log of a study group: who changed it, and the changes that two of its states differ by.

Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.dates import run_text, runs_of
from bot.domain.model import Group, PostKind, Schedule
from bot.domain.reasons import PauseReason
from bot.domain.refs import ChannelRef, UserRef
from bot.domain.role_use import Denied, Purpose

Facts = Mapping[str, str | int]

MOST_RUNS = 10
"""Runs of skipped dates that one audit entry names, at most."""


class AuditAction(StrEnum):
    """An action in the audit log.

    STOPPED: a role is no longer used. TAKEN_OVER: another person organises the group.
    """

    SET_UP = "set_up"
    SCHEDULED = "scheduled"
    ZONE_CHANGED = "zone_changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    SKIPPED = "skipped"
    UNSKIPPED = "unskipped"
    MENTION_CHOSEN = "mention_chosen"
    MENTION_STOPPED = "mention_stopped"
    REWARD_CHOSEN = "reward_chosen"
    REWARD_STOPPED = "reward_stopped"
    MOVED = "moved"
    TAKEN_OVER = "taken_over"
    POSTED = "posted"
    ORGANISER_ADDED = "organiser_added"
    ORGANISER_REMOVED = "organiser_removed"


class ActorKind(StrEnum):
    """The kind of actor: a person, or Milepost in an organiser's place."""

    PERSON = "person"
    MILEPOST = "milepost"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One action in a server, team or site; ``group_id`` is None if it holds for all groups of it.

    ``actor_id`` and ``actor_name`` are the person's account and the name that they had then, empty for
    Milepost. ``about_id`` and ``about_name`` are another person whom the action is about, empty for none.
    ``before`` and ``after`` hold what changed, by name: never what members wrote.
    """

    id: int
    at: dt.datetime
    platform: str
    workspace: str
    action: AuditAction
    actor_kind: ActorKind
    actor_id: str = ""
    actor_name: str = ""
    group_id: int | None = None
    about_id: str = ""
    about_name: str = ""
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """An audit entry that no Milepost wrote: the database was changed by hand."""

    id: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A group and its schedules at one moment."""

    group: Group
    schedules: tuple[Schedule, ...]


class Actor(Protocol):
    """The person who acts, with the channel and the instant; the origin of a platform's event is one."""

    @property
    def user(self) -> UserRef:
        """Return the actor's account."""

    @property
    def display_name(self) -> str:
        """Return the actor's display name in this workspace."""

    @property
    def channel(self) -> ChannelRef:
        """Return the channel in which the actor acts."""

    @property
    def happened_at(self) -> dt.datetime:
        """Return the instant of the act."""


@dataclass(frozen=True, slots=True)
class Change:
    """An action and what it changed; ``about`` is the user id of another person."""

    action: AuditAction
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)
    about: str = ""


def by_person(by: Actor, change: Change, group: Group | None = None, about_name: str = "") -> AuditEntry:
    """Return the entry for what a person did; without a group it holds for their whole place."""
    place = group.channel if group else by.channel
    return AuditEntry(
        0, by.happened_at, place.platform, place.workspace, change.action, ActorKind.PERSON,
        by.user.id, by.display_name, group.id if group else None, change.about, about_name,
        change.before, change.after,
    )  # fmt: skip


def by_milepost(group: Group, change: Change, now: dt.datetime) -> AuditEntry:
    """Return the entry for what Milepost did to a group by itself."""
    place = group.channel
    return AuditEntry(
        0, now, place.platform, place.workspace, change.action, ActorKind.MILEPOST, group_id=group.id,
        before=change.before, after=change.after,
    )  # fmt: skip


def by_milepost_in(
    platform: str, workspace: str, change: Change, now: dt.datetime, about_name: str
) -> AuditEntry:
    """Return the entry for what Milepost did to a whole place by itself."""
    return AuditEntry(
        0, now, platform, workspace, change.action, ActorKind.MILEPOST, about_id=change.about,
        about_name=about_name, before=change.before, after=change.after,
    )  # fmt: skip


def changes(before: Seen | None, after: Seen, now: dt.datetime) -> Iterator[Change]:
    """Every change between two states of a group. A pause that was over by now counts as ended before."""
    if before is None:
        yield _set_up(after)
        return
    old, new = _awake(before.group, now), _awake(after.group, now)
    if old.channel != new.channel:
        yield Change(AuditAction.MOVED, {"channel": old.channel.id}, {"channel": new.channel.id})
    if old.organiser != new.organiser:
        yield Change(AuditAction.TAKEN_OVER, about=old.organiser.id)
    if old.zone != new.zone:
        yield Change(AuditAction.ZONE_CHANGED, {"zone": old.zone}, {"zone": new.zone})
    yield from _schedules(before, after)
    yield from _pause(old, new)
    yield from _skipped(old, new, now)
    for purpose in Purpose:
        yield from _chosen(old, new, purpose)


def paused(group: Group) -> Change:
    """Return the action that led to the pause of a group."""
    return Change(AuditAction.PAUSED, {}, _pause_of(group))


def resumed(group: Group) -> Change:
    """Return the action that ended the pause that the group is in."""
    return Change(AuditAction.RESUMED, _pause_of(group), {})


def stopped(group: Group, purpose: Purpose, reason: Denied) -> Change:
    """Return the action of using a role of the group no more."""
    action = AuditAction.REWARD_STOPPED if purpose is Purpose.GIVE else AuditAction.MENTION_STOPPED
    return Change(action, _role(group, purpose), {"reason": reason.value})


def _awake(group: Group, now: dt.datetime) -> Group:
    if group.resume_at is None or group.resume_at > now:
        return group
    return replace(group, paused_at=None, pause_reason=None, resume_on=None, resume_at=None)


def _set_up(after: Seen) -> Change:
    quiz = next((_rule(each) for each in after.schedules if each.kind is PostKind.QUIZ), {})
    return Change(AuditAction.SET_UP, {}, {**quiz, "pack": after.group.pack, "zone": after.group.zone})


def _schedules(before: Seen, after: Seen) -> Iterator[Change]:
    old = {each.kind: _rule(each) for each in before.schedules}
    new = {each.kind: _rule(each) for each in after.schedules}
    zones = {before.group.zone: after.group.zone}
    for kind, now in new.items():
        was = old.get(kind, {})
        if was and {**was, "zone": zones.get(str(was["zone"]), was["zone"])} == now:
            continue  # nothing but what the change of the group's zone says
        yield Change(AuditAction.SCHEDULED, {"kind": kind.value, **was}, {"kind": kind.value, **now})


def _rule(schedule: Schedule) -> dict[str, str | int]:
    return {
        "time": f"{schedule.at:%H:%M}",
        "days": " ".join(map(str, sorted(schedule.days))),
        "zone": schedule.zone,
        "on": int(schedule.enabled),
    }


def _pause(old: Group, new: Group) -> Iterator[Change]:
    was, now = _pause_of(old), _pause_of(new)
    if old.paused_at and not new.paused_at:
        yield resumed(old)
    elif was != now:
        yield Change(AuditAction.PAUSED, was, now)


def _pause_of(group: Group) -> dict[str, str | int]:
    if group.paused_at is None:
        return {}
    until = {"until": group.resume_on.isoformat()} if group.resume_on else {}
    return {"reason": (group.pause_reason or PauseReason.ORGANISER).value, **until}


def _skipped(old: Group, new: Group, now: dt.datetime) -> Iterator[Change]:
    """Changes to the skipped dates.

    Dates that are over are dropped at any change, so they are no change.
    """
    today = now.astimezone(ZoneInfo(new.zone)).date()
    for action, dates in (
        (AuditAction.UNSKIPPED, old.skipped - new.skipped),
        (AuditAction.SKIPPED, new.skipped - old.skipped),
    ):
        coming = [date for date in dates if date >= today]
        if coming:
            yield Change(action, {}, _dates(coming))


def _dates(dates: Iterable[dt.date]) -> dict[str, str | int]:
    """The first runs of these dates, and how many days more there are: enough to skip them again."""
    runs = runs_of(dates)
    more = sum((last - first).days + 1 for first, last in runs[MOST_RUNS:])
    named = " ".join(map(run_text, runs[:MOST_RUNS]))
    return {"dates": named, "more": more} if more else {"dates": named}


def _chosen(old: Group, new: Group, purpose: Purpose) -> Iterator[Change]:
    was, now = _choice(old, purpose), _choice(new, purpose)
    if was != now:
        action = AuditAction.REWARD_CHOSEN if purpose is Purpose.GIVE else AuditAction.MENTION_CHOSEN
        yield Change(action, _role(old, purpose), _role(new, purpose))


def _choice(group: Group, purpose: Purpose) -> tuple[object, ...]:
    if purpose is Purpose.GIVE:
        return group.reward_role, group.reward_days, group.reward_by, group.reward_denied
    return group.mention_role, group.mention_by, group.mention_denied


def _role(group: Group, purpose: Purpose) -> dict[str, str | int]:
    if purpose is Purpose.GIVE:
        if not group.reward_role:
            return {}
        return {"role": group.reward_role, "name": group.reward_name, "days": group.reward_days}
    return {"role": group.mention_role, "name": group.mention_name} if group.mention_role else {}
