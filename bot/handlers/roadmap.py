"""Handlers of ``/roadmap``: the roadmap and its steps."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.commands import Command, CommandOption, fitting
from bot.chat.messages import Choice
from bot.chat.replies import Reply, Send
from bot.domain.mastery import of_roadmap
from bot.domain.model import PostKind
from bot.errors import UserError
from bot.routing import STALE, Completion, Request, Routes, Writes
from bot.services.membership import group_here, pack_here, visitor_of
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import echoed
from bot.views.roadmap import roadmap_message, step_message
from content.model import Pack, Step

routes = Routes()


@routes.command(
    Command(
        "roadmap",
        "See the roadmap and your progress on it",
        (CommandOption("step", "A step, by its number or name", completes=True),),
    ),
    writes=Writes.NEVER,
)
async def show(request: Request) -> Reply:
    """Show all steps, or one."""
    pack = await pack_here(request)
    typed = request.args.get("step", "")
    if typed:
        return await _one_step(request, pack, step_named(pack, typed))
    member = await visitor_of(request)
    group = await group_here(request)
    newest = await request.unit.posts.open_of(group.id, PostKind.PROMPT) if group else None
    tallies = await request.unit.learning.topic_tallies(member.id, pack.info.id)
    here = newest.topic if newest and pack.topic(newest.topic) else None
    return Send(roadmap_message(pack, of_roadmap(pack, tallies), here))


@routes.action("roadmap.step", navigates=True, writes=Writes.NEVER)
async def show_step(request: Request) -> Reply:
    """Show one step, chosen in the menu."""
    pack = await pack_here(request)
    if not request.choice:
        raise UserError(STALE)
    return await _one_step(request, pack, step_named(pack, request.choice[0]))


@routes.completes("roadmap", "step")
async def steps(completion: Completion) -> Iterable[Choice]:
    """Suggest every step of the group's pack."""
    pack = completion.pack
    found = pack.roadmap.steps if pack else ()
    choices = [Choice(f"{number}. {step.title}", step.id) for number, step in enumerate(found, 1)]
    return fitting(choices, completion.typed)


def step_named(pack: Pack, typed: str) -> Step:
    """Return the step by number, id or title. Raises UserError."""
    found = pack.roadmap.steps
    if typed.isascii() and typed.isdigit() and len(typed) < 4 and 1 <= int(typed) <= len(found):
        return found[int(typed) - 1]
    wanted = typed.casefold()
    for step in found:
        if wanted in (step.id, step.title.casefold()):
            return step
    hint = did_you_mean(typed, [step.title for step in found])
    choose = f"Choose a number from 1 to {len(found)}."
    raise UserError(f"There is no step “{echoed(typed)}”.{hint} {choose}", "step")


async def _one_step(request: Request, pack: Pack, step: Step) -> Reply:
    member = await visitor_of(request)
    tallies = await request.unit.learning.topic_tallies(member.id, pack.info.id)
    return Send(step_message(pack, step, of_roadmap(pack, tallies)))
