"""What an organiser sees: set-up, schedule, status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.border.action_id import encode
from bot.border.message import (
    Actions,
    Button,
    Choice,
    Facts,
    Field,
    Footnote,
    Form,
    Heading,
    Message,
    Style,
    Text,
    literal,
)
from bot.domain.calendar import describe_days
from bot.domain.records import Group, Post, PostKind, PostState, Schedule
from bot.views.common import bullets, count, day_and_time

TITLES = {
    PostKind.PROMPT: "Roadmap prompt",
    PostKind.QUIZ: "Question",
    PostKind.CHALLENGE: "Project challenge",
    PostKind.RECAP: "Weekly recap",
}
DAYS_LENGTH = 80
"""Room for seven days written out."""

_OUTCOME = {
    PostState.PLANNED: "waiting to be sent",
    PostState.SENT: "posted",
    PostState.CLOSED: "posted and closed",
    PostState.MISSED: "missed",
    PostState.FAILED: "failed",
}


def setup_form(packs: Mapping[str, str], values: Mapping[str, str]) -> Form:
    """Guides an organiser through making a channel a group; ``packs`` are titles by id."""
    chosen = values.get("pack", "")
    return Form(
        "Set up study group",
        encode("study.setup"),
        (
            Field(
                "pack",
                "Roadmap",
                chosen if chosen in packs else next(iter(packs), ""),
                options=tuple(Choice(title, pack_id) for pack_id, title in packs.items()),
            ),
            _zone(values, "study setup"),
            Field("time", "Time of the daily question", values.get("time", "09:00"), "09:00", max_length=5),
            Field("days", "Days", values.get("days", "mon-fri"), "mon-fri", max_length=DAYS_LENGTH),
        ),
        "Start the group",
    )


def schedule_form(kind: PostKind, values: Mapping[str, str]) -> Form:
    """Changes when one kind of post comes."""
    return Form(
        f"When: {TITLES[kind].lower()}"[:24],
        encode("study.schedule", k=kind),
        (
            Field("time", "Time, or off", values.get("time", "09:00"), "09:00", max_length=5),
            Field("days", "Days", values.get("days", "mon-fri"), "mon-fri", max_length=DAYS_LENGTH),
            _zone(values, "study schedule"),
        ),
        "Save",
    )


def _zone(values: Mapping[str, str], command: str) -> Field:
    zone = values.get("zone", "")
    return Field("zone", "Time zone", zone, "Europe/Berlin", max_length=60, completes=(command, "zone"))


def started_message(group: Group, title: str, schedules: Sequence[Schedule]) -> Message:
    """The group exists."""
    return Message(
        "The study group is set up.",
        (
            Heading("The study group is set up"),
            Text(f"This channel now walks along **{literal(title)}**, zone {literal(group.zone)}."),
            Text(_when(group, schedules)),
            Actions(
                (Button("Post a question now", encode("study.post_now", k=PostKind.QUIZ), Style.PRIMARY),)
            ),
            Footnote("Change it with /study schedule. Members can start with /help."),
        ),
    )


def schedules_message(group: Group, schedules: Sequence[Schedule]) -> Message:
    """What is planned from now on."""
    return Message(
        "The schedule is saved.",
        (
            Heading("The schedule is saved"),
            Text(_when(group, schedules)),
            Footnote(f"The group's zone is {group.zone}."),
        ),
    )


def status_message(
    group: Group, schedules: Sequence[Schedule], recent: Sequence[Post], members: int
) -> Message:
    """What is planned, what happened, and why."""
    state = f"Paused: {group.pause_reason}" if group.paused_at else "Running"
    facts = (
        ("State", state),
        ("Roadmap", group.pack),
        ("Zone", group.zone),
        ("Members", f"{members:,}"),
        ("Posts call", group.calls_name or group.calls or "nobody"),
        ("Streak reward", _reward(group)),
    )
    happened = bullets(_happened(post, group.zone) for post in recent)
    toggle = (
        Button("Resume", encode("study.resume"), Style.SUCCESS)
        if group.paused_at
        else Button("Pause", encode("study.pause"))
    )
    return Message(
        f"Study group: {state.lower()}",
        (
            Heading("Study group"),
            Facts(facts),
            Text(f"**Planned**\n\n{_when(group, schedules)}"),
            Text(f"**Lately**\n\n{happened or 'Nothing has been posted yet.'}"),
            Actions((toggle,)),
        ),
    )


def _reward(group: Group) -> str:
    name = group.reward_name or group.reward
    return f"{name} from {count(group.reward_days, 'day')} on" if name else "none"


def _when(group: Group, schedules: Sequence[Schedule]) -> str:
    return bullets(_schedule_line(group, schedule) for schedule in schedules) or "Nothing is planned."


def _schedule_line(group: Group, schedule: Schedule) -> str:
    """The rule and the next time; the zone too where it is not the group's."""
    rule = f"**{TITLES[schedule.kind]}**: {schedule.at:%H:%M}, {describe_days(schedule.days)}"
    zone = f" ({literal(schedule.zone)})" if schedule.zone != group.zone else ""
    if schedule.next_due_at is None:
        return f"{rule} ({'paused' if schedule.enabled else 'off'}){zone}"
    return f"{rule}; next {day_and_time(schedule.next_due_at, schedule.zone)}{zone}"


def _happened(post: Post, zone: str) -> str:
    when = day_and_time(post.sent_at or post.due_at, zone)
    fault = f" because {literal(post.fault)}" if post.fault else ""
    return f"{when}: {TITLES[post.kind].lower()} {_OUTCOME[post.state]}{fault} ({literal(post.reason)})"
