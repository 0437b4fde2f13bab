"""The ids that buttons, menus and forms carry: ``mp1|route|key=value;key=value``.

An id is all that a platform remembers of a button, so it must say what to do after any restart. It
never holds an answer key. Keys and values are percent-encoded (RFC 3986, section 2.1). It leaves the core
signed (see :mod:`bot.chat.signing`), and comes back so.
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
"""Characters of an action id, at most: the shortest limit among the platforms."""

SIGNATURE_LENGTH = 8
MAX_UNSIGNED = MAX_LENGTH - SIGNATURE_LENGTH - len("|")
"""Characters that an id has without its signature, at most."""

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
    """Return the id as text, unsigned. Raises BadActionId if it is no route name, or too long to be signed.

    >>> encode("quiz.answer", p=17, o="b")
    'mp1|quiz.answer|o=b;p=17'
    """
    if not _ROUTE.match(route):
        raise BadActionId(f"{route!r} is no route name")
    pairs = ";".join(f"{_quote(key)}={_quote(str(value))}" for key, value in sorted(params.items()))
    text = f"{VERSION}|{route}|{pairs}"
    if len(text) > MAX_UNSIGNED:
        raise BadActionId(f"action id of {len(text)} characters, {MAX_UNSIGNED} at most: {text}")
    return text


_SIGNATURE = re.compile(rf"(?<=.)\|[A-Za-z0-9_-]{{{SIGNATURE_LENGTH}}}\Z")
_SEPARATORS = 2
"""Vertical bars of an id without a signature."""


def is_signed(text: str) -> bool:
    """Tell whether a signature stands behind the id, be it right or wrong."""
    return text.count("|") > _SEPARATORS


@lru_cache(maxsize=4096)
def decode(text: str) -> ActionId:
    """Return the route and parameters of an id. Raises BadActionId for text that ``encode`` did not make.

    A signature may follow. It is not looked at: see :class:`bot.chat.signing.Signer` for what to believe.

    >>> dict(decode("mp1|quiz.answer|o=b;p=17").params)
    {'o': 'b', 'p': '17'}
    """
    text = _SIGNATURE.sub("", text) if is_signed(text) else text
    parts = text.split("|")
    if len(text) > MAX_UNSIGNED or len(parts) != _SEPARATORS + 1 or parts[0] != VERSION:
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
