"""The messages of practice that has nothing to serve."""

from __future__ import annotations

from bot.chat.action_ids import encode
from bot.chat.messages import Actions, Button, Message, Style, Text, literal
from content.model import Topic

KEPT_BACK = "A study group is asking this question now or very soon, so practice waits until it has closed."


def kept_back_message(topic: str | None = None, other: Topic | None = None) -> Message:
    """Say that a question, or every question on ``topic``, has to wait, and offer another topic."""
    said = (
        f"Every question on {topic} is a study group's to answer at the moment, so practice waits until "
        "they have closed."
        if topic
        else KEPT_BACK
    )
    label, params = (f"Practise {other.title}", {"t": other.id}) if other else ("Another question", {})
    button = Button(label, encode("quiz.topic", **params), Style.PRIMARY)
    return Message(said, (Text(literal(said)), Actions((button,))))
