"""Posts whose content has left the pack, or was changed, since they were sent."""

from __future__ import annotations

from bot.chat.messages import Actions, Button, Heading, Message, Text
from bot.domain.model import PostKind
from bot.domain.reasons import Ending

_TITLES = {
    PostKind.QUIZ: "Question of the day",
    PostKind.PROMPT: "Roadmap prompt",
    PostKind.CHALLENGE: "Project",
    PostKind.RECAP: "The week in review",
}
KEPT = "Answers that were already given keep their points."
_SAID = {
    PostKind.QUIZ: f"This question was taken out of the roadmap, so it's closed. {KEPT}",
    PostKind.PROMPT: "This prompt was taken out of the roadmap. What you did for it still counts.",
    PostKind.CHALLENGE: "This project was taken out of the roadmap. What you shared still counts.",
    PostKind.RECAP: "This can no longer be shown.",
}

CLOSED_EARLY = {
    Ending.REMOVED: (
        f"This question was taken out of the roadmap while it was open, so it closed early. {KEPT}"
    ),
    Ending.RETIRED: f"This question was retired while it was open, so it closed early. {KEPT}",
    Ending.CHANGED: f"This question was changed while it was open, so it closed early. {KEPT}",
}
"""Sentences in the message of a question that closed before its time."""

TOO_LATE = {
    Ending.REMOVED: (
        "This question was taken out of the roadmap, so it's closed. Use /quiz for another one."
    ),
    Ending.RETIRED: (
        "This question was retired, so it's closed. Find its answer in the channel, or use /quiz to "
        "practise."
    ),
    Ending.CHANGED: (
        "This question was changed after it was posted, so it's closed. Find its answer in the channel, or "
        "use /quiz to practise."
    ),
}
"""Sentences to somebody who answers a question that closed before its time."""


def withdrawn_message(kind: PostKind, topic: str, practise: Button | None) -> Message:
    """Return the message in place of withdrawn content: nothing on it can be pressed in vain.

    ``topic`` may be empty.
    """
    title = f"{_TITLES[kind]}, withdrawn"
    return Message(
        f"{title}. {_SAID[kind]}",
        (
            Heading(" · ".join(filter(None, (_TITLES[kind], topic, "withdrawn")))),
            Text(_SAID[kind]),
            *((Actions((practise,)),) if practise else ()),
        ),
    )
