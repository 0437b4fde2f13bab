"""The choice of what a group and a member are served next. Pure: the same history gives the same choice.

For the group: the least recently served unlocked topic in roadmap order, none of the last three, and of
that topic the question that was served least. Due-first repetition is not used here: in simulation it
starves coverage (docs/learning.md).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.model import Met
from bot.domain.reasons import ChoiceReason
from content.model import Challenge, Pack, Prompt, Question, Topic

Content = TypeVar("Content", Prompt, Challenge)

APART = 3
"""Questions within which a topic does not return."""

HEAD_START = APART + 1
"""Topics open from the first day, so that the rule above can be kept."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice of content to post: ids, and the reason with the numbers that belong to it."""

    topic: str
    content_id: str
    rev: int
    reason: ChoiceReason | None
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptBack:
    """Ids of questions that practice keeps back: a group asks them now, or is likely to ask them soon.

    Those of ``elsewhere`` are asked too, but come last only, since otherwise too little would be left.
    """

    asked: frozenset[str] = frozenset()
    soon: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()


NOTHING_KEPT = KeptBack()


def seed_of(text: str) -> int:
    """A number below 2**31 made from a text, for the shuffle of one post."""
    return int.from_bytes(_hash(text)[:4], "big") >> 1


def choose_question(
    pack: Pack,
    served: Sequence[tuple[str, str]],
    prompted: Collection[str],
    waiting: Collection[str] = (),
) -> Chosen | None:
    """The group's next question; None when the pack has no active one that is not ``waiting``.

    ``served`` lists (topic, question id) of earlier quizzes, newest first; ``prompted`` the topics that
    the group's prompts have opened, empty for a group without prompts: all topics are then open.
    ``waiting`` are the ids of questions that take answers or will: they are not asked a second time.
    """
    order = pack.asked_topics
    reached = order[: max(_reach(order, prompted), HEAD_START)] if prompted else order
    # Where all that is open is waiting, a topic that is still to come is better than nothing.
    opened = _free(pack, reached, waiting) or _free(pack, order, waiting)
    if not opened:
        return None
    last = [topic for topic, _ in served]
    # The least recent of HEAD_START topics or more is none of the last APART ones.
    ages = {topic: age for age, topic in reversed(list(enumerate(last)))}
    topic = max(opened, key=lambda t: ages.get(t, len(last) + 1))
    variants = [question for question in pack.active_questions(topic) if question.id not in waiting]
    question = least_served(variants, Counter(q for _, q in served))
    ago = ages[topic] + 1 if topic in ages else 0
    return Chosen(topic, question.id, question.rev, ChoiceReason.ROTATION, (ago, len(reached), len(order)))


def has_questions(pack: Pack) -> bool:
    """Tell if the pack has any question to ask."""
    return bool(pack.asked_topics)


def choose_practice(
    pack: Pack, topic: str | None, met: Mapping[str, Met], kept: KeptBack = NOTHING_KEPT
) -> Question | None:
    """A question for one member, of the topic if given, else of the whole pack; None if there is none.

    The one met least comes first; of equals the one practised longest ago, then the easiest. What a group
    is asking is never served, what others ask ``elsewhere`` only if there is nothing else, and last of all
    what the group is likely to ask soon. The question served last returns only if it is alone.
    """
    topics = [topic] if topic else [t.id for t in pack.topics]
    questions = [q for t in topics for q in pack.active_questions(t) if q.id not in kept.asked]
    later = [q for q in questions if q.id not in kept.soon]
    questions = [q for q in later if q.id not in kept.elsewhere] or later or questions
    newest = max(met, key=lambda question_id: met[question_id].last_practice, default="")
    questions = [q for q in questions if q.id != newest or not met[newest].last_practice] or questions
    return min(questions, key=lambda q: _meetings(met.get(q.id), q), default=None)


def with_twins(pack: Pack, questions: Iterable[Question]) -> frozenset[str]:
    """Ids of these questions and of those in the pack that would tell their keys.

    A twin replaces or is replaced by one of them, directly or through others, or has the same words.
    """
    everything = [question for found in pack.questions.values() for question in found]
    more = list(questions)
    ids: set[str] = set()
    replaced: set[str | None] = set()
    words: set[object] = set()
    while more:
        ids |= {q.id for q in more}
        replaced |= {q.replaces for q in more}
        words |= {_words(q) for q in more}
        more = [
            q
            for q in everything
            if q.id not in ids and (q.replaces in ids or q.id in replaced or _words(q) in words)
        ]
    return frozenset(ids)


def is_mostly(pack: Pack, question_ids: Collection[str]) -> bool:
    """Tell if more than half of the pack's active questions are among these."""
    active = [q.id for topic in pack.asked_topics for q in pack.active_questions(topic)]
    return 2 * sum(question_id in question_ids for question_id in active) > len(active)


def choose_prompt(pack: Pack, prompted: Sequence[tuple[str, str]]) -> Chosen | None:
    """Return a prompt of the topic after the newest one, round and round; None for a pack without prompts.

    ``prompted`` lists (topic, prompt id) of earlier prompts, newest first. Of the topic's prompts the group
    gets the one that it had least recently, so that each lap brings another.
    """
    order = pack.prompted_topics
    if not order:
        return None
    newest = next((topic for topic, _ in prompted if topic in order), None)
    at = order.index(newest) + 1 if newest else 0
    topic = order[at % len(order)]
    prompt = least_recent(pack.active_prompts(topic), [prompt_id for _, prompt_id in prompted])
    return Chosen(topic, prompt.id, prompt.rev, ChoiceReason.STOP, (at % len(order) + 1, len(order)))


def coming_prompts(pack: Pack, prompted: Sequence[str]) -> tuple[Topic, ...]:
    """The topics of the roadmap whose prompts are still to come on this lap, in order."""
    order = [topic for topic in pack.topics if pack.active_prompts(topic.id)]
    ids = [topic.id for topic in order]
    newest = next((topic for topic in prompted if topic in ids), None)
    return tuple(order[ids.index(newest) + 1 :] if newest else order)


def least_recent(variants: Sequence[Content], had: Sequence[str]) -> Content:
    """Return the one that a group had least recently; of those it never had, the first.

    ``had`` lists the ids of what it has had, newest first.
    """
    ages = {content_id: age for age, content_id in reversed(list(enumerate(had)))}
    return max(variants, key=lambda each: ages.get(each.id, len(had)))


def least_served(questions: Sequence[Question], times: Mapping[str, int]) -> Question:
    """Return the question served least; of equals the easiest, then the first in the file."""
    return min(questions, key=lambda q: (times.get(q.id, 0), q.difficulty))


def _meetings(met: Met | None, question: Question) -> tuple[int, int, int]:
    return (met.times if met else 0, met.last_practice if met else 0, question.difficulty)


def _words(question: Question) -> tuple[object, ...]:
    code = question.code
    return question.stem, code and (code.language, code.source)


def _reach(order: Sequence[str], prompted: Collection[str]) -> int:
    """Return how many topics lie up to the furthest one that a prompt has opened."""
    return max((order.index(t) + 1 for t in prompted if t in order), default=0)


def _free(pack: Pack, topics: Iterable[str], waiting: Collection[str]) -> list[str]:
    """The topics with a question that is not waiting."""
    return [t for t in topics if any(question.id not in waiting for question in pack.active_questions(t))]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
