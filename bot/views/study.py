"""The messages for organisers: set-up, schedule, status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.chat.action_ids import encode
from bot.chat.messages import (
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
from bot.chat.text_tokens import TimeStyle, moment, short_date
from bot.domain.calendar import describe_days
from bot.domain.dates import runs_of
from bot.domain.model import Group, Post, PostKind, PostState, Schedule
from bot.domain.parsing import MOST_DAYS, MOST_TIME, MOST_ZONE
from bot.domain.role_use import Purpose
from bot.toolkit.text import isolated
from bot.views.common import bullets, count, long_date
from bot.views.faults import why_chosen, why_missing, why_paused
from bot.views.roles import shown
from content.model import Pack

TITLES = {
    PostKind.PROMPT: "Roadmap prompt",
    PostKind.QUIZ: "Question",
    PostKind.CHALLENGE: "Project",
    PostKind.RECAP: "Weekly recap",
}
FEW_SKIPS = 4
_OUTCOME = {
    PostState.PLANNED: "waiting to be sent",
    PostState.SENT: "posted",
    PostState.CLOSED: "posted and closed",
    PostState.MISSED: "missed",
    PostState.FAILED: "failed",
}


def setup_form(packs: Mapping[str, str], values: Mapping[str, str]) -> Form:
    """Return the form for making a channel a group; ``packs`` are titles by id."""
    chosen = values.get("pack", "")
    return Form(
        "Set up a study group",
        encode("study.setup"),
        (
            Field(
                "pack",
                "Roadmap",
                chosen if chosen in packs else next(iter(packs), ""),
                options=tuple(Choice(title, pack_id) for pack_id, title in packs.items()),
            ),
            _zone(values, "study setup"),
            Field(
                "time",
                "Time of the question of the day",
                values.get("time", "09:00"),
                "09:00",
                max_length=MOST_TIME,
            ),
            Field("days", "Days", values.get("days", "mon-fri"), "mon-fri", max_length=MOST_DAYS),
        ),
        "Start the group",
    )


def schedule_form(kind: PostKind, values: Mapping[str, str]) -> Form:
    """Return the form for changing when one kind of post comes."""
    return Form(
        TITLES[kind][:24],
        encode("study.schedule", k=kind),
        (
            Field("time", "Time, or off", values.get("time", "09:00"), "09:00", max_length=MOST_TIME),
            Field("days", "Days", values.get("days", "mon-fri"), "mon-fri", max_length=MOST_DAYS),
            _zone(values, "study schedule"),
        ),
        "Save",
    )


def _zone(values: Mapping[str, str], command: str) -> Field:
    zone = values.get("zone", "")
    return Field(
        "zone", "Time zone", zone, "Europe/Berlin", max_length=MOST_ZONE, completes=(command, "zone")
    )


def started_message(
    group: Group, title: str, schedules: Sequence[Schedule], elsewhere: str = ""
) -> Message:
    """Say that the group exists; ``elsewhere`` is its channel's name if it was set up in another one."""
    place = f"The channel {literal(elsewhere)}" if elsewhere else "This channel"
    posts = " Posts go there, not into this thread." if elsewhere else ""
    return Message(
        "The study group is set up.",
        (
            Heading("The study group is set up"),
            Text(f"{place} now follows **{literal(title)}**.{posts} Times are in {literal(group.zone)}."),
            Text(when_of(group, schedules)),
            Actions(
                (Button("Post a question now", encode("study.post_now", k=PostKind.QUIZ), Style.PRIMARY),)
            ),
            Footnote("Change the times with /study schedule. New members can start with /help."),
        ),
    )


def schedules_message(group: Group, schedules: Sequence[Schedule], kept: Sequence[Post]) -> Message:
    """Return the schedules from now on; ``kept`` are posts to come that keep the time that they had."""
    return Message(
        "Schedule saved.",
        (
            Heading("Schedule saved"),
            Text(when_of(group, schedules, kept)),
            Footnote(f"Times are in {group.zone}."),
        ),
    )


def skipped_message(
    group: Group,
    schedules: Sequence[Schedule],
    kept: Sequence[Post],
    now: dt.datetime,
    *,
    too_late: bool,
) -> Message:
    """Return the dates without posts, and the schedules; ``too_late`` where one has had posts."""
    return Message(
        "Skipped dates",
        (
            Heading("Skipped dates"),
            Text(", ".join(_coming_skips(group, now)) or "None yet."),
            *((Text("Today's posts that are already out stay."),) if too_late else ()),
            Text(when_of(group, schedules, kept)),
            Footnote(
                "Change them with /study skip, such as add:2026-12-24..2027-01-01 or remove:2026-12-25."
            ),
        ),
    )


