"""Handler of ``/study setup``: making a channel a study group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from bot.chat.commands import Command, CommandOption, fitting
from bot.chat.messages import Choice
from bot.chat.replies import FormErrors, Latency, OpenForm, Reply, Send
from bot.domain.model import Group, Schedule
from bot.errors import UserError
from bot.handlers.study.options import WHEN, ZONE, rule_of
from bot.library import Library
from bot.routing import Completion, Request, Routes, Writes
from bot.services.group_setup import SetupPlan, start_group
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import echoed
from bot.views.study import (
    setup_form,
    started_message,
)

routes = Routes()
ONE_CLICK = dt.timedelta(minutes=1)
"""Time within which a second set-up of one organiser is a double click."""


@routes.command(
    Command(
        "study setup",
        "Make this channel a study group",
        (CommandOption("pack", "The roadmap to follow", completes=True, max_length=60), ZONE, *WHEN),
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


@routes.completes("study setup", "pack")
async def packs(completion: Completion) -> Iterable[Choice]:
    """Suggest every pack that is installed."""
    choices = [Choice(title, pack_id) for pack_id, title in _titles(completion.library).items()]
    return fitting(choices, completion.typed)


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
    rule = rule_of(values, problems)
    if rule is None or problems:
        return None, problems
    return SetupPlan(pack, rule.zone, rule.at, rule.days), {}


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
