"""The signed ids that buttons, menus and forms carry: ``mp1|route|key=value;key=value|signature``.

An id is all that a platform remembers of a button, so it must say what to do after any restart. It never
holds an answer key. Keys and values are percent-encoded (RFC 3986, section 2.1). Much of what it names can
be guessed, such as the number of the next post: so every id is signed as it leaves the core, and only those
that this database has made are believed.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, urlencode

from bot.chat.messages import Actions, Block, Link, Message
from bot.chat.replies import FormErrors, NoReply, OpenForm, Replace, Reply, Send, SendDirect

VERSION = "mp1"
MAX_LENGTH = 100
"""Characters of an action id, at most: the shortest limit among the platforms."""

SIGNATURE_LENGTH = 8
MAX_UNSIGNED = MAX_LENGTH - SIGNATURE_LENGTH - len("|")
"""Characters that an id has without its signature, at most."""

_ROUTE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")
_SAFE = "-_.~:"
_SEPARATORS = 2
"""Vertical bars of an id without a signature."""

KEY_BYTES = 32
_DIGEST_BYTES = SIGNATURE_LENGTH * 6 // 8
_SIGNATURE = re.compile(rf"(?<=.)\|[A-Za-z0-9_-]{{{SIGNATURE_LENGTH}}}\Z")


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
    try:
        pairs = urlencode(sorted(params.items()), safe=_SAFE, quote_via=quote).replace("&", ";")
    except UnicodeEncodeError as error:
        raise BadActionId("text with a lone surrogate") from error
    text = f"{VERSION}|{route}|{pairs}"
    if len(text) > MAX_UNSIGNED:
        raise BadActionId(f"action id of {len(text)} characters, {MAX_UNSIGNED} at most: {text}")
    return text


@lru_cache(maxsize=4096)
def decode(text: str) -> ActionId:
    """Return the route and parameters of an id. Raises BadActionId for text that ``encode`` did not make.

    A signature may follow. It is not looked at: see :class:`Signer` for what to believe.

    >>> dict(decode("mp1|quiz.answer|o=b;p=17").params)
    {'o': 'b', 'p': '17'}
    """
    text = _SIGNATURE.sub("", text)
    if len(text) > MAX_UNSIGNED or text.count("|") != _SEPARATORS:
        raise BadActionId("not an action id of this version")
    _, route, pairs = text.split("|")
    try:
        params = dict(parse_qsl(pairs, keep_blank_values=True, errors="strict", separator=";"))
    except UnicodeDecodeError as error:
        raise BadActionId("malformed escape") from error
    if encode(route, **params) != text:
        raise BadActionId("malformed parameters, or of another version")
    return ActionId(route, MappingProxyType(params))


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer of ids that recognises its own (HMAC-SHA-256, the first 48 bits).

    ``since`` is when this database began to sign: what was posted before has ids without a signature.
    """

    key: bytes = field(repr=False)
    since: dt.datetime

    def signed(self, action: str) -> str:
        """The id with its signature."""
        digest = hmac.digest(self.key, action.encode("utf-8", "replace"), "sha256")
        return f"{action}|{urlsafe_b64encode(digest[:_DIGEST_BYTES]).decode('ascii')}"

    def opened(self, text: str) -> tuple[str, bool]:
        """The id without its signature, and True; False for one that has none. Raises BadActionId."""
        action, _, _ = text.rpartition("|")
        if action.count("|") < _SEPARATORS:
            return text, False
        if not hmac.compare_digest(self.signed(action).encode(), text.encode("utf-8", "replace")):
            raise BadActionId("the signature of another id, or nobody's")
        return action, True

    def reply(self, reply: Reply) -> Reply:
        """The reply with every id signed."""
        match reply:
            case Send(message) | Replace(message):
                return replace(reply, message=self.message(message))
            case OpenForm(form) | FormErrors(form):
                return replace(reply, form=replace(form, action=self.signed(form.action)))
            case SendDirect(message, notice):
                return SendDirect(self.message(message), self.message(notice))
            case NoReply():
                return reply

    def message(self, message: Message) -> Message:
        """The message with every id signed."""
        blocks: list[Block] = []
        for block in message.blocks:
            if isinstance(block, Actions):
                items = (
                    item if isinstance(item, Link) else replace(item, action=self.signed(item.action))
                    for item in block.items
                )
                blocks.append(Actions(tuple(items)))
            else:
                blocks.append(block)
        return replace(message, blocks=tuple(blocks))
