"""Markdown and source code to safe HTML. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

from bot.chat import Moment, pieces, with_moments
from bot.toolkit.markdown import markdown_parser
from bot.toolkit.text import shorten

_CODE = Markup('<pre class="code" tabindex="0" role="group" aria-label="{}"><code>{}</code></pre>')
_TIME = Markup('<time datetime="{}" data-style="{}">{}</time>')
MOST_OF_LABEL = 50
"""Characters of the first line of code, by which a screen reader tells one block from another."""

_NAMED = {"log": "Log", "traceback": "Traceback", "diff": "Diff", "text": "Text"}
"""Labels, for screen readers, of blocks whose language nobody would call code."""

_LEXERS = {"traceback": "pytb", "log": "text"}
"""Pygments' names of languages that it calls otherwise."""

_BARS = frozenset("█░")

_SAFE_TARGET = {"rel": "noopener noreferrer", "target": "_blank"}


@lru_cache(maxsize=1024)
@lru_cache(maxsize=1024)
def markdown(text: str) -> Markup:
    """The Markdown as HTML: inline formats, lists, quotes and code; no raw HTML, no pictures."""
    return Markup(with_moments(_parser().render(text), _time))  # noqa: S704 - the parser escapes all text


@lru_cache(maxsize=4096)
def timed(text: str) -> Markup:
    """Plain text as HTML, with instants that the page tells in its reader's zone."""
    return Markup("").join(
        escape(piece) if isinstance(piece, str) else _time(piece) for piece in pieces(text)
    )


def _time(moment: Moment) -> Markup:
    return _TIME.format(moment.instant.isoformat(), moment.style, moment.words)


def code(source: str, language: str) -> Markup:
    """The source in a block of its own, coloured by classes; an unknown language stays plain."""
    # Scrollable blocks are focusable so that the keyboard can scroll them.
    first = shorten(" ".join(source.strip().partition("\n")[0].split()), MOST_OF_LABEL)
    label = _NAMED.get(language, ", ".join(filter(None, ("Code", language)))) + (
        f": {first}" if first else ""
    )
    coloured = Markup(  # noqa: S704 - the formatter escapes all text
        highlight(source, _lexer(language), HtmlFormatter(nowrap=True)).rstrip("\n")
    )
    return _CODE.format(label, coloured)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = markdown_parser()
    parser.add_render_rule("link_open", _link)
    parser.add_render_rule("code_inline", _code_span)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)
    return parser


def _link(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    for name, value in _SAFE_TARGET.items():
        tokens[index].attrSet(name, value)
    return renderer.renderToken(tokens, index, options, env)


def _code_span(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Hide bars from screen readers: the figures stand beside them."""
    if set(tokens[index].content) <= _BARS:
        tokens[index].attrSet("aria-hidden", "true")
    return renderer.code_inline(tokens, index, options, env)


def _fence(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    language = tokens[index].info.strip().partition(" ")[0]
    return str(code(tokens[index].content, language))


# A name that Pygments does not know costs a search through every installed package.
@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer:
    try:
        return get_lexer_by_name(_LEXERS.get(language, language or "text"), stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)
