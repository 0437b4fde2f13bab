"""The choice of a group's project challenges: one at the end of each step of the roadmap. Pure.

A lap is one walk along the roadmap, from its first prompt to its last. Each step has one project a lap: the
one of its projects that the group had least recently. It comes when the prompts reach the end of its step
and have opened four fifths of the topics that it needs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.model import PostedContent
from bot.domain.selection import least_recent
from content.model import Challenge, Pack

BEFORE_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Lap:
    """A group's place on the roadmap of its pack.

    ``opened`` are the topics that prompts have opened since the lap began; ``step`` is the place of the
    present step among the steps, ``left`` how many of its ``stops`` are still to come. ``had`` are the
    steps whose project was posted since the lap began, each with its id. ``past`` are the ids of all
    projects posted so far, newest first.
    """

    opened: frozenset[str]
    step: int
    stops: int
    left: int
    had: Mapping[str, str]
    past: tuple[str, ...]


def lap_of(pack: Pack, prompts: Sequence[PostedContent], projects: Sequence[PostedContent]) -> Lap:
    """The lap that a group is on; ``prompts`` and ``projects`` are what it has had, newest first."""
    order = pack.prompted_topics
    places = {topic: place for place, topic in enumerate(order)}
    walked = [had for had in prompts if had.asked and had.topic in places]
    length = _length([places[had.topic] for had in walked])
    began = walked[length - 1].due_at if length < len(walked) else BEFORE_ALL
    asked = [project for project in projects if project.asked]
    had = {project.topic: project.content_id for project in reversed(asked) if project.due_at >= began}
    here = pack.step_of(walked[0].topic if walked else order[0]) if order else None
    stops = [topic.id for topic in here.topics if topic.id in places] if here else []
    left = len(stops) - (stops.index(walked[0].topic) + 1 if walked else 0)
    step = pack.roadmap.steps.index(here) if here else 0
    opened = frozenset(prompt.topic for prompt in walked[:length])
    return Lap(opened, step, len(stops), left, had, tuple(project.content_id for project in asked))


def due_project(pack: Pack, lap: Lap, coming: int) -> Challenge | None:
    """The project whose time it is, None for none.

    ``coming`` is how many prompts there will be before the next chance to post one: a step is at its end
    when they would lead out of its second half. A project that missed that comes in the step after its own.
    """
    at_end = lap.left < max(coming, 1) and 2 * lap.left <= lap.stops
    for step, challenge in _backwards(pack, lap.step, lap.past):
        if step == lap.step and not at_end:
            continue
        fits = challenge.step not in lap.had and _is_prepared(pack, lap, challenge)
        if fits or step < lap.step or challenge.step in lap.had:
            return challenge if fits else None
    return None


def project_ahead(pack: Pack, lap: Lap) -> Challenge | None:
    """The project of the present step or of the next one whose project the group has not had this lap."""
    coming = _forwards(pack, lap.step, lap.past)
    return next((challenge for _, challenge in coming if challenge.step not in lap.had), None)


def project_here(pack: Pack, lap: Lap) -> Challenge | None:
    """The project of the present step, also once it was posted; of the next step that has any otherwise."""
    here = next((challenge for _, challenge in _forwards(pack, lap.step, lap.past)), None)
    posted = pack.challenge(lap.had[here.step]) if here and here.step in lap.had else None
    return posted or here


def project_asked_for(pack: Pack, lap: Lap) -> Challenge | None:
    """The project that fits best when an organiser asks for one; None after all of this lap's."""
    late = _backwards(pack, lap.step, lap.past)
    missed = (challenge for _, challenge in late if challenge.step not in lap.had)
    return due_project(pack, lap, lap.left + 1) or project_ahead(pack, lap) or next(missed, None)


def project_in_turn(pack: Pack, projects: Sequence[PostedContent]) -> Challenge | None:
    """A project of the step after the newest one's, round and round: for a group that no prompts lead."""
    asked = [had for had in projects if had.asked]
    turn = [challenge for _, challenge in _forwards(pack, 0, [had.content_id for had in asked])]
    steps = [challenge.step for challenge in turn]
    newest = next((had.topic for had in asked if had.topic in steps), None)
    return turn[(steps.index(newest) + 1 if newest else 0) % len(turn)] if turn else None


def runs_until(challenge: Challenge, posted_on: dt.date) -> dt.date:
    """The last day of a project that was posted on a date."""
    return posted_on + dt.timedelta(days=challenge.days - 1)


def steps_left(pack: Pack, lap: Lap, step: str) -> int:
    """Return how many prompts are left up to the end of a step, which is the present one or a later one."""
    ids = [each.id for each in pack.roadmap.steps]
    later = ids[lap.step + 1 : ids.index(step) + 1]
    coming = [topic for topic in pack.prompted_topics if (here := pack.step_of(topic)) and here.id in later]
    return lap.left + len(coming)


def has_projects(pack: Pack) -> bool:
    """Tell if the pack has any project to give."""
    return any(pack.active_challenges(step.id) for step in pack.roadmap.steps)


def has_prompts(pack: Pack) -> bool:
    """Tell if any prompt could lead a group along the roadmap."""
    return bool(pack.prompted_topics)


def _is_prepared(pack: Pack, lap: Lap, challenge: Challenge) -> bool:
    """Tell if four fifths of the topics that it needs are open; those without a prompt are not counted."""
    stops = frozenset(pack.prompted_topics)
    needed = [topic for topic in challenge.prerequisites if topic in stops]
    return 5 * sum(topic in lap.opened for topic in needed) >= 4 * len(needed)


def _length(places: Sequence[int]) -> int:
    """Return how many of the newest stops (newest first) came without going back to an earlier place."""
    for number, (newer, older) in enumerate(pairwise(places), 1):
        if older >= newer:
            return number
    return len(places)


def _forwards(pack: Pack, first: int, past: Sequence[str]) -> Iterator[tuple[int, Challenge]]:
    """The projects in turn from a step on, each with the place of its step.

    Of a step's projects it is the turn of the one that the group had least recently, going by ``past``.
    """
    for place, step in enumerate(pack.roadmap.steps):
        variants = pack.active_challenges(step.id)
        if place >= first and variants:
            yield place, least_recent(variants, past)


def _backwards(pack: Pack, last: int, past: Sequence[str]) -> list[tuple[int, Challenge]]:
    """The projects in turn up to a step, the latest first."""
    return [found for found in reversed(list(_forwards(pack, 0, past))) if found[0] <= last]
