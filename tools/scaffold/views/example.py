"""A group's topics, as a member sees them."""

from __future__ import annotations

from bot.chat.messages import Heading, Message, Text, literal


def example_message(name: str, title: str) -> Message:
    """Return the answer to a member called ``name`` of a group that studies ``title``."""
    return Message(
        f"Hello, {name}. This group studies {title}.",
        (Heading(f"Hello, {name}"), Text(f"This group studies **{literal(title)}**.")),
    )
