"""The notices to organisers when something goes wrong, made from the facts when they are sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.chat.messages import Message
from bot.chat.text_tokens import short_date
from bot.domain.model import (
    PostKind,
)
from bot.domain.reasons import Fault, NoticeKind, Rung
from bot.domain.role_use import Purpose
from bot.toolkit.text import sentence
from bot.views.common import text_message
from bot.views.corrections import correction_message
from bot.views.faults import why
from bot.views.roles import stopped
from bot.views.study import TITLES

_MOVE = "Use /study move in another channel to bring the group there."


_STANDING_IN = "The organiser of a study group here can't be reached, so I'm telling you."
_TO_WHOM = {
    Rung.ORGANISER: "",
    Rung.NAMED: _STANDING_IN,
    Rung.MANAGERS: _STANDING_IN,
    Rung.CHANNEL: "This is for the organisers of this study group, because I can't message them.",
}


def notice_message(kind: NoticeKind, data: Mapping[str, str | int], rung: Rung) -> Message:
    """Return the message of a notice, to those on the rung."""
    if kind is NoticeKind.KEY_CORRECTED:
        return correction_message(data)
    return text_message(f"{_TO_WHOM[rung]} {_sentence(kind, data)}".strip())


def _sentence(kind: NoticeKind, data: Mapping[str, str | int]) -> str:
    """Return what an organiser is told."""
    match kind:
        case NoticeKind.FAILED:
            day = short_date(dt.date.fromisoformat(str(data["date"])))
            failed = f"The {_title(data)} of {day} couldn't be posted: {_reason(data)}"
            return f"{failed} {_remedy(data, 'Fix that, then post one with /study post-now.')}"
        case NoticeKind.FAILED_BY_HAND:
            failed = f"The {_title(data)} you asked for couldn't be posted: {_reason(data)}"
            return f"{failed} {_remedy(data, 'Fix that, then try again with /study post-now.')}"
        case NoticeKind.PAUSED:
            failed = f"posting failed {data['refusals']} times: {_reason(data)}"
            remedy = _remedy(data, "Fix that, then continue with /study resume.")
            return f"I paused the study group because {failed} {remedy}"
        case NoticeKind.PAUSE_UNENDED:
            return _unended_pause(data)
        case NoticeKind.REWARD_FAILED:
            return (
                "I couldn't change who has the streak role: "
                f"{_reason(data)} Let me manage it, for example by moving my own role above it, then use "
                "/study reward again."
            )
        case NoticeKind.MENTION_STOPPED:
            return stopped(Purpose.MENTION, data)
        case NoticeKind.REWARD_STOPPED:
            return stopped(Purpose.GIVE, data)
        case _:
            return str(data["text"])


def _unended_pause(data: Mapping[str, str | int]) -> str:
    date = short_date(dt.date.fromisoformat(str(data["date"]))) if data.get("date") else "its date"
    zone, bug = data["zone"], data["bug"]
    reason = f"there is no time zone “{zone}”" if zone else f"I ran into a bug ({bug})"
    return (
        f"The study group's pause couldn't end on {date}: {reason}. I'll try again every hour and "
        "skip the posts in between. Check the zones with /study schedule, or ask an operator."
    )


def _title(data: Mapping[str, str | int]) -> str:
    return TITLES[PostKind(str(data["post"]))].lower()


def _reason(data: Mapping[str, str | int]) -> str:
    return sentence(why(Fault(str(data["fault"])), str(data.get("detail", ""))))


def _remedy(data: Mapping[str, str | int], otherwise: str) -> str:
    """Return what to do; where the channel is gone there is nothing to fix in it."""
    return _MOVE if data["fault"] == Fault.GONE else otherwise
