"""The state that goes to Slack with somebody who installs the app, and comes back with them.

It says by itself that we made it and when, so that nothing is written before Slack has taken their consent,
and that every process with the same key knows it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from adapters.slack.token_cipher import keys_of
from bot.chat import Clock

LIFE = 600
"""Seconds that somebody may take to decide; Slack's codes hold as long."""

_PURPOSE = b"the state of an installation"
_PAD = "="


class OAuthStates:
    """Makes states and knows its own again. ``keys`` are those that tokens are encrypted with."""

    def __init__(self, keys: str, clock: Clock) -> None:
        # Derived keys, so that no state can stand for a stored token, nor the other way round.
        derived = (hmac.digest(key.encode(), _PURPOSE, hashlib.sha256) for key in keys_of(keys))
        self._keys = MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in derived])
        self._clock = clock

    def new(self) -> str:
        """A state that nobody guesses, good for ``LIFE`` seconds. Letters that need no escape."""
        made = self._keys.encrypt_at_time(secrets.token_bytes(16), self._seconds())
        return made.decode().rstrip(_PAD)

    def read(self, state: str) -> str | None:
        """Return what names a state of ours that is still good, however written; None for any other."""
        if not state.isascii():
            return None
        padded = state + _PAD * (-len(state) % 4)
        try:
            return self._keys.decrypt_at_time(padded, LIFE, self._seconds()).hex()
        except InvalidToken:
            return None

    def _seconds(self) -> int:
        return int(self._clock.now().timestamp())
