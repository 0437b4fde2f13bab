"""Signed action ids: ``mp1|route|params|signature``.

An id says what to do, and much of what it names can be guessed, such as the number of the next post. So
every id is signed as it leaves the core, and only those that this database has made are believed.
"""

from __future__ import annotations

import datetime as dt
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.chat.action_ids import SIGNATURE_LENGTH, BadActionId, is_signed
from bot.chat.messages import Actions, Block, Button, Item, Link, Message
from bot.chat.replies import FormErrors, NoReply, OpenForm, Replace, Reply, Send, SendDirect

KEY_BYTES = 32

_DIGEST_BYTES = SIGNATURE_LENGTH * 6 // 8


@lru_cache(maxsize=4096)
def _signed(key: bytes, action: str) -> str:
    digest = hmac.digest(key, action.encode("utf-8", "replace"), "sha256")
    return f"{action}|{urlsafe_b64encode(digest[:_DIGEST_BYTES]).decode('ascii')}"


@lru_cache(maxsize=4096)
def _opened(key: bytes, text: str) -> str:
    """Return the id without its signature: many people press the same one.

    Raises BadActionId, each time anew.
    """
    action, _, _ = text.rpartition("|")
    if not hmac.compare_digest(_signed(key, action).encode(), text.encode("utf-8", "replace")):
        raise BadActionId("the signature of another id, or nobody's")
    return action


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer of ids that recognises its own (HMAC-SHA-256, the first 48 bits).

    ``since`` is when this database began to sign: what was posted before has ids without a signature.
    """

    key: bytes = field(repr=False)
    since: dt.datetime

    def signed(self, action: str) -> str:
        """The id with its signature."""
        return _signed(self.key, action)

    def opened(self, text: str) -> tuple[str, bool]:
        """The id without its signature, and True; False for one that has none. Raises BadActionId."""
        if not is_signed(text):
            return text, False
        return _opened(self.key, text), True

    def reply(self, reply: Reply) -> Reply:
        """The reply with every id signed."""
        match reply:
            case Send(message, visibility):
                return Send(self.message(message), visibility)
            case Replace(message):
                return Replace(self.message(message))
            case OpenForm(form):
                return OpenForm(replace(form, action=self.signed(form.action)))
            case FormErrors(form, errors):
                return FormErrors(replace(form, action=self.signed(form.action)), errors)
            case SendDirect(message, notice):
                return SendDirect(self.message(message), self.message(notice))
            case NoReply():
                return reply

    def message(self, message: Message) -> Message:
        """The message with every id signed."""
        blocks = tuple(self._block(block) for block in message.blocks)
        return Message(message.summary, blocks, message.calls, message.discussion)

    def _block(self, block: Block) -> Block:
        return Actions(tuple(map(self._item, block.items))) if isinstance(block, Actions) else block

    def _item(self, item: Item) -> Item:
        match item:
            case Link():
                return item
            case Button(label, action, style, enabled, aloud):
                return Button(label, self.signed(action), style, enabled, aloud)
        return replace(item, action=self.signed(item.action))
