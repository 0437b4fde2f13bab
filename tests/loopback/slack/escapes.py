"""Typed text as Slack hands it to an app: escaped, with links and people marked."""

import re

_MARKED = re.compile(r"<(?:[@#!][^<>\s|]+|(?:https?|mailto|tel):[^<>\s|]+)(?:\|[^<>]*)?>")
_LINK = re.compile(
    r"(?P<url>https?://[^\s<>\"|]+)|(?P<mail>[\w.+-]+@[\w-]+\.[\w.]*\w)|(?P<bare>(?:[\w-]+\.)+(?:com|net|org)\b(?:/[^\s<>]*)?)"
)


def escaped(text):
    """As it travels. What is marked already, such as a person chosen from a list, stays as it is."""
    parts, end = [], 0
    for mark in _MARKED.finditer(text):
        parts += [_linked(text[end : mark.start()]), mark[0]]
        end = mark.end()
    return "".join([*parts, _linked(text[end:])])


def _linked(text):
    """Addresses become links by themselves; the rest is escaped."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        parts += [_characters(text[end : found.start()]), _link(found)]
        end = found.end()
    return "".join([*parts, _characters(text[end:])])


def _link(found):
    said = _characters(found[0])
    if found["url"]:
        return f"<{said}>"
    return f"<mailto:{said}|{said}>" if found["mail"] else f"<http://{said}|{said}>"


def _characters(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
