"""Slack's own settings."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may choose. Each field is the variable ``SLACK_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix="SLACK_", env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    bot_token: str = Field("", description="The bot's token; it begins with xoxb-.", repr=False)
    app_token: str = Field(
        "", description="The app's token for Socket Mode; it begins with xapp-.", repr=False
    )
    api_url: str = Field(
        "https://slack.com/api/",
        description="Base of the Web API; it ends in /api/.",
        pattern=r"^https?://\S+/api/$",
    )

    @property
    def set_up(self) -> bool:
        """Whether there is what is needed to run."""
        return bool(self.bot_token and self.app_token)
