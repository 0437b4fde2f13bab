"""Messages as plain text, for notifications and for screen readers that are given no blocks.

The text has everything that is needed to take part by ear: code, options, names and figures. No Markdown
marks, bars or signs are read out. Buttons are left out, for they are read out as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.chat.messages import Block, Code, Facts, File, Footnote, Heading, Message, Picture, Text
from bot.toolkit.markdown import markdown_parser
from bot.toolkit.text import shorten

_SIGNS = re.compile(r"[█░●○✓✗◐]+ ?")
_RIGHT = re.compile(r"^✓(?: |$)", re.MULTILINE)
_BEFORE_NAME = re.compile(r"(\d+\. |✓ )?")
_DOT = " · "
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
_ENDS = (".", ":", "?", "!", "…", ",", ";")


def aloud(message: Message, limit: int) -> str:
    """The summary, then what the blocks say beyond it, a line each, in at most ``limit`` characters."""
    summary = " ".join(message.summary.split())
    lines, known = [summary] if summary else [], _said(summary)
    for block in message.blocks:
        said = [line for line in _lines(block, known) if line.strip()]
        if not (isinstance(block, Heading | Text) and " ".join(said) in known):
            lines += said
    return shorten("\n".join(lines), limit)


def _lines(block: Block, summary: str) -> Iterator[str]:
    match block:
        case Heading(text):
            parts = (" ".join(_SIGNS.sub("", part).split()) for part in text.split(_DOT))
            yield ", ".join(part for part in parts if part not in summary)
        case Text(markdown):
            yield from in_plain_words(markdown).split("\n")
        case Code(source, _):
            yield source
        case Facts(pairs):
            yield from (f"{_said(label)}: {_said(value)}" for label, value in pairs)
        case Footnote(text):
            yield _said(text)
        case Picture(alt=alt):
            yield _said(alt)
        case File(name, title=title):
            yield f"{_said(title)}: {name}"
        case _:
            return


@lru_cache(maxsize=4096)
def in_plain_words(markdown: str) -> str:
    """The words of some Markdown; entries of a list and lines broken on purpose have lines of their own.

    So do the lines of code, for two lines of output are something else than one.
    """
    words, after_lines = "", False
    for token, start in _leaves(_parser().parse(markdown)):
        said = _said(_inline(token.children) if token.children else token.content)
        gap = "\n" if start is not None or after_lines else " " if words.endswith(_ENDS) else "; "
        words += (gap if words and said else "") + (start or "") + said
        after_lines = token.type != "inline" and "\n" in said
    return words


def _leaves(tokens: Sequence[Token]) -> Iterator[tuple[Token, str | None]]:
    """Yield the tokens with words, each with the beginning of its new line; None where the line goes on."""
    start: str | None = None
    for token in tokens:
        if token.type == "list_item_open":
            start = f"{token.info}. " if token.info else ""
        elif token.type.endswith("list_close"):
            start = ""
        elif token.type in ("inline", "fence", "code_block"):
            yield token, start
            start = None


def _inline(children: Sequence[Token]) -> str:
    """Return the words of a line; what is bold at its beginning names the rest: ``A: put put``."""
    words, names = "", False
    for child, after in zip(children, (*children[1:], None), strict=True):
        words += _BREAKS.get(child.type, child.content)
        if child.type == "strong_open":
            names = bool(_BEFORE_NAME.fullmatch(words.rpartition("\n")[2]))
        elif child.type == "strong_close" and names and (after is None or after.content[:1] in ("", " ")):
            words += "" if words.endswith(_ENDS) else ":"
    return words


def _said(text: str) -> str:
    """Return the text without signs, each line trimmed, dots between parts as commas."""
    text = _SIGNS.sub("", _RIGHT.sub("Right: ", text)).replace(_DOT, ", ")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return markdown_parser()
