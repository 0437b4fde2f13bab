"""The settings of Example."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from bot.chat import PlatformSettings


class Settings(PlatformSettings):
    """Settings for operators, each the variable ``MILEPOST_EXAMPLE_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="MILEPOST_EXAMPLE_")

    channels: str = Field(
        "", description="Channels, separated by commas. Example is served once it has one."
    )
    organisers: str = Field("olga", description="Who may set up study groups, separated by commas.")

    @property
    def set_up(self) -> bool:
        """Tell if there is a channel."""
        return bool(self.channel_ids)

    @property
    def channel_ids(self) -> tuple[str, ...]:
        """The channels."""
        return _listed(self.channels)

    @property
    def organiser_ids(self) -> tuple[str, ...]:
        """The organisers."""
        return _listed(self.organisers)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
