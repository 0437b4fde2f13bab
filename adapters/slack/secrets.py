"""How Slack's secrets look: in whatever log they turn up, they are left out."""

from __future__ import annotations

import re

from bot.toolkit.redaction import MARK, withhold_where

_SLASH = "(?:/|%(?:25)*2[Ff])"
"""As it is, or in an address that stands in another one."""


def _refusal(found: re.Match[str]) -> str:
    """An answer repeats what was sent; Slack's name for what is wrong is all that it takes."""
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
