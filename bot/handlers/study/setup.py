"""Handlers of ``/study setup`` and ``/study schedule``: making a group, and changing its times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat.commands import Command, CommandOption, fitting
from bot.chat.messages import Choice
from bot.chat.replies import FormErrors, Latency, OpenForm, Reply, Send
from bot.domain.calendar import EVERY_DAY, BadDays, BadTime, BadZone, WallSchedule, hours_later
from bot.domain.model import Group, PostKind, Schedule
from bot.domain.parsing import (
    AFTER_TIME,
    MOST_DAYS,
    MOST_TIME,
    MOST_ZONE,
    is_off,
    parse_days,
    parse_time,
    parse_zone,
)
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.library import Library
from bot.ports import UnitOfWork
from bot.routing import STALE, Completion, Request, Routes, Writes
from bot.services.planning import catch_up, reschedule
from bot.services.scheduling import all_kept_posts, ending_on, next_slot
from bot.services.zones import suggest_zones
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import echoed
from bot.views.study import (
    TITLES,
    schedule_form,
    schedules_message,
    setup_form,
    started_message,
)

routes = Routes()

ONE_CLICK = dt.timedelta(minutes=1)
"""Time within which a second set-up of one organiser is a double click."""

SUNDAY = frozenset({6})
PROJECT_LATER = 3
"""Hours between a day's question and its project, so that they do not come in one heap."""

EVENING = dt.time(18)
KINDS = tuple(Choice(TITLES[kind], kind) for kind in PostKind)
_WHEN = (
    CommandOption("time", "Local time, such as 09:00 or 6:30 pm", max_length=MOST_TIME, tail=AFTER_TIME),
    CommandOption("days", "Days, such as mon-fri or mon,wed,fri", max_length=MOST_DAYS),
)
_ZONE = CommandOption("zone", "Time zone, such as Europe/Berlin", completes=True, max_length=MOST_ZONE)


@dataclass(frozen=True, slots=True)
class SetupPlan:
    """A valid request for a new group."""

    pack: str
    zone: str
    at: dt.time
    days: frozenset[int]


@routes.command(
    Command(
        "study setup",
        "Make this channel a study group",
        (CommandOption("pack", "The roadmap to follow", completes=True, max_length=60), _ZONE, *_WHEN),
        organiser_only=True,
        brings_posts=True,
    ),
    latency=Latency.OPENS_FORM,
    writes=Writes.WITH_OPTIONS,
)
async def setup(request: Request) -> Reply:
    """Set a group up: with all four options at once, else by a form."""
    if (done := await _just_set_up(request)) is not None:
        return done
    await _refuse_unfit_place(request)
    if not {"pack", "zone", "time", "days"} <= request.args.keys():
        return OpenForm(setup_form(_titles(request.library), request.args))
    plan, problems = _checked(request.library, request.args)
    if plan is None:
        raise UserError(" ".join(problems.values()))
    return await _start(request, plan)


@routes.action("study.setup", organiser_only=True)
async def setup_sent(request: Request) -> Reply:
    """Take the form of the set-up."""
    if (done := await _just_set_up(request)) is not None:
        return done
    await _refuse_unfit_place(request)
    plan, problems = _checked(request.library, request.values)
    if plan is None:
        return FormErrors(setup_form(_titles(request.library), request.values), problems)
    return await _start(request, plan)


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
            _WHEN[1],
            _ZONE,
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


@routes.command(
    Command(
        "study zone",
        "Move this group and its schedules to another time zone",
        (replace(_ZONE, required=True),),
        organiser_only=True,
    )
)
async def zone(request: Request) -> Reply:
    """Move the wall times to the clocks of another zone, for a group that was set up in a wrong one."""
    group = await group_to_organise(request)
    try:
        name = parse_zone(request.args["zone"], kept=group.zone)
    except BadZone as error:
        raise UserError(str(error), "zone") from None
    group = await catch_up(request.unit, request.library, group, request.now)
    moved = ending_on(replace(group, zone=name), group.resume_on, request.now)
    await request.unit.groups.save(moved)
    for old in await request.unit.groups.schedules(group.id):
        await reschedule(request.unit, request.library, moved, replace(old, zone=name), request.now)
    return await _saved(request, moved)


@routes.completes("study setup", "zone")
@routes.completes("study schedule", "zone")
@routes.completes("study zone", "zone")
async def zones(completion: Completion) -> Iterable[Choice]:
    """Suggest zones by their name, their country, and the cities in them."""
    return suggest_zones(completion.typed)


@routes.completes("study setup", "pack")
async def packs(completion: Completion) -> Iterable[Choice]:
    """Suggest every pack that is installed."""
    choices = [Choice(title, pack_id) for pack_id, title in _titles(completion.library).items()]
    return fitting(choices, completion.typed)


