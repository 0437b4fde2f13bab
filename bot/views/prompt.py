"""A roadmap prompt."""

from __future__ import annotations

from bot.border.action_id import encode
from bot.border.message import Actions, Button, Field, Footnote, Form, Heading, Message, Style, Text
from bot.views.common import count, sources
from content.model import Prompt


def prompt_message(prompt: Prompt, stop: str, post_id: int, done: int, replies: int) -> Message:
    """The channel post: why, what to do in five minutes, what to talk about."""
    correction = prompt.article_correction
    return Message(
        f"Roadmap: {prompt.title}",
        (
            Heading(f"{stop} · {prompt.title}"),
            Text(prompt.why_it_matters),
            Text(f"**Five minutes:** {prompt.task_5min}"),
            Text(f"**Discuss:** {prompt.discuss}"),
            *((Text(f"**Common advice, corrected:** {correction}"),) if correction else ()),
            sources(prompt.references),
            Actions(
                (
                    Button("Mark done", encode("prompt.done", p=post_id), Style.SUCCESS),
                    Button("Write a reply", encode("prompt.write", p=post_id)),
                    Button("Show a sample answer", encode("prompt.sketch", p=post_id)),
                )
            ),
            Footnote(f"{done:,} done · {count(replies, 'reply', 'replies')}"),
        ),
    )


def reply_form(prompt: Prompt, post_id: int, longest: int, text: str = "") -> Form:
    """Where to reply; ``longest`` in characters."""
    field = Field("text", "What you did or think", text, "A sentence or two", long=True, max_length=longest)
    return Form(prompt.title, encode("prompt.written", p=post_id), (field,))


def sketch_message(prompt: Prompt) -> Message:
    """What a good answer holds, for the one who asks."""
    return Message(
        f"A sample answer: {prompt.title}",
        (
            Heading(f"A sample answer · {prompt.title}"),
            Text(prompt.answer_sketch),
            sources(prompt.references),
        ),
    )
