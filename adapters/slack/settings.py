"""Slack's own settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import SettingsConfigDict

from adapters.slack.secrets import withhold_secrets
from bot.chat import TRUSTED, PlatformAddress, PlatformSettings, official
from bot.toolkit.networks import read_networks

withhold_secrets()

OFFICIAL_API = "https://slack.com/api/"

LEAST = 20
"""Characters of a secret of Slack's; they have 32."""


def _networks(text: str) -> str:
    try:
        read_networks(text)
    except ValueError:
        raise ValueError("write addresses or networks, such as 127.0.0.1, 10.0.0.0/8") from None
    return text


class Settings(PlatformSettings):
    """Slack's settings. Each field is the variable ``SLACK_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="SLACK_")

    bot_token: str = Field(
        "", description="The bot's token, for one workspace; it starts with xoxb-.", repr=False
    )
    app_token: str = Field(
        "", description="The app's token, for Socket Mode; it starts with xapp-.", repr=False
    )
    signing_secret: str = Field(
        "", description="What Slack signs its requests with, for HTTP mode.", repr=False
    )
    http_host: str = Field(
        "127.0.0.1",
        description="Address to listen on, for HTTP mode and for the page that installs.",
        json_schema_extra=TRUSTED,
    )
    http_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        3000, description="Port to listen on; 0 chooses a free one."
    )
    http_proxies: Annotated[str, AfterValidator(_networks)] = Field(
        "127.0.0.1, ::1",
        description=(
            "Addresses or networks of proxies in front, separated by commas: they may hold more than "
            "50 connections each."
        ),
        json_schema_extra=TRUSTED,
    )
    client_id: str = Field("", description="The app's client id, for many workspaces.")
    client_secret: str = Field("", description="The app's client secret, for many workspaces.", repr=False)
    token_key: str = Field(
        "",
        description=(
            "Key that stored tokens are encrypted with, from `milepost slack-key`; of several, divided by "
            "commas, the first encrypts."
        ),
        repr=False,
    )
    api_url: PlatformAddress = Field(
        OFFICIAL_API,
        description="Base address of the Web API; it ends in /api/.",
        pattern=r"^https?://\S+/api/$",
        json_schema_extra=official(OFFICIAL_API),
    )

    @property
    def set_up(self) -> bool:
        """Return True if Slack is meant to be served; ``problem`` says what is still missing."""
        return bool(self.bot_token or self.app_token or self.signing_secret or self.client_id)

    @property
    def problem(self) -> str:
        """Return what an operator must fix before Slack can be served, in a sentence; or an empty text."""
        return _who(self) or _where(self) or _misshapen(self)

    @property
    def over_http(self) -> bool:
        """Return True for HTTP mode, False for Socket Mode."""
        return bool(self.signing_secret)

    @property
    def many(self) -> bool:
        """Return True if any workspace may install the app; else the settings have one's token."""
        return bool(self.client_id)

    @property
    def authorize_url(self) -> str:
        """The page of Slack that asks whether to install the app."""
        return f"{self.api_url.removesuffix('api/')}oauth/v2/authorize"


def _who(settings: Settings) -> str:
    """Return the problem of the settings that choose the workspaces, or an empty text."""
    if settings.bot_token and settings.client_id:
        return (
            "SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many: unset the one that is not "
            "meant."
        )
    if not settings.many:
        return "" if settings.bot_token else "SLACK_BOT_TOKEN is missing: set it to that of your Slack app."
    for name, value in (("CLIENT_SECRET", settings.client_secret), ("TOKEN_KEY", settings.token_key)):
        if not value:
            return f"SLACK_{name} is missing: many workspaces need it as well as SLACK_CLIENT_ID."
    return ""


def _where(settings: Settings) -> str:
    """Return the problem of the settings of the transport, or an empty text."""
    if settings.app_token and settings.signing_secret:
        return (
            "SLACK_APP_TOKEN is for Socket Mode and SLACK_SIGNING_SECRET for HTTP mode: unset the one that "
            "your app does not use."
        )
    if not settings.app_token and not settings.signing_secret:
        return (
            "SLACK_APP_TOKEN is missing: set it to that of your Slack app for Socket Mode, or set "
            "SLACK_SIGNING_SECRET for HTTP mode."
        )
    return ""


def _misshapen(settings: Settings) -> str:
    """Say which secret does not look whole. Who guesses a short one can speak as Slack, or as us."""
    for name, value, kinds, page in (
        ("BOT_TOKEN", settings.bot_token, ("xoxb-", "xoxe.xoxb-"), "OAuth & Permissions"),
        ("APP_TOKEN", settings.app_token, ("xapp-",), "Basic Information"),
        ("SIGNING_SECRET", settings.signing_secret, (), "Basic Information"),
        ("CLIENT_SECRET", settings.client_secret, (), "Basic Information"),
    ):
        plain = value.isascii() and value.isprintable() and " " not in value
        if value and not (plain and (value.startswith(kinds) if kinds else len(value) >= LEAST)):
            what = f"starts with {kinds[0]}" if kinds else f"has {LEAST} characters or more"
            return f"SLACK_{name} isn't complete: it {what}. Copy it from {page} of your Slack app."
    return ""