async def start_group(
    unit: UnitOfWork, group: Group, plan: SetupPlan, now: dt.datetime
) -> tuple[Group, tuple[Schedule, ...]]:
    """Add a new group with its four schedules.

    The question comes on every day that was asked for, the prompt with it on every second of them. A
    project may come on each of them three hours later. The recap comes on Sunday, in the evening if that is
    one of them.
    """
    group = await unit.groups.add(group)
    later = hours_later(plan.at, PROJECT_LATER)
    recap = max(later, EVENING) if plan.days >= SUNDAY else plan.at
    when = {
        PostKind.PROMPT: (plan.at, frozenset(sorted(plan.days)[::2])),
        PostKind.QUIZ: (plan.at, plan.days),
        PostKind.CHALLENGE: (later, plan.days),
        PostKind.RECAP: (recap, SUNDAY),
    }
    schedules = []
    for kind, (at, days) in when.items():
        new = Schedule(0, group.id, kind, at, days, plan.zone, None, None)
        schedules.append(await unit.groups.put_schedule(await next_slot(unit, new, now)))
    return group, tuple(schedules)


def _kind(request: Request) -> PostKind:
    try:
        return PostKind(request.args.get("k", ""))
    except ValueError:
        raise UserError(STALE) from None


def _titles(library: Library) -> dict[str, str]:
    return {pack_id: pack.info.title for pack_id, pack in sorted(library.packs.items())}


async def _refuse_unfit_place(request: Request) -> None:
    if await request.unit.groups.find(request.origin.channel):
        raise UserError("This channel is already a study group. Change it with /study schedule.")
    if request.origin.channel.direct:
        raise UserError("A study group needs a channel. Run /study setup in one.")
    if request.origin.cannot_post_reason:
        raise UserError(request.origin.cannot_post_reason)
    if not request.library.packs:
        raise UserError("No roadmap is installed yet. The operator can find out why with: milepost doctor")


def _checked(library: Library, values: Mapping[str, str]) -> tuple[SetupPlan | None, dict[str, str]]:
    problems: dict[str, str] = {}
    pack = values.get("pack", "").strip()
    if pack not in library.packs:
        problems["pack"] = (
            f"There is no roadmap “{echoed(pack)}”.{did_you_mean(pack, library.packs)} "
            f"Choose from: {', '.join(sorted(library.packs))}."
        )
    rule = _rule(values, problems)
    if rule is None or problems:
        return None, problems
    return SetupPlan(pack, rule.zone, rule.at, rule.days), {}


def _rule(values: Mapping[str, str], problems: dict[str, str], kept: str = "") -> WallSchedule | None:
    """Return the rule in ``values``; None with a sentence in ``problems`` for each field that is wrong.

    ``kept`` is the zone that is set so far.
    """
    at, days, zone = dt.time(), EVERY_DAY, "UTC"
    try:
        at = parse_time(values.get("time", ""))
    except BadTime as error:
        problems["time"] = str(error)
    try:
        days = parse_days(values.get("days", ""))
    except BadDays as error:
        problems["days"] = str(error)
    try:
        zone = parse_zone(values.get("zone", ""), kept)
    except BadZone as error:
        problems["zone"] = str(error)
    if not days:
        problems["days"] = "Choose at least one day, such as mon-fri."
    return None if problems else WallSchedule(at, days, zone)


async def _start(request: Request, plan: SetupPlan) -> Reply:
    group = Group(
        id=0,
        channel=request.origin.channel,
        pack=plan.pack,
        zone=plan.zone,
        created_at=request.now,
        organiser=request.origin.user,
    )
    group, schedules = await start_group(request.unit, group, plan, request.now)
    return _started(request, group, schedules)


def _started(request: Request, group: Group, schedules: Sequence[Schedule]) -> Reply:
    title = request.library.pack(group.pack).info.title
    return Send(started_message(group, title, schedules, request.origin.elsewhere))


async def _just_set_up(request: Request) -> Reply | None:
    """Return what the organiser was told who set this place up a moment ago, and does so a second time."""
    group = await request.unit.groups.find(request.origin.channel)
    if (
        group is None
        or group.organiser != request.origin.user
        or request.now - group.created_at > ONE_CLICK
    ):
        return None
    return _started(request, group, await request.unit.groups.schedules(group.id))


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
    rule = _rule({**values, "time": _values(old)["time"]} if off else values, problems, old.zone)
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
    return await _saved(request, group)


async def _saved(request: Request, group: Group) -> Reply:
    schedules = await request.unit.groups.schedules(group.id)
    return Send(schedules_message(group, schedules, await all_kept_posts(request.unit, group, request.now)))
