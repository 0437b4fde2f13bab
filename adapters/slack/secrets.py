"""How Slack's secrets look: in whatever log they turn up, they are left out."""

from __future__ import annotations

import re

from bot import MARK, withhold_where


def _refusal(found: re.Match[str]) -> str:
    """An answer repeats what was sent; Slack's name for what is wrong is all that it takes."""
    name = re.search(r"""["']error["']: ["']([a-z_]{1,60})["']""", found[2])
    return f"{found[1]}{name[1] if name else MARK}"


def withhold_secrets() -> None:
    """Keep tokens, addresses that let one answer, and answers of the Web API out of every log."""
    withhold_where(r"(?i)\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-[a-z0-9][\w%.-]*\w")
    withhold_where(r"(?i)(https?://hooks\.slack(?:-gov)?\.com/)[^\s\"'<>]+", rf"\1{MARK}")
    withhold_where(r"(/(?:response|commands|actions|services|workflows)/T\w+/)[^\s\"'<>]+", rf"\1{MARK}")
    withhold_where(r"([\"']?(?:response_url|trigger_id)[\"']?\s*[:=]\s*[\"'])[^\"']+", rf"\1{MARK}")
    withhold_where(r"(The server responded with: )(.*)", _refusal)
