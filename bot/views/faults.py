"""Reasons why a post did not come and why a group is paused, in words."""

from __future__ import annotations

from bot.chat.messages import literal
from bot.domain.model import (
    Group,
    Post,
)
from bot.domain.reasons import ChoiceReason, Fault, PauseReason
from bot.toolkit.text import clause
from bot.views.common import count
from content.model import Pack

_WHY = {
    Fault.SWITCHED_OFF: "it was switched off",
    Fault.DATE_SKIPPED: "the date is skipped",
    Fault.DAY_REMOVED: "its day of the week was removed",
    Fault.PAUSED: "the group was paused",
    Fault.DOWN: "the bot was down",
    Fault.UNPLANNABLE: "I couldn't plan it because of a bug; the details are in my log",
    Fault.PACK_MISSING: "the pack {detail} isn't installed",
    Fault.CONTENT_MISSING: "it's no longer in the pack",
    Fault.BUG: "I ran into a bug ({detail}); the details are in my log",
    Fault.NOT_RUNNING: "the platform {detail} isn't running here",
    Fault.SILENT: "the platform didn't answer in time",
    Fault.TROUBLE: "the platform had trouble",
    Fault.FORBIDDEN: "I'm not allowed to post",
    Fault.GONE: "the channel is gone",
    Fault.MALFORMED: "the platform didn't accept it",
}
_SAID_BY_THE_PLATFORM = {Fault.TROUBLE, Fault.FORBIDDEN, Fault.GONE, Fault.MALFORMED}
PAUSED = {
    PauseReason.ORGANISER: "an organiser paused it",
    PauseReason.REMOVED: "Milepost was removed from this place",
    PauseReason.REFUSED: "posting was refused",
    PauseReason.GONE: "its channel can't be reached",
}


def why(fault: Fault, detail: str = "") -> str:
    """Return the reason without a full stop: the platform's own words where it said any."""
    if detail and fault in _SAID_BY_THE_PLATFORM:
        return clause(detail)
    return _WHY[fault].replace("{detail}", detail)


def why_missing(post: Post) -> str:
    """Return Markdown on why a post did not come; empty for a post that came."""
    if post.fault is None:
        return ""
    link = ": " if post.detail and post.fault in _SAID_BY_THE_PLATFORM else " because "
    return link + literal(why(post.fault, post.detail))


def why_paused(group: Group) -> str:
    """Return the reason of a pause, without a full stop; empty for a group that is not paused."""
    if group.pause_reason is None:
        return ""
    said = f": {clause(group.pause_detail)}" if group.pause_detail else ""
    return PAUSED[group.pause_reason] + said


def why_chosen(post: Post, pack: Pack | None) -> str:
    """Return why the post has this content; empty for a post that needs no reason."""
    about = _title(post.topic, pack)
    match post.reason, post.figures:
        case ChoiceReason.ROTATION, (0, opened, topics):
            chosen = f"{about}: not asked before; {opened} of {topics} topics open"
        case ChoiceReason.ROTATION, (ago, opened, topics):
            served = f"served {count(ago, 'question')} ago"
            chosen = f"{about}: {served}, {opened} of {topics} topics open"
        case ChoiceReason.STOP, (at, stops):
            chosen = f"stop {at} of {stops} on the roadmap"
        case ChoiceReason.STEP, _:
            chosen = f"the project of step {about}"
        case ChoiceReason.RECAP, _:
            chosen = "the week in review"
        case _:
            return ""
    return chosen if post.schedule_id is not None else f"by hand; {chosen}"


def _title(part: str, pack: Pack | None) -> str:
    """The title of a topic or step of the pack; its id where the pack has none of that id."""
    if pack is None:
        return part
    found = pack.topic(part) or next((step for step in pack.roadmap.steps if step.id == part), None)
    return found.title if found else part
