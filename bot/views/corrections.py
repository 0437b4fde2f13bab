"""Corrected keys: what their group is told, and what the message of the question says."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.messages import Message, Text, literal
from bot.domain.regrading import Correction
from bot.views.common import count
from bot.views.questions import ShownQuestion, key_in_brief, stem_in_brief

SINCE_THEN = "The answer key was corrected after this question was posted."

Stored = Mapping[str, str | int]
"""Facts of a correction as they are stored, by name."""


def facts_of(asked: ShownQuestion, correction: Correction, answers: int) -> Stored:
    """Return the facts that the notice is made from: nothing in them tells how one member did."""
    return {
        "question": stem_in_brief(asked.question),
        "topic": asked.topic,
        "key": key_in_brief(asked.question, asked.seed),
        "effect": _effect(correction, answers),
    }


def correction_message(facts: Stored) -> Message:
    """Return the notice to a group whose question had a wrong key. It mentions nobody."""
    said = (
        f"The answer key of “{facts['question']}” ({facts['topic']}) was corrected: {facts['key']}. "
        f"{facts['effect']}"
    )
    return Message(said, (Text(literal(said)),))


def correction_note(correction: Correction, answers: int) -> str:
    """Return what the message of the closed question says."""
    return f"{SINCE_THEN} {_effect(correction, answers)}"


def _effect(correction: Correction, answers: int) -> str:
    """Return what became of the answers; how one alone did stays private."""
    gained, right = correction.gained, correction.right
    if answers <= 1:
        return "An answer that it makes right now counts as right, and nobody loses points."
    if not gained:
        return "Nobody's points change."
    if gained == right:
        verb = "counts" if right == 1 else "count"
        return f"{count(right, 'answer')} now {verb} as right, and nobody loses points."
    verb = "earns" if gained == 1 else "earn"
    return f"{count(gained, 'answer')} now {verb} more points, and nobody loses any."
