"""The playground's own settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import SettingsConfigDict

from adapters.playground.config import PlaygroundConfig
from bot.chat import TRUSTED, PlatformSettings

LEAST = 20
"""Characters of a token that nobody guesses."""


def _strong(token: str) -> str:
    if token and (len(token) < LEAST or not token.isascii() or not token.isprintable() or " " in token):
        raise ValueError(
            f"use at least {LEAST} letters, digits and signs, such as `openssl rand -hex 16` prints"
        )
    return token


class Settings(PlatformSettings):
    """The playground's settings. Each field is the variable ``MILEPOST_PLAYGROUND_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="MILEPOST_PLAYGROUND_")

    host: str = Field(
        "127.0.0.1", description="Address that the playground listens on.", json_schema_extra=TRUSTED
    )
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        8765, description="Port of the playground; 0 chooses a free one."
    )
    token: Annotated[str, AfterValidator(_strong)] = Field(
        "",
        description="Secret in the playground's address; a new one each time if empty.",
        repr=False,
        json_schema_extra=TRUSTED,
    )
    folder: Path = Field(
        Path("data"),
        description="Folder for the conversations of the playground.",
        json_schema_extra=TRUSTED,
    )

    @property
    def set_up(self) -> bool:
        """Return False: the playground runs where it is named, or where nothing else is set up."""
        return False

    def config(self) -> PlaygroundConfig:
        """The playground with these settings, the usual people and the usual channels."""
        transcript = self.folder / "playground.jsonl"
        return PlaygroundConfig(self.host, self.port, self.token, transcript)
