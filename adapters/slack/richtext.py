"""Markdown as Slack's rich text: a tree, in which no text can be taken for a mention, link or format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from markdown_it.token import Token

from bot.chat import Moment, TimeStyle, in_words, pieces
from bot.toolkit.markdown import markdown_parser

Element = dict[str, Any]

_STYLES = {"strong": "bold", "em": "italic"}
_PARSER = markdown_parser()


@lru_cache(maxsize=1024)
def rich_text(markdown: str) -> Element:
    """The Markdown as one rich text block: kept, as many are told the same, so nobody may change it."""
    elements = list(_elements(_PARSER.parse(markdown)))
    return {"type": "rich_text", "elements": elements or [section(text(" "))]}


def section(*elements: Element) -> Element:
    """A line of text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str, **style: bool) -> Element:
    """Words as they are; ``style`` is ``bold``, ``italic`` or ``code``."""
    element: Element = {"type": "text", "text": words}
    return {**element, "style": style} if style else element


def inline(words: str, **style: bool) -> Iterator[Element]:
    """Words as they are, with instants in each reader's own zone."""
    for piece in pieces(words):
        yield text(piece, **style) if isinstance(piece, str) else date(piece, **style)


def date(moment: Moment, **style: bool) -> Element:
    """An instant. Source: "Rich text block", date element type."""
    element: Element = {
        "type": "date",
        "timestamp": moment.unix,
        "format": date_format(moment),
        "fallback": moment.words,
    }
    return {**element, "style": style} if style else element


def date_format(moment: Moment) -> str:
    """The pattern that Slack fills in. Source: "Formatting text", date formatting."""
    return "{time}" if moment.style is TimeStyle.TIME else "{date_short_pretty} at {time}"


def preformatted(source: str) -> Element:
    """Source in a block of fixed width."""
    return {"type": "rich_text_preformatted", "elements": [text(source or " ")]}


def _elements(tokens: Sequence[Token]) -> Iterator[Element]:
    """The block tokens as elements; paragraphs are kept apart by an empty line."""
    at, first = 0, True
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        inside = tokens[at + 1 : end]
        match token.type:
            case "paragraph_open":
                gap = [] if first else [text("\n")]
                yield section(*gap, *_inline(inside[0]))
            case "bullet_list_open" | "ordered_list_open":
                style = "bullet" if token.type.startswith("bullet") else "ordered"
                yield from _list(inside, style, 0)
            case "blockquote_open":
                yield {"type": "rich_text_quote", "elements": list(_words(inside))}
            case "fence" | "code_block":
                yield preformatted(token.content.rstrip("\n"))
        first = False
        at = end + 1


def _end(tokens: Sequence[Token], start: int) -> int:
    """Where the token at ``start`` is closed; itself when it opens nothing."""
    depth = 0
    for at in range(start, len(tokens)):
        depth += tokens[at].nesting
        if depth <= 0:
            return at
    return len(tokens) - 1


def _list(tokens: Sequence[Token], style: str, indent: int) -> Iterator[Element]:
    """A list, and the lists within it, each as an element of its own."""
    items: list[Element] = []
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        inside = tokens[at + 1 : end]
        nested = next(
            (n for n, token in enumerate(inside) if token.type.endswith("list_open")), len(inside)
        )
        items.append(section(*_words(inside[:nested])))
        if nested < len(inside):
            yield {"type": "rich_text_list", "style": style, "indent": indent, "elements": items}
            items = []
            inner = "bullet" if inside[nested].type.startswith("bullet") else "ordered"
            yield from _list(inside[nested + 1 : _end(inside, nested)], inner, indent + 1)
        at = end + 1
    if items:
        yield {"type": "rich_text_list", "style": style, "indent": indent, "elements": items}


def _words(tokens: Sequence[Token]) -> Iterator[Element]:
    """The words of paragraphs within something, a line each."""
    lines = [token for token in tokens if token.type == "inline"]
    for number, token in enumerate(lines):
        if number:
            yield text("\n")
        yield from _inline(token)


def _inline(token: Token) -> Iterator[Element]:
    style: dict[str, bool] = {}
    link = ""
    for child in token.children or ():
        kind = child.type.removesuffix("_open").removesuffix("_close")
        if kind in _STYLES:
            style = {**style, _STYLES[kind]: True} if child.nesting > 0 else _without(style, _STYLES[kind])
        elif kind == "link":
            link = str(child.attrGet("href") or "") if child.nesting > 0 else ""
        elif child.type in ("softbreak", "hardbreak"):
            yield text("\n")
        elif child.content:
            yield from _styled(child, style, link)


def _styled(child: Token, style: dict[str, bool], link: str) -> Iterator[Element]:
    shown = {**style, "code": True} if child.type == "code_inline" else style
    if link:
        element: Element = {"type": "link", "url": link, "text": in_words(child.content)}
        yield {**element, "style": shown} if shown else element
        return
    yield from inline(child.content, **shown)


def _without(style: dict[str, bool], name: str) -> dict[str, bool]:
    return {key: value for key, value in style.items() if key != name}
