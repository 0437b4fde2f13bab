"""A post whose content has left the pack since it was sent."""

from __future__ import annotations

from bot.chat.messages import Actions, Button, Heading, Message, Text
from bot.domain.model import PostKind

_TITLES = {
    PostKind.QUIZ: "Question of the day",
    PostKind.PROMPT: "Roadmap prompt",
    PostKind.CHALLENGE: "Project",
    PostKind.RECAP: "The week in review",
}
_SAID = {
    PostKind.QUIZ: (
        "This question was taken out of the roadmap, so it's closed. Answers that were already given keep "
        "their points."
    ),
    PostKind.PROMPT: "This prompt was taken out of the roadmap. What you did for it still counts.",
    PostKind.CHALLENGE: "This project was taken out of the roadmap. What you shared still counts.",
    PostKind.RECAP: "This can no longer be shown.",
}


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
