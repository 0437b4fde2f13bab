"""Patterns of Discord's secrets, which are redacted in every log."""

from __future__ import annotations

import re

from bot.toolkit.redaction import MARK, withhold_where


def _without_quotes(found: re.Match[str]) -> str:
    """Discord's words on what is wrong, without what they repeat of ours."""
    return found[1] + re.sub(r'"[^"]*"', f'"{MARK}"', found[2])


def withhold_secrets() -> None:
    """Keep bots' tokens, those of interactions, and what errors repeat out of every log."""
    withhold_where(r"(?:\b|(?<=%[0-9A-Fa-f]{2}))[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}")
    withhold_where(
        r"(?i)((?:webhooks|interactions)(?:/|%(?:25)*2F)\d+(?:/|%(?:25)*2F))(?:[^/\s?&\"'<>%]|%(?!(?:25)*2F))+",
        rf"\1{MARK}",
    )
    withhold_where(r"(\(error code: \d+\): )(.*)", _without_quotes)
