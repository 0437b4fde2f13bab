"""The ids that buttons, menus and forms carry: ``mp1|route|key=value;key=value``.

An id is all that a platform remembers of a button, so it must say what to do after any restart. It
never holds an answer key. Keys and values are percent-encoded (RFC 3986, section 2.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote, unquote

VERSION = "mp1"
MAX_LENGTH = 100
"""The shortest limit among the platforms, in characters."""

_ROUTE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")
_SAFE = "-_.~:"


class BadActionId(ValueError):
    """Text that is no action id of this version."""


@dataclass(frozen=True, slots=True)
class ActionId:
    """A route and its parameters, all text."""

    route: str
    params: Mapping[str, str] = field(default_factory=dict)


def encode(route: str, /, **params: object) -> str:
    """The id as text. Raises BadActionId when it is not a route name, or too long for a platform."""
    if not _ROUTE.match(route):
        raise BadActionId(f"{route!r} is no route name")
    pairs = ";".join(f"{_quote(key)}={_quote(str(value))}" for key, value in sorted(params.items()))
    text = f"{VERSION}|{route}|{pairs}"
    if len(text) > MAX_LENGTH:
        raise BadActionId(f"action id of {len(text)} characters, {MAX_LENGTH} at most: {text}")
    return text


@lru_cache(maxsize=4096)
def decode(text: str) -> ActionId:
    """The reverse of :func:`encode`. Raises BadActionId for anything that it did not make."""
    parts = text.split("|")
    if len(text) > MAX_LENGTH or len(parts) != 3 or parts[0] != VERSION:
        raise BadActionId("not an action id of this version")
    _, route, pairs = parts
    split = (pair.partition("=") for pair in pairs.split(";") if pairs)
    params = {_unquote(key): _unquote(value) for key, _, value in split}
    if encode(route, **params) != text:
        raise BadActionId("malformed parameters")
    return ActionId(route, MappingProxyType(params))


@lru_cache(maxsize=4096)
def _quote(text: str) -> str:
    try:
        return quote(text, safe=_SAFE)
    except UnicodeEncodeError as error:
        raise BadActionId("text with a lone surrogate") from error


def _unquote(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise BadActionId("malformed escape") from error
