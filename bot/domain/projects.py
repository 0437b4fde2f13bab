"""The choice of a group's project challenges: one at the end of each step of the roadmap. Pure.

A lap is one walk along the roadmap, from its first prompt to its last. A project comes once a lap. It comes
when the prompts reach the end of its step and have opened four fifths of the topics that it needs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.model import PostedContent
from content.model import Challenge, Pack, Prompt, Status

BEFORE_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Lap:
    """A group's place on the roadmap of its pack.

    ``opened`` are the topics that prompts have opened since the lap began; ``step`` is the place of the
    present step among the steps, ``left`` how many of its ``stops`` are still to come. ``had`` are the ids
    of the projects posted since the lap began.
    """

    opened: frozenset[str]
    step: int
    stops: int
    left: int
    had: frozenset[str]


def lap_of(pack: Pack, prompts: Sequence[PostedContent], projects: Sequence[PostedContent]) -> Lap:
    """The lap that a group is on; ``prompts`` and ``projects`` are what it has had, newest first."""
    order = _stops(pack)
    places = {topic: place for place, topic in enumerate(order)}
    walked = [had for had in prompts if had.asked and had.topic in places]
    length = _length([places[had.topic] for had in walked])
    began = walked[length - 1].due_at if length < len(walked) else BEFORE_ALL
    had = frozenset(project.content_id for project in projects if project.asked and project.due_at >= began)
    here = pack.step_of(walked[0].topic if walked else order[0]) if order else None
    stops = [topic for topic in order if pack.step_of(topic) == here]
    left = len(stops) - (stops.index(walked[0].topic) + 1 if walked else 0)
    step = pack.roadmap.steps.index(here) if here else 0
    return Lap(frozenset(had.topic for had in walked[:length]), step, len(stops), left, had)


def due_project(pack: Pack, lap: Lap, coming: int) -> Challenge | None:
    """The project whose time it is, None for none.

    ``coming`` is how many prompts there will be before the next chance to post one: a step is at its end
    when they would lead out of its second half. A project that missed that comes in the step after its own.
    """
    at_end = lap.left < max(coming, 1) and 2 * lap.left <= lap.stops
    for step, challenge in _backwards(pack, lap.step):
        if step == lap.step and not at_end:
            continue
        fits = challenge.id not in lap.had and _is_prepared(pack, lap, challenge)
        if fits or step < lap.step or challenge.id in lap.had:
            return challenge if fits else None
    return None


def project_ahead(pack: Pack, lap: Lap) -> Challenge | None:
    """The project of the present step or of the next step that has one the group has not had this lap."""
    coming = (challenge for _, challenge in _forwards(pack, lap.step) if challenge.id not in lap.had)
    return next(coming, None)


def project_asked_for(pack: Pack, lap: Lap) -> Challenge | None:
    """The project that fits best when an organiser asks for one; None after all of this lap's."""
    late = (challenge for _, challenge in _backwards(pack, lap.step) if challenge.id not in lap.had)
    return due_project(pack, lap, lap.left + 1) or project_ahead(pack, lap) or next(late, None)


def project_in_turn(pack: Pack, projects: Sequence[PostedContent]) -> Challenge | None:
    """The project after the newest, round and round: for a group that no prompts lead along the roadmap."""
    turn = [challenge for _, challenge in _forwards(pack, 0)]
    ids = [challenge.id for challenge in turn]
    newest = next((had.content_id for had in projects if had.asked and had.content_id in ids), None)
    return turn[(ids.index(newest) + 1 if newest else 0) % len(turn)] if turn else None


def runs_until(challenge: Challenge, posted_on: dt.date) -> dt.date:
    """The last day of a project that was posted on a date."""
    return posted_on + dt.timedelta(days=challenge.days - 1)


def steps_left(pack: Pack, lap: Lap, step: str) -> int:
    """Return how many prompts are left up to the end of a step, which is the present one or a later one."""
    ids = [each.id for each in pack.roadmap.steps]
    later = ids[lap.step + 1 : ids.index(step) + 1]
    coming = [topic for topic in _stops(pack) if (here := pack.step_of(topic)) and here.id in later]
    return lap.left + len(coming)


def has_projects(pack: Pack) -> bool:
    """Tell if the pack has any project to give."""
    return bool(list(_forwards(pack, 0)))


def has_prompts(pack: Pack) -> bool:
    """Tell if any prompt could lead a group along the roadmap."""
    return bool(_stops(pack))


def _is_prepared(pack: Pack, lap: Lap, challenge: Challenge) -> bool:
    """Tell if four fifths of the topics that it needs are open; those without a prompt are not counted."""
    stops = frozenset(_stops(pack))
    needed = [topic for topic in challenge.prerequisites if topic in stops]
    return 5 * sum(topic in lap.opened for topic in needed) >= 4 * len(needed)


def _length(places: Sequence[int]) -> int:
    """Return how many of the newest stops (newest first) came without going back to an earlier place."""
    for number, (newer, older) in enumerate(pairwise(places), 1):
        if older >= newer:
            return number
    return len(places)


def _stops(pack: Pack) -> list[str]:
    """The topics with an active prompt, in the order of the roadmap."""
    return [topic.id for topic in pack.topics if _is_active(pack.prompts.get(topic.id))]


def _forwards(pack: Pack, first: int) -> Iterator[tuple[int, Challenge]]:
    """The active projects from a step on, each with the place of its step."""
    for place, step in enumerate(pack.roadmap.steps):
        challenge = pack.challenges.get(step.id)
        if place >= first and challenge is not None and _is_active(challenge):
            yield place, challenge


def _backwards(pack: Pack, last: int) -> list[tuple[int, Challenge]]:
    """The active projects up to a step, the latest first."""
    return [found for found in reversed(list(_forwards(pack, 0))) if found[0] <= last]


def _is_active(entry: Challenge | Prompt | None) -> bool:
    return entry is not None and entry.status is Status.ACTIVE
