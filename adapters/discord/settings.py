"""Discord's own settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import AfterValidator, Field
from pydantic_settings import SettingsConfigDict

from adapters.discord.secrets import withhold_secrets
from bot.chat import PlatformAddress, PlatformSettings, official

withhold_secrets()

OFFICIAL_API = "https://discord.com/api/v10"
_SHARDS = re.compile(r"(\d+)(?:-(\d+))?/(\d+)\Z")
OFFICIAL_GATEWAY = "wss://gateway.discord.gg"


@dataclass(frozen=True, slots=True)
class Shards:
    """The connections that this process holds: ``ids`` of ``count`` in all."""

    ids: tuple[int, ...]
    count: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read ``0-3/16`` or ``2/4``. Raises ValueError with what to write."""
        found = _SHARDS.match(text)
        if not found:
            raise ValueError(
                "write it like 0-3/16: the first and the last shard of this process, and how many"
            )
        first, count = int(found[1]), int(found[3])
        last = int(found[2] or first)
        if not first <= last < count:
            raise ValueError(
                f"shards are numbered from 0 to {max(count - 1, 0)} here, the smaller number first"
            )
        return cls(tuple(range(first, last + 1)), count)


def _shards(text: str) -> str:
    if text:
        Shards.read(text)
    return text


def _plain(address: str) -> str:
    return address.rstrip("/")


class Settings(PlatformSettings):
    """Discord's settings. Each field is the variable ``DISCORD_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="DISCORD_")

    token: str = Field("", description="The bot's token, from the developer portal.", repr=False)
    api_url: Annotated[PlatformAddress, AfterValidator(_plain)] = Field(
        OFFICIAL_API,
        description="Base address of the REST API: a proxy or a compatible server.",
        json_schema_extra=official(OFFICIAL_API),
    )
    gateway_url: Annotated[PlatformAddress, AfterValidator(_plain)] = Field(
        "",
        description="Address of the gateway; if empty, the API is asked for it.",
        json_schema_extra=official("", OFFICIAL_GATEWAY),
    )
    shards: Annotated[str, AfterValidator(_shards)] = Field(
        "", description="Which shards this process runs, such as 0-3/16; all of them if empty."
    )
    requests_per_second: Annotated[float, Field(gt=0, le=50)] = Field(
        48.0, description="Maximum requests per second; all processes of one bot share the limit of 50."
    )
    answer_seconds: Annotated[float, Field(gt=0, lt=3)] = Field(
        2.0, description="How long an answer may take before Discord shows that the bot is thinking."
    )

    @property
    def set_up(self) -> bool:
        """Return True if the token is set."""
        return bool(self.token)

    @property
    def problem(self) -> str:
        """Name what an operator must fix before Discord can be served; empty when nothing."""
        if not self.token:
            return "DISCORD_TOKEN is missing: set it to the bot's token from the developer portal."
        if not (self.token.isascii() and self.token.isprintable()) or " " in self.token:
            return "DISCORD_TOKEN isn't a bot token. Copy it from the Bot page of the developer portal."
        return ""
