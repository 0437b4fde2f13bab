"""Notices to organisers, enqueued in the transaction of what they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.chat.adapter import DeliveryError
from bot.domain.calendar import BadZone
from bot.domain.deliveries import AT_ONCE, Delivery, DeliveryKind
from bot.domain.model import Group, Notice, Post
from bot.domain.reasons import Fault, NoticeKind, Rung
from bot.domain.role_use import Denial, Purpose
from bot.ports import UnitOfWork
from bot.services.delivery_faults import fault_of


async def notify_failure(unit: UnitOfWork, group: Group, post: Post, now: dt.datetime) -> None:
    """Enqueue a notice that a post was given up: for scheduled ones once a group and local day."""
    by_hand = post.schedule_id is None
    kind = NoticeKind.FAILED_BY_HAND if by_hand else NoticeKind.FAILED
    subject = _about_post(post) if by_hand else _about_day(post)
    await _notify(unit, group, subject, kind, _facts_of(post), now)


async def notify_pause(unit: UnitOfWork, group: Group, post: Post, refusals: int, now: dt.datetime) -> None:
    """Enqueue a notice that this failure has paused the group; its day needs no other notice."""
    data = {**_facts_of(post), "refusals": refusals}
    if not await _notify(unit, group, _about_day(post), NoticeKind.PAUSED, data, now):
        await _notify(unit, group, f"pause:{post.id}", NoticeKind.PAUSED, data, now)


async def notify_unended_pause(unit: UnitOfWork, group: Group, error: Exception, now: dt.datetime) -> None:
    """Enqueue a notice, once, that a pause could not end on its date."""
    date = group.resume_on.isoformat() if group.resume_on else ""
    zone = error.name if isinstance(error, BadZone) else ""
    data = {"date": date, "zone": zone, "bug": "" if zone else type(error).__name__}
    await _notify(unit, group, f"end:{date}", NoticeKind.PAUSE_UNENDED, data, now)


async def notify_reward(unit: UnitOfWork, group: Group, error: DeliveryError, now: dt.datetime) -> None:
    """Enqueue a notice, once a local day of the group, that a reward could not be given or taken back."""
    day = now.astimezone(ZoneInfo(group.zone)).date()
    fault, detail = fault_of(error)
    data = {"fault": fault.value, "detail": detail}
    await _notify(unit, group, f"reward:{day.isoformat()}", NoticeKind.REWARD_FAILED, data, now)


async def notify_stop(
    unit: UnitOfWork, group: Group, purpose: Purpose, denial: Denial, now: dt.datetime
) -> None:
    """Enqueue a notice that a role is no longer given or mentioned: once each time that this happens."""
    giving = purpose is Purpose.GIVE
    name = group.reward_name or group.reward_role if giving else group.mention_name or group.mention_role
    kind = NoticeKind.REWARD_STOPPED if giving else NoticeKind.MENTION_STOPPED
    data = {"name": name, "denied": denial.reason.value, "detail": denial.detail}
    await _notify(unit, group, f"stop:{purpose}:{now.isoformat()}", kind, data, now)


async def notify_correction(
    unit: UnitOfWork, group: Group, subject: str, data: Mapping[str, str | int], now: dt.datetime
) -> None:
    """Enqueue a notice to the group itself, once a subject, that a key was corrected. A pause holds it."""
    await _notify(unit, group, subject, NoticeKind.KEY_CORRECTED, data, now, to_the_group=True)


async def _notify(
    unit: UnitOfWork,
    group: Group,
    subject: str,
    kind: NoticeKind,
    data: Mapping[str, str | int],
    now: dt.datetime,
    *,
    to_the_group: bool = False,
) -> bool:
    """Enqueue a notice. Returns False if the group has had one on this subject."""
    number = await unit.notices.add(Notice(0, group.id, subject, kind, data, now))
    if number is None:
        return False
    place, rung = group.channel, Rung.CHANNEL if to_the_group else Rung.ORGANISER
    waits_for, payload = group.id if to_the_group else None, {"rung": rung.value}
    about = (place.platform, place.workspace, str(number))
    unit.outbox.enqueue(Delivery(DeliveryKind.NOTICE, *about, AT_ONCE, payload, waits_for))
    return True


def _facts_of(post: Post) -> dict[str, str | int]:
    """Return the facts that the sentence about a failed post is made of."""
    return {
        "post": post.kind.value,
        "date": post.local_date.isoformat(),
        "fault": (post.fault or Fault.DOWN).value,
        "detail": post.detail,
    }


def _about_day(post: Post) -> str:
    return f"day:{post.local_date.isoformat()}"


def _about_post(post: Post) -> str:
    return f"post:{post.id}"
