"""A member's own page, where the platform has a place for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Facts,
    Heading,
    Message,
    Style,
    Text,
    literal,
)
from bot.chat.text_tokens import moment
from bot.domain.model import Group, PostKind, Schedule
from bot.views.common import bullets, long_date
from bot.views.study import TITLES

NO_GROUP = (
    "You aren't in a study group yet. To join one, answer its question or mark its prompt done in its "
    "channel. Until then, you can practise here."
)
_LABELS = {"zone": "Time zone", "rest": "Rest days", "reminder": "Daily reminder"}


@dataclass(frozen=True, slots=True)
class HomeGroup:
    """A group of the member's: the title of its roadmap, and what it posts when."""

    title: str
    group: Group
    schedules: tuple[Schedule, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """The state of a member's day: what is open, whether it counts, and a post to answer, None for none."""

    tasks: Sequence[str]
    counts: str
    question: int | None


def home_message(
    progress: Message, today: Today, places: Sequence[HomeGroup], set_to: Mapping[str, str], zone: str
) -> Message:
    """Return progress, what is due, what comes next and what is set; ``zone`` is that of all times."""
    return Message(
        f"{progress.summary}. {today.counts}",
        (
            *progress.blocks,
            *(_due(today, places, zone) if places else (Heading("Your groups"), Text(NO_GROUP))),
            Heading("Your preferences"),
            Facts(tuple((label, set_to[name] or "off") for name, label in _LABELS.items())),
            Actions((Button("Change preferences", encode("preferences.open")),)),
        ),
    )


def _due(today: Today, places: Sequence[HomeGroup], zone: str) -> tuple[Block, ...]:
    show = Button("Show the question", encode("reminder.question", p=today.question or 0), Style.PRIMARY)
    return (
        Heading("Today"),
        Text(bullets(map(literal, today.tasks)) or "Nothing is open right now."),
        Text(today.counts),
        *((Actions((show,)),) if today.question is not None else ()),
        Heading("Next posts"),
        Facts(tuple((place.title, _next(place, zone)) for place in places)),
    )


def _next(place: HomeGroup, zone: str) -> str:
    """Return the next post of the group in the zone; a project may pass."""
    if place.group.paused_at is not None:
        until = place.group.resume_on
        return f"paused until {long_date(until)}" if until else "paused"
    sure = [plan for plan in place.schedules if plan.kind is not PostKind.CHALLENGE]
    coming = ((plan.next_due_at, TITLES[plan.kind]) for plan in sure if plan.next_due_at)
    at, title = min(coming, default=(None, ""))
    return f"{title}, {moment(at, zone)}" if at else "nothing scheduled"
