"""Pieces that several views share."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from functools import lru_cache

from markdown_it import MarkdownIt

from bot.chat.messages import Heading, Message, Text, literal
from bot.chat.text_tokens import naming, short_date
from content.model import Reference

BULLET = "- "
_markdown = MarkdownIt("commonmark", {"html": False})


def text_message(sentence: str, title: str = "") -> Message:
    """Return one plain sentence as an answer to a request that was understood or refused."""
    sentence = naming(sentence)
    heading = (Heading(title),) if title else ()
    return Message(sentence, (*heading, Text(literal(sentence))))


@lru_cache(maxsize=1024)
def plain(markdown: str) -> str:
    """Return the words of some Markdown on one line, for summaries that are read out or notified."""
    blocks = (
        "".join(child.content or " " * child.type.endswith("break") for child in token.children)
        if token.children
        else token.content
        for token in _markdown.parse(markdown)
    )
    return " ".join(" ".join(blocks).split())


def bullets(lines: Iterable[str]) -> str:
    """A Markdown list; lines that follow in an item are indented under it."""
    return "\n".join(BULLET + line.strip().replace("\n", "\n  ") for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """A numbered Markdown list."""
    return "\n".join(f"{n}. " + line.strip().replace("\n", "\n   ") for n, line in enumerate(lines, 1))


def sources(references: Iterable[Reference]) -> tuple[Text, ...]:
    """Return where to check: one text with a link for each reference, or nothing if there are none."""
    links = [
        f"[{literal(ref.title)}]({ref.url})" + (f", {literal(ref.section)}" if ref.section else "")
        for ref in references
    ]
    return (Text("**Sources:** " + " · ".join(links)),) if links else ()


def long_date(date: dt.date) -> str:
    """Return a date with its year, such as ``Tue 24 Nov 2026``."""
    return f"{short_date(date)} {date.year}"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, in the singular or plural.

    >>> count(1, "answer"), count(2, "answer")
    ('1 answer', '2 answers')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def wait_of(seconds: float) -> str:
    """Return a time to wait in words, rounded up.

    >>> wait_of(0.2), wait_of(60), wait_of(3600)
    ('1 second', '60 seconds', '60 minutes')
    """
    whole = math.ceil(seconds)
    return count(whole, "second") if whole <= 90 else count(math.ceil(whole / 60), "minute")


def percent(part: int, whole: int) -> str:
    """Return a share in percent; ``0 %`` of nothing."""
    return f"{round(100 * part / whole) if whole else 0} %"


def bar(part: int, whole: int, width: int = 10) -> str:
    """Return a bar of blocks, readable without colour.

    >>> bar(3, 4, width=8)
    '██████░░'
    """
    full = round(width * part / whole) if whole else 0
    return "█" * full + "░" * (width - full)
