"""The two sides of a flashcard in HTML: what is asked, and the answer with its explanation.

Options, items and right sides have letters, in an order that depends on the question alone.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from string import ascii_uppercase
from typing import Any, TypeVar
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from content.formats.base import Aspect, Choice, Found, Source

T = TypeVar("T")

_LEFT_OUT = ["image", "html_inline", "html_block", "heading", "lheading", "hr", "reference"]
_LINE = re.compile(r"Line \d+")
_TASKS = {
    Aspect.TRUEFALSE: "True or false?",
    Aspect.MULTI: "Choose all that are right.",
    Aspect.ORDER: "Put these in the right order.",
    Aspect.MATCH: "What belongs together?",
}


def front(found: Found) -> str:
    """Return the side that asks: the text, the code, what there is to do, and what to choose from."""
    parts = [_block(found.stem)]
    if found.code:
        parts.append(f"<pre><code>{html.escape(found.code.source)}</code></pre>")
    if task := _TASKS.get(found.kind):
        parts.append(f"<p><i>{task}</i></p>")
    if found.pairs:
        parts.append(_list("ul", (each.left for each in found.pairs)))
    if lettered := _lettered(found):
        parts.append(_list('ol type="A"', lettered))
    return _inert("".join(parts))


def back(found: Found) -> str:
    """Return the side that answers: the key, the explanation, and the feedback there is."""
    feedback = [f"{_strong(name)}: {_inline(text)}" for name, text in _feedback(found) if text]
    told = f"<ul>{''.join(f'<li>{each}</li>' for each in feedback)}</ul>" if feedback else ""
    return _inert(_key(found) + _block(found.explanation) + told)


def sources(found: Found) -> str:
    """Return the pages where the answer can be looked up, as links, one a line."""
    return _inert("<br>".join(map(_link, found.references)))


def _lettered(found: Found) -> list[str]:
    """Return the texts that have letters on the front, in their order there."""
    match found.kind:
        case Aspect.SINGLE | Aspect.MULTI:
            return [each.text for each in _shown(found)]
        case Aspect.ORDER:
            items = [each.text for each in found.choices]
            mixed = _mixed(found, items, str)
            return mixed if mixed != items else [*mixed[1:], *mixed[:1]]
        case Aspect.MATCH:
            return _mixed(found, [each.right for each in found.pairs], str)
    return []


def _shown(found: Found) -> Sequence[Choice]:
    """Return the options as they are shown; lines of code keep their order."""
    if all(_LINE.fullmatch(each.text) for each in found.choices):
        return found.choices
    return _mixed(found, found.choices, lambda each: each.text)


def _mixed(found: Found, things: Iterable[T], text: Callable[[T], str]) -> list[T]:
    """Return things in an order that says nothing of the key, and stays when the file is written again."""

    def place(thing: T) -> str:
        return hashlib.sha256(f"{found.id or found.stem}\n{text(thing)}".encode()).hexdigest()

    return sorted(things, key=place)


def _key(found: Found) -> str:
    match found.kind:
        case Aspect.SINGLE | Aspect.MULTI:
            shown = zip(ascii_uppercase, _shown(found), strict=False)
            right = (f"{_strong(letter)}: {_inline(each.text)}" for letter, each in shown if each.right)
            return f"<p>{'<br>'.join(right)}</p>"
        case Aspect.TRUEFALSE:
            return f"<p>{_strong(next((each.text for each in found.choices if each.right), ''))}</p>"
        case Aspect.ORDER:
            return _list("ol", (each.text for each in found.choices))
        case Aspect.MATCH:
            return _list("ul", (f"{each.left} → {each.right}" for each in found.pairs))
        case Aspect.NUMBER:
            away = f" ± {found.tolerance:f}" if found.tolerance else ""
            return f"<p>{_strong(f'{found.value:f}')}{away}</p>"
    return f"<p>{' or '.join(map(_strong, found.accept))}</p>"


def _feedback(found: Found) -> Iterator[tuple[str, str]]:
    match found.kind:
        case Aspect.SINGLE | Aspect.MULTI:
            shown = zip(ascii_uppercase, _shown(found), strict=False)
            yield from ((letter, each.feedback) for letter, each in shown)
        case _:
            yield from ((each.text, each.feedback) for each in found.choices)
    yield from ((each.left, each.feedback) for each in found.pairs)
    yield from ((each.text, each.feedback) for each in found.mistakes)


def _link(source: Source) -> str:
    section = f", {source.section}" if source.section else ""
    return f'<a href="{html.escape(source.url)}">{html.escape(source.title + section)}</a>'


def _list(tag: str, texts: Iterable[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{_inline(each)}</li>' for each in texts)}</{tag[:2]}>"


def _strong(text: str) -> str:
    return f"<b>{html.escape(text)}</b>"


def _inert(markup: str) -> str:
    """Return HTML in which nothing stands for a sound, a formula or a field of a template."""
    return markup.replace("[", "&#91;").replace("{{", "{&#123;")


def _block(text: str) -> str:
    made: str = _parser().render(text)
    return made.strip()


def _inline(text: str) -> str:
    made: str = _parser().renderInline(text)
    return made.strip()


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.disable(_LEFT_OUT)
    parser.validateLink = _leads_to_the_web  # type: ignore[method-assign]
    parser.add_render_rule("text", _text)
    return parser


def _leads_to_the_web(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme.lower() in {"http", "https"}
    except ValueError:
        return False


def _text(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    r"""Return a text between marks as HTML; ``\(`` and ``\[`` begin no formula in it."""
    return re.sub(r"\\(?=[(\[])", r"\\<wbr>", html.escape(tokens[index].content, quote=False))
