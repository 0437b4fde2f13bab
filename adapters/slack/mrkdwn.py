"""Slack's marks in text, such as ``<@U123|ana>`` and ``&amp;``: read once, on the way in, and written once.

Slack escapes commands (``should_escape`` in the manifest) and the text of messages. What is typed into
forms and what buttons carry comes as it is. Source: "Formatting text for app surfaces".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_MARK = re.compile(r"<([^<>|\s][^<>|]*)(?:\|([^<>]*))?>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]*)(?:\|([^<>]*))?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]*)(?:\|([^<>]*))?>")
_TO_ALL = {"!here": "@here", "!channel": "@channel", "!everyone": "@everyone"}
_KEPT_SCHEMES = ("mailto:", "tel:")


def escaped(words: str) -> str:
    """Words for a place in which Slack looks for marks: it finds none in them."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_typed(text: str, names: Mapping[str, str] | None = None, *, links_alone: bool = False) -> str:
    """The text as it was typed: marks as what they stand for, then characters.

    ``names`` are what people are called, by id. ``links_alone`` leaves the label of a link out, where an
    address is asked for.
    """
    known = names or {}
    return _characters(_MARK.sub(lambda mark: _words(mark, known, links_alone=links_alone), text))


def with_people_marked(text: str) -> str:
    """A command as it was typed, but for marks of people and channels, which ``as_typed`` reads later."""
    return _MARK.sub(lambda mark: _bare(mark) or _words(mark, {}, links_alone=True), text)


def people_in(text: str) -> Iterator[tuple[str, str]]:
    """The id of each person whom the text mentions, and the name in the mark, which may be empty."""
    for found in _PERSON.finditer(text):
        yield found[1], _characters(found[2] or "")


def channels_in(text: str) -> Iterator[tuple[str, str]]:
    """Each channel that the text mentions, as ``#C123``, and its name, which may be empty."""
    for found in _CHANNEL.finditer(text):
        yield f"#{found[1]}", _characters(found[2] or "")


def _bare(mark: re.Match[str]) -> str:
    """A mark of a person or a channel as one word; empty for any other mark."""
    if found := _PERSON.fullmatch(mark[0]):
        return f"<@{found[1]}>"
    found = _CHANNEL.fullmatch(mark[0])
    return f"<#{found[1]}>" if found else ""


def _words(mark: re.Match[str], names: Mapping[str, str], *, links_alone: bool) -> str:
    """Return what a mark stands for; its characters are still escaped, as those of the text around it."""
    target, label = mark[1], mark[2] or ""
    if target.startswith("@"):
        person = escaped(names.get(target[1:], "")) or label.removeprefix("@") or "somebody"
        return f"@{person}"
    if target.startswith("#"):
        return f"#{label.removeprefix('#') or escaped(names.get(target, '')) or 'channel'}"
    if target.startswith("!"):
        return _TO_ALL.get(target.partition("|")[0], label or "@group")
    if target.startswith(_KEPT_SCHEMES):
        return label or target.partition(":")[2]
    short = target.partition("://")[2].rstrip("/")
    if links_alone or not label or label.rstrip("/") in (short, target.rstrip("/")):
        return target
    return f"{label} ({target})"


def _characters(text: str) -> str:
    """The three characters that Slack escapes, and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