def status_message(
    group: Group,
    schedules: Sequence[Schedule],
    kept: Sequence[Post],
    recent: Sequence[Post],
    members: int,
    now: dt.datetime,
    pack: Pack | None,
    *,
    roles: bool,
) -> Message:
    """Return what is planned, what happened, and why; ``pack`` is None if it is not installed.

    Without ``roles`` the platform can mention or reward nobody, so nothing is said of that.
    """
    state = _state(group, now)
    facts = (
        ("State", state),
        ("Roadmap", pack.info.title if pack else group.pack),
        ("Time zone", group.zone),
        ("Members", f"{members:,}"),
        *((("Posts mention", _mentioned(group)),) if roles or group.mention_role else ()),
        *((("Streak reward", _reward(group)),) if roles or group.reward_role else ()),
        ("Skipped dates", _few(_coming_skips(group, now))),
    )
    happened = bullets(_happened(post, group.zone, pack) for post in recent)
    toggle = (
        Button("Resume", encode("study.resume", g=group.id), Style.SUCCESS)
        if group.paused_at
        else Button("Pause", encode("study.pause", g=group.id))
    )
    return Message(
        f"Study group: {state.lower()}",
        (
            Heading("Study group"),
            Facts(facts),
            Text(f"**Planned**\n\n{when_of(group, schedules, kept)}"),
            Text(f"**Recent posts**\n\n{happened or 'Nothing posted yet.'}"),
            Actions((toggle,)),
        ),
    )


def _state(group: Group, now: dt.datetime) -> str:
    if not group.paused_at:
        return "Running"
    if group.resume_on is None or group.resume_at is None:
        return f"Paused: {why_paused(group)}"
    today = now.astimezone(ZoneInfo(group.zone)).date()
    # The date has begun, and yet its end is still to come: it has been put off.
    if group.resume_on <= today and group.resume_at > now:
        again = moment(group.resume_at, group.zone)
        return f"Paused: I couldn't resume on {long_date(group.resume_on)} and will try again {again}"
    return f"Paused until {long_date(group.resume_on)}: {why_paused(group)}"


def _coming_skips(group: Group, now: dt.datetime) -> tuple[str, ...]:
    today = now.astimezone(ZoneInfo(group.zone)).date()
    runs = runs_of(date for date in group.skipped if date >= today)
    return tuple(long_date(first) if first == last else from_to(first, last) for first, last in runs)


def from_to(first: dt.date, last: dt.date) -> str:
    """Return both ends, such as ``Thu 24 Dec to Sat 26 Dec 2026``."""
    start = short_date(first) if first.year == last.year else long_date(first)
    return f"{start} to {long_date(last)}"


def _few(runs: Sequence[str]) -> str:
    """Return as many as are read at a glance; ``/study skip`` shows the rest."""
    more = f" and {len(runs) - FEW_SKIPS} more" if len(runs) > FEW_SKIPS else ""
    return ", ".join(runs[:FEW_SKIPS]) + more or "None"


def _mentioned(group: Group) -> str:
    name = isolated(group.mention_name or group.mention_role)
    return shown(name, group.mention_denied, Purpose.MENTION) if name else "No one"


def _reward(group: Group) -> str:
    name = isolated(group.reward_name or group.reward_role)
    after = f"{name} after {count(group.reward_days, 'day')}"
    return shown(after, group.reward_denied, Purpose.GIVE) if name else "None"


def when_of(group: Group, schedules: Sequence[Schedule], kept: Sequence[Post] = ()) -> str:
    """Markdown with a line for each schedule; ``kept`` are posts to come that keep an earlier time."""
    return (
        bullets(_schedule_line(group, schedule, kept) for schedule in schedules) or "Nothing is scheduled."
    )


def _schedule_line(group: Group, schedule: Schedule, kept: Sequence[Post]) -> str:
    """Return the rule and the next time, and what keeps another one; the zone too if not the group's."""
    rule = f"**{TITLES[schedule.kind]}**: {schedule.at:%H:%M}, {describe_days(schedule.days)}"
    zone = f" ({literal(schedule.zone)})" if schedule.zone != group.zone else ""
    if schedule.next_due_at is None:
        return f"{rule} ({'paused' if schedule.enabled else 'off'}){zone}"
    if schedule.put_offs and schedule.next_date:
        again = moment(schedule.next_due_at, schedule.zone)
        late = f"{short_date(schedule.next_date)} is late because of a problem on my side"
        return f"{rule}; {late}, next try {again}{zone}"
    still = "".join(_still(post, schedule.zone) for post in kept if post.kind is schedule.kind)
    # Most chances to post one pass.
    project = ", if the group has finished a step" if schedule.kind is PostKind.CHALLENGE else ""
    return f"{rule}; next {moment(schedule.next_due_at, schedule.zone)}{project}{still}{zone}"


def _still(post: Post, zone: str) -> str:
    """Return a clause on a kept post, such as ``; the one for Mon 2 Mar still goes out at 09:30``."""
    at = post.due_at.astimezone(ZoneInfo(zone))
    same_day = at.date() == post.local_date
    when = f"at {moment(post.due_at, zone, TimeStyle.TIME)}" if same_day else moment(post.due_at, zone)
    return f"; the one for {short_date(post.local_date)} still goes out {when}"


def _happened(post: Post, zone: str, pack: Pack | None) -> str:
    when = moment(post.sent_at or post.due_at, zone)
    chosen = why_chosen(post, pack)
    reason = f" ({literal(chosen)})" if chosen else ""
    return f"{when}: {TITLES[post.kind].lower()} {_OUTCOME[post.state]}{why_missing(post)}{reason}"
