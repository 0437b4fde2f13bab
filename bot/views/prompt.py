"""A roadmap prompt."""

from __future__ import annotations

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Button,
    Code,
    Field,
    Footnote,
    Form,
    Heading,
    Message,
    Style,
    Text,
    literal,
)
from bot.toolkit.text import shorten
from bot.views.common import count, plain, sources
from content.model import Prompt

PLACEHOLDER_LENGTH = 100
ONLY_YOU = "Only you see this, and I don't keep it. Reply under the post to share it."


def prompt_message(prompt: Prompt, topic: str, stop: str, post_id: int, done: int, replies: int) -> Message:
    """Return the channel post: why, what to do, what to discuss. ``topic`` is its title."""
    correction = prompt.article_correction
    return Message(
        f"Roadmap: {topic}. {prompt.title}",
        (
            Heading(f"{stop} · {topic}"),
            Text(f"**{literal(prompt.title)}**\n\n{prompt.why_it_matters}"),
            Text(f"**About {prompt.task_minutes} minutes:** {prompt.task}"),
            *((Code(prompt.code.source, prompt.code.language),) if prompt.code else ()),
            Text(f"**Discuss:** {prompt.discuss}"),
            *((Text(f"**Common advice, corrected:** {correction}"),) if correction else ()),
            *sources(prompt.references),
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


def reply_form(prompt: Prompt, topic: str, post_id: int, longest: int, text: str = "") -> Form:
    """Return the form to reply in; ``longest`` in characters. The empty field shows what to discuss."""
    asked = shorten(plain(prompt.discuss), PLACEHOLDER_LENGTH)
    field = Field("text", "What you did or think", text, asked, long=True, max_length=longest)
    return Form(topic, encode("prompt.written", p=post_id), (field,))


def saved_message(sentence: str, text: str) -> Message:
    """Return the answer to a reply that was written in the form: its words are kept nowhere else."""
    return Message(
        sentence,
        (
            Text(literal(sentence)),
            Text(f"**You wrote:** {literal(text)}"),
            Footnote(ONLY_YOU),
        ),
    )


def sketch_message(prompt: Prompt, topic: str) -> Message:
    """A good answer, for members who ask."""
    return Message(
        f"A sample answer: {topic}",
        (
            Heading(f"A sample answer · {topic}"),
            Text(prompt.answer_sketch),
            *sources(prompt.references),
        ),
    )
