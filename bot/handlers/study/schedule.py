"""Handler of ``/study schedule``: when a kind of content is posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from bot.chat.commands import Command, CommandOption
from bot.chat.replies import FormErrors, Latency, OpenForm, Reply, Send
from bot.domain.calendar import EVERY_DAY
from bot.domain.model import Group, PostKind, Schedule
from bot.domain.parsing import (
    AFTER_TIME,
    MOST_TIME,
    is_off,
)
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.handlers.study.options import KINDS, WHEN, ZONE, rule_of
from bot.routing import STALE, Request, Routes
from bot.services.planning import catch_up, reschedule
from bot.services.scheduling import all_kept_posts
from bot.views.study import (
    schedule_form,
    schedules_message,
)

routes = Routes()


@routes.command(
    Command(
        "study schedule",
        "Change when prompts, questions, projects or recaps are posted",
        (
            CommandOption("kind", "What to schedule", required=True, choices=KINDS),
            CommandOption(
                "time",
                "Local time, such as 09:00 or 6:30 pm, or off",
                max_length=MOST_TIME,
                tail=AFTER_TIME,
            ),
            WHEN[1],
            ZONE,
        ),
        organiser_only=True,
    ),
    latency=Latency.OPENS_FORM,
)
async def schedule(request: Request) -> Reply:
    """Change a schedule: with a time, days or zone at once, the others staying; else by a form."""
    group, kind = await group_to_organise(request), PostKind(request.args["kind"])
    old = await _schedule_of(request, group, kind)
    values = {**_values(old), **request.args}
    if request.args.keys().isdisjoint({"time", "days", "zone"}):
        return OpenForm(schedule_form(kind, values))
    new, problems = _changed(group, kind, old, values)
    if new is None:
        raise UserError(" ".join(problems.values()))
    # Other days or another zone alone do not switch on what is off.
    return await _save(request, group, new if "time" in request.args or old.enabled else _off(new))


@routes.action("study.schedule", organiser_only=True)
async def schedule_sent(request: Request) -> Reply:
    """Take the form of a schedule."""
    group, kind = await group_to_organise(request), _kind(request)
    old = await _schedule_of(request, group, kind)
    new, problems = _changed(group, kind, old, request.values)
    if new is None:
        return FormErrors(schedule_form(kind, request.values), problems)
    return await _save(request, group, new)


def _kind(request: Request) -> PostKind:
    try:
        return PostKind(request.args.get("k", ""))
    except ValueError:
        raise UserError(STALE) from None


async def _schedule_of(request: Request, group: Group, kind: PostKind) -> Schedule:
    for found in await request.unit.groups.schedules(group.id):
        if found.kind is kind:
            return found
    return Schedule(0, group.id, kind, dt.time(9), EVERY_DAY, group.zone, None, None)


def _values(schedule: Schedule) -> dict[str, str]:
    days = ",".join(["mon", "tue", "wed", "thu", "fri", "sat", "sun"][day] for day in sorted(schedule.days))
    return {"time": f"{schedule.at:%H:%M}", "days": days, "zone": schedule.zone}


def _changed(
    group: Group, kind: PostKind, old: Schedule, values: Mapping[str, str]
) -> tuple[Schedule | None, dict[str, str]]:
    """Return the schedule as asked for, not due yet; None with a sentence for each wrong field."""
    off = is_off(values.get("time", ""))
    problems: dict[str, str] = {}
    rule = rule_of({**values, "time": _values(old)["time"]} if off else values, problems, old.zone)
    if rule is None:
        return None, problems
    new = Schedule(old.id, group.id, kind, rule.at, rule.days, rule.zone, None, None)
    return _off(new) if off else new, {}


def _off(schedule: Schedule) -> Schedule:
    return replace(schedule, enabled=False, next_due_at=None, next_date=None)


async def _save(request: Request, group: Group, new: Schedule) -> Reply:
    """Plan the next post under the new rule."""
    group = await catch_up(request.unit, request.library, group, request.now)
    await reschedule(request.unit, request.library, group, new, request.now)
    return await schedules_reply(request, group)


async def schedules_reply(request: Request, group: Group) -> Reply:
    """Return the schedules of a group as they are now."""
    schedules = await request.unit.groups.schedules(group.id)
    return Send(schedules_message(group, schedules, await all_kept_posts(request.unit, group, request.now)))
