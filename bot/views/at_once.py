"""The answers to an organiser who asks for a post at once."""

from __future__ import annotations

import datetime as dt

from bot.chat.text_tokens import short_date
from bot.domain.model import PostKind
from bot.views.common import wait_of

NAMES = {
    PostKind.PROMPT: "prompt",
    PostKind.QUIZ: "question",
    PostKind.CHALLENGE: "project",
    PostKind.RECAP: "recap",
}
"""Names of the four kinds of post within a sentence."""

ALL_OPEN = "Every question on this roadmap is open already. Ask again when one of them has closed."
ALL_HAD = "Every project on this roadmap has been posted. Members can open the newest with /challenge show."


def posting_now(kind: PostKind) -> str:
    """Say that the post was planned and comes in the next seconds."""
    return f"Posting the {NAMES[kind]} now."


def posted_once(kind: PostKind, apart: dt.timedelta) -> str:
    """Say that an organiser asked for a post of this kind a moment ago, and from when one more may come."""
    asked = f"A {NAMES[kind]} was asked for just now, so I'm posting one."
    return f"{asked} For another, ask again in {wait_of(apart.total_seconds())}."


def still_running(title: str, until: dt.date) -> str:
    """Say that a project has days left, and no other one is due."""
    return (
        f"“{title}” is still running, until {short_date(until)}. Members can open it with /challenge show."
    )


def nothing_to_post(kind: PostKind) -> str:
    """Say that the pack has nothing of the kind."""
    return f"This roadmap has no {NAMES[kind]} to post."
