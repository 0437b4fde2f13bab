"""The choice of a group's next post of a kind, from the posts that it has had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.model import (
    Group,
    PostedContent,
    PostKind,
    Schedule,
)
from bot.domain.projects import (
    due_project,
    has_prompts,
    lap_of,
    project_asked_for,
    project_in_turn,
    runs_until,
)
from bot.domain.reasons import ChoiceReason
from bot.domain.selection import Chosen, choose_prompt, choose_question
from bot.ports import UnitOfWork
from bot.services.scheduling import moved_on
from content.model import Challenge, Pack

MOST_PROMPTS = 100
"""Prompts before the next chance to post a project that are counted, at most."""


async def choose_for_slot(
    unit: UnitOfWork, pack: Pack, group: Group, schedule: Schedule, due_at: dt.datetime
) -> Chosen | None:
    """Return the content for the slot of a schedule at ``due_at``; None where it passes without a post."""
    if schedule.kind is PostKind.CHALLENGE:
        return await _project_for_slot(unit, pack, group, schedule, due_at)
    return await choose_any(unit, pack, group, schedule.kind, due_at)


async def choose_any(
    unit: UnitOfWork, pack: Pack, group: Group, kind: PostKind, at: dt.datetime
) -> Chosen | None:
    """The next prompt, question or recap at an instant; None when the pack has none to give."""
    prompts = await unit.posts.served(group.id, PostKind.PROMPT)
    prompted = [(had.topic, had.content_id) for had in prompts if had.asked]
    match kind:
        case PostKind.PROMPT:
            return choose_prompt(pack, prompted)
        case PostKind.QUIZ:
            quizzes = await unit.posts.served(group.id, PostKind.QUIZ)
            # A refused question counts as served: were it malformed, it would be refused for ever.
            served = [(had.topic, had.content_id) for had in quizzes if had.content_id]
            waiting = {had.content_id for had in quizzes if had.open_until and had.open_until > at}
            return choose_question(pack, served, frozenset(topic for topic, _ in prompted), waiting)
        case PostKind.RECAP:
            return Chosen("", "recap", 1, ChoiceReason.RECAP)
        case PostKind.CHALLENGE:
            project = await choose_project(unit, pack, group, at)
            return chosen_project(project) if project else None


async def choose_project(unit: UnitOfWork, pack: Pack, group: Group, at: dt.datetime) -> Challenge | None:
    """The project for an organiser who asks for one; None when the group has had all of this lap's.

    Also None while the newest one runs and no other is due: see ``running_project``.
    """
    prompts, projects = await _had(unit, group)
    runs = running(pack, group, projects, at) is not None
    if not await _is_led(unit, pack, group, prompts):
        return None if runs else project_in_turn(pack, projects)
    lap = lap_of(pack, prompts, projects)
    return due_project(pack, lap, 1) if runs else project_asked_for(pack, lap)


async def running_project(
    unit: UnitOfWork, pack: Pack, group: Group, at: dt.datetime
) -> tuple[Challenge, dt.date] | None:
    """The group's newest project and its last day; None when that is over."""
    return running(pack, group, await unit.posts.served(group.id, PostKind.CHALLENGE), at)


def running(
    pack: Pack, group: Group, projects: Sequence[PostedContent], at: dt.datetime
) -> tuple[Challenge, dt.date] | None:
    """The newest of ``projects`` (newest first) and its last day; None when that is over at an instant."""
    zone = ZoneInfo(group.zone)
    newest = next((had for had in projects if had.asked), None)
    challenge = pack.challenge(newest.content_id) if newest else None
    if newest is None or challenge is None:
        return None
    last = runs_until(challenge, newest.due_at.astimezone(zone).date())
    return (challenge, last) if at.astimezone(zone).date() <= last else None


def chosen_project(challenge: Challenge) -> Chosen:
    """A project as it is put on the ledger."""
    return Chosen(challenge.step, challenge.id, challenge.rev, ChoiceReason.STEP)


async def _project_for_slot(
    unit: UnitOfWork, pack: Pack, group: Group, schedule: Schedule, due_at: dt.datetime
) -> Chosen | None:
    """The project of a step that is at its end; without prompts, the next one when the last one is over."""
    prompts, projects = await _had(unit, group)
    if await _is_led(unit, pack, group, prompts):
        coming = await _prompts_before_next(unit, group, schedule, due_at)
        project = due_project(pack, lap_of(pack, prompts, projects), coming)
    else:
        project = None if running(pack, group, projects, due_at) else project_in_turn(pack, projects)
    return chosen_project(project) if project else None


async def _had(unit: UnitOfWork, group: Group) -> tuple[Sequence[PostedContent], Sequence[PostedContent]]:
    """The prompts and the projects that the group has had, newest first."""
    posts = unit.posts
    return await posts.served(group.id, PostKind.PROMPT), await posts.served(group.id, PostKind.CHALLENGE)


async def _is_led(unit: UnitOfWork, pack: Pack, group: Group, prompts: Sequence[PostedContent]) -> bool:
    """Tell if prompts lead the group along the roadmap, or have led it so far."""
    if any(had.asked for had in prompts):
        return True
    return has_prompts(pack) and await _prompt_schedule(unit, group) is not None


async def _prompts_before_next(
    unit: UnitOfWork, group: Group, schedule: Schedule, due_at: dt.datetime
) -> int:
    """Return how many prompts come after a slot and up to the schedule's next one."""
    prompts = await _prompt_schedule(unit, group)
    until = moved_on(schedule, group, due_at).next_due_at
    if prompts is None or until is None:
        return 0
    for number in range(MOST_PROMPTS):
        prompts = moved_on(
            prompts, group, prompts.next_due_at if number and prompts.next_due_at else due_at
        )
        if prompts.next_due_at is None or prompts.next_due_at > until:
            return number
    return MOST_PROMPTS


async def _prompt_schedule(unit: UnitOfWork, group: Group) -> Schedule | None:
    """The group's schedule of prompts; None when it is off."""
    schedules = await unit.groups.schedules(group.id)
    return next((each for each in schedules if each.kind is PostKind.PROMPT and each.enabled), None)
