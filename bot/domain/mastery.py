"""Mastery of topics and steps, from the tallies of their answers.

A topic's mastery is the share of right answers, drawn towards zero while there are few of them: with n
answers, k right, it is k / (n + 1), the mean of a Beta posterior under a sceptical Beta(0, 1) prior. A
step's mastery is the mean over its topics, so that one topic answered often cannot stand for the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.model import TopicTally
from content.model import Pack


@dataclass(frozen=True, slots=True)
class Mastery:
    """Mastery of a topic or step: ``percent`` from 0 to 100, and ``seen`` of ``topics`` answered once."""

    percent: int
    seen: int
    topics: int


def of_topic(tally: TopicTally | None) -> Mastery:
    """Return the mastery of one topic; None if it was never answered."""
    if tally is None or not tally.seen:
        return Mastery(0, 0, 1)
    return Mastery(round(100 * _share(tally)), 1, 1)


def of_roadmap(pack: Pack, tallies: Mapping[str, TopicTally]) -> dict[str, Mastery]:
    """Return the mastery of every step and topic of a pack, by step id and topic id."""
    found = {topic.id: of_topic(tallies.get(topic.id)) for topic in pack.topics}
    for step in pack.roadmap.steps:
        known = [tallies[t.id] for t in step.topics if t.id in tallies and tallies[t.id].seen]
        mean = sum(map(_share, known)) / len(step.topics)
        found[step.id] = Mastery(round(100 * mean), len(known), len(step.topics))
    return found


def _share(tally: TopicTally) -> float:
    return tally.correct / (tally.seen + 1)
