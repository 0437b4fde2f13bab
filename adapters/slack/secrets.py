"""Patterns of Slack's secrets, which are redacted in every log."""

from __future__ import annotations

import re

from bot.toolkit.redaction import MARK, withhold_where

_SLASH = "(?:/|%(?:25)*2[Ff])"
"""A slash as it is, or percent-encoded in an address within another one."""


def _refusal(found: re.Match[str]) -> str:
    """Reduce an answer to Slack's error code: the rest repeats what was sent."""
    name = re.search(r"""["']error["']: ["']([a-z_]{1,60})["']""", found[2])
    return f"{found[1]}{name[1] if name else MARK}"


def withhold_secrets() -> None:
    """Keep tokens, addresses that let one answer, and answers of the Web API out of every log."""
    withhold_where(r"(?i)(?:\b|(?<=%[0-9a-f]{2}))x(?:ox[a-z]|app)(?:\.xox[a-z])?-[a-z0-9][\w%.-]*\w")
    withhold_where(rf"(?i)(hooks\.slack(?:-gov)?\.com{_SLASH})[^\s\"'<>]+", rf"\1{MARK}")
    withhold_where(
        rf"({_SLASH}(?:response|commands|actions|services|workflows){_SLASH}T\w+?{_SLASH})[^\s\"'<>]+",
        rf"\1{MARK}",
    )
    withhold_where(r"([\"']?(?:response_url|trigger_id)[\"']?\s*[:=]\s*[\"'])[^\"']+", rf"\1{MARK}")
    withhold_where(r"(The server responded with: )(.*)", _refusal)
