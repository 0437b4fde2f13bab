"""Tokens at rest: encrypted, so that a copy of the database lets nobody speak as Milepost."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store import Bot

from bot.chat import SetupError

_WRONG = "SLACK_TOKEN_KEY isn't a valid key, or one of several isn't. Make one with `milepost slack-key`."

_SECRETS = ("bot_token", "bot_refresh_token")


class CannotDecrypt(Exception):
    """No configured key decrypts a stored token."""


class TokenCipher:
    """Encrypts with the first key and decrypts with any, so that a key can be changed without a pause."""

    def __init__(self, keys: str) -> None:
        """``keys`` are divided by commas. Raises SetupError for none, and for what is no key."""
        listed = keys_of(keys)
        self.several = len(listed) > 1
        try:
            self._keys = MultiFernet([Fernet(key) for key in listed])
        except ValueError:
            raise SetupError(_WRONG) from None

    def encrypt(self, bot: Bot) -> Bot:
        """Return a copy of the bot with its tokens encrypted."""
        return _changed(bot, lambda text: self._keys.encrypt(text.encode()).decode())

    def decrypt(self, bot: Bot) -> Bot:
        """Return a copy of the bot with its tokens in plain text. Raises CannotDecrypt."""
        try:
            return _changed(bot, lambda text: self._keys.decrypt(text).decode())
        except InvalidToken:
            raise CannotDecrypt from None


def keys_of(keys: str) -> list[str]:
    """Read the setting, in which several keys are divided by commas."""
    return [key.strip() for key in keys.split(",") if key.strip()]


def new_key() -> str:
    """A key for the settings."""
    return Fernet.generate_key().decode()


def _changed(bot: Bot, change: Callable[[str], str]) -> Bot:
    values = bot.to_dict_for_copying()
    changed = {name: change(values[name]) for name in _SECRETS if values[name]}
    return Bot(**{**values, **changed})
