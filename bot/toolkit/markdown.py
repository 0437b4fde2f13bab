"""The Markdown that messages are written in, for platforms that show it in a form of their own."""

from __future__ import annotations

from urllib.parse import urlsplit

from markdown_it import MarkdownIt

_SCHEMES = {"http", "https", "mailto"}
_LEFT_OUT = ["image", "html_inline", "html_block", "heading", "lheading", "hr", "reference"]
"""Rules of CommonMark for what chat messages do not have; without them their characters are plain text."""


def safe_link(url: str) -> bool:
    """Tell whether the address is a whole one with a scheme that runs nothing.

    >>> safe_link("https://example.org"), safe_link("javascript:alert(1)")
    (True, False)
    """
    try:
        return urlsplit(url.strip()).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def markdown_parser() -> MarkdownIt:
    """A parser of its own for each caller, who may add rules: inline formats, lists, quotes and code."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.disable(_LEFT_OUT)
    parser.validateLink = safe_link  # type: ignore[method-assign]
    return parser
