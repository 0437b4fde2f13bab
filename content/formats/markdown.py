"""Foreign texts made into our Markdown: tags become marks or go, and none is left standing.

Code spans and fenced blocks are texts to be read, and stay as they are.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from typing import get_args

import nh3

from content.formats.base import Snippet
from content.formats.decode import visible
from content.parts import Language

LANGUAGES = frozenset(get_args(Language))

TEXT = 4000
"""Characters of one text that are looked at; what is longer fits no question and is cut."""

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "ul", "ol", "section"}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_KEPT = {*_BLOCKS, *_MARKS, "br", "li", "code", "pre", "a", "blockquote", "td", "th", "tbody", "thead"}
_DROPPED = {"script", "style", "iframe", "object", "template", "noscript", "svg", "math", "title"}
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")
_ANY_TAG = re.compile(r"<[^<>]*>")
_CODE = re.compile(r"(^```.*?^```[ ]*$|`+[^`\n]*`+)", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"\n*^```([A-Za-z0-9+#-]*)[ ]*\n(.*?)\n?^```[ ]*$\n*", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(!?)\[([^\[\]\n]{0,300})\]\(([^()\s]{0,500})(?:\s+\"[^\"\n]{0,200}\")?\)")
_IMAGE_TAG = re.compile(r"<(?:img|audio|video|object|embed)\b", re.IGNORECASE)
_MARKUP = re.compile(r"([\\`*_\[\]])")


@dataclass
class Cleaned:
    """A text in our Markdown, and what was lost on the way."""

    text: str
    lost: list[str] = field(default_factory=list)


def from_html(html: str) -> Cleaned:
    """Return HTML as Markdown: marks, lists, links and code stay, scripts and images go."""
    html = visible(html[:TEXT])
    lost = ["images and media"] if _IMAGE_TAG.search(html) else []
    clean = nh3.clean(
        html,
        tags=_KEPT,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}, "code": {"class"}, "pre": {"class"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    reader = _ToMarkdown()
    reader.feed(clean)
    reader.close()
    return Cleaned(visible(_tidy("".join(reader.parts))), lost)  # entities may stand for unseen signs


def plain_from_html(html: str) -> Cleaned:
    """Return HTML as a text without marks, a line for each of its lines: an answer to type."""
    html = visible(html[:TEXT])
    lost = ["images and media"] if _IMAGE_TAG.search(html) else []
    clean = nh3.clean(
        html,
        tags={*_BLOCKS, "br", "li", "pre", "blockquote"},
        clean_content_tags=_DROPPED,
        attributes={"*": set()},
    )
    lines = _ANY_TAG.split(" ".join(clean.split()))
    texts = (visible(entities.unescape(each)).replace("\xa0", " ").strip() for each in lines)
    return Cleaned("\n".join(each for each in texts if each), lost)


def from_markdown(text: str) -> Cleaned:
    """Return Markdown of somebody else's without tags, images, and links that lead nowhere on the web."""
    text = visible(text[:TEXT])
    lost: list[str] = []
    parts = _CODE.split(text)
    for number in range(0, len(parts), 2):
        part = _LINK.sub(partial(_link, lost=lost), parts[number])
        if _TAG.search(part):
            lost += ["images and media"] if _IMAGE_TAG.search(part) else []
            part = _without_tags(part)
        parts[number] = part
    return Cleaned(visible("".join(parts)).strip(), lost)


def from_plain(text: str) -> Cleaned:
    """Return a text in which a tag is no tag but what is talked about: it is kept and shown as it is."""
    parts = _CODE.split(visible(text[:TEXT]))
    parts[::2] = [_TAG.sub(r"\\<", part) for part in parts[::2]]
    return Cleaned("".join(parts).strip())


def split_code(text: str) -> tuple[str, Snippet | None]:
    """Return a text without the fenced block at its end, and that block."""
    match = _FENCE.search(text)
    if match is None or match.end() != len(text) or not match[2].strip():
        return text, None
    language = match[1].lower() if match[1].lower() in LANGUAGES else "text"
    return text[: match.start()].strip(), Snippet(language, match[2])


def with_code(text: str, code: Snippet | None) -> str:
    """Return a text with its code in a fenced block at the end."""
    return text if code is None else f"{text}\n\n```{code.language}\n{code.source.rstrip(chr(10))}\n```"


def _link(match: re.Match[str], lost: list[str]) -> str:
    if match[1]:
        lost.append("images and media")
        return match[2]
    return match[0] if match[3].lower().startswith(("https://", "http://")) else match[2]


def _without_tags(part: str) -> str:
    clean = nh3.clean(part, tags=set(), clean_content_tags=_DROPPED)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        clean = clean.replace(entity, sign)
    return _TAG.sub(r"\\<", clean)


def _tidy(text: str) -> str:
    """Return a text with at most one empty line between two others, and no space at their ends."""
    parts = _CODE.split(text)
    parts[::2] = [re.sub(r"[ \t]+\n", "\n", part) for part in parts[::2]]
    parts[::2] = [re.sub(r"\n{3,}", "\n\n", part) for part in parts[::2]]
    return "".join(parts).strip()


class _ToMarkdown(HTMLParser):
    """A reader of HTML that nh3 made well-formed and closed, into Markdown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[str] = []
        self._block: list[str] | None = None
        self._span: list[str] | None = None
        self._language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what a tag stands for."""
        names = dict(attrs).get("class") or ""
        language = re.search(r"(?:language|lang|brush)[-:]\s*([A-Za-z0-9]+)", names)
        if tag == "pre" or (tag == "code" and self._block is not None):
            self._language = language[1] if language else self._language
            if tag == "pre":
                self._block = []
        elif tag == "br":
            self._put("\n")
        elif tag == "code":
            self._span = []
        elif tag in _MARKS:
            self._put(_MARKS[tag])
        elif tag == "li":
            self._put("\n- ")
        elif tag == "blockquote":
            self._put("\n\n> ")
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self._put("[" if self._links[-1] else "")
        elif tag in _BLOCKS:
            self._put("\n\n")

    def handle_endtag(self, tag: str) -> None:
        """End what a tag stands for."""
        if tag == "pre" and self._block is not None:
            source = "".join(self._block).strip("\n").replace("```", "'''")
            self._block = None
            self.parts.append(f"\n\n```{self._language}\n{source}\n```\n\n" if source else "")
            self._language = ""
        elif tag == "code" and self._span is not None:
            code = " ".join("".join(self._span).split("\n"))
            self._span = None
            self.parts.append(_ticked(code))
        elif tag in _MARKS:
            self._put(_MARKS[tag])
        elif tag == "a" and self._links:
            url = self._links.pop()
            self._put(f"]({url})" if url else "")
        elif tag in {"td", "th"}:
            self._put(" ")
        elif tag in _BLOCKS | {"blockquote"}:
            self._put("\n\n")

    def handle_data(self, data: str) -> None:
        """Take a text in, its own signs kept from meaning anything."""
        if self._block is not None or self._span is not None:
            self._put(data)
        else:
            text = re.sub(r"\s+", " ", data)
            self._put(_TAG.sub(r"\\<", _MARKUP.sub(r"\\\1", text)))

    def _put(self, text: str) -> None:
        if self._block is not None:
            self._block.append(text)
        elif self._span is not None:
            self._span.append(text)
        else:
            self.parts.append(text)


def _ticked(code: str) -> str:
    if not code.strip():
        return code
    longest = max(map(len, re.findall("`+", code)), default=0)
    ticks = "`" * (longest + 1)
    return f"{ticks} {code} {ticks}" if longest else f"`{code}`"
