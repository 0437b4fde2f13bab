"""Handlers of ``/preferences``: a member's zone, rest days and daily reminder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.chat.action_ids import encode
from bot.chat.commands import Command, CommandOption
from bot.chat.messages import Choice, Field, Form
from bot.chat.replies import FormErrors, Latency, OpenForm, Reply, Send
from bot.domain.calendar import EVERY_DAY, BadDays, BadTime, BadZone, describe_days
from bot.domain.model import Member, Reminder, RestDaysChange, ZoneChange
from bot.domain.parsing import AFTER_TIME, MOST_DAYS, MOST_TIME, MOST_ZONE, parse_days, parse_zone
from bot.domain.reminders import in_zone
from bot.domain.streaks.events import RestDaysSet, ZoneChanged
from bot.errors import UserError
from bot.handlers.reminders import OFF, in_words, parse_reminder, set_reminder
from bot.routing import Completion, Request, Routes, Writes
from bot.services.membership import member_of, visitor_of
from bot.services.reminders import INBOX_CLOSED
from bot.services.streaks import Streak
from bot.services.zones import suggest_zones
from bot.views.common import text_message

routes = Routes()

TOO_SOON = (
    "You changed your time zone less than a week ago. You can change it again a week after the last time."
)
REST_TOO_SOON = (
    "You changed your rest days less than a week ago. You can change them again a week after the last time."
)


@routes.command(
    Command(
        "preferences",
        "Set your time zone, rest days and daily reminder",
        (
            CommandOption(
                "zone", "Your time zone, such as Europe/Berlin", completes=True, max_length=MOST_ZONE
            ),
            CommandOption(
                "rest",
                "Your rest days, such as sat,sun, or none",
                max_length=MOST_DAYS,
            ),
            CommandOption(
                "reminder",
                "When to remind you, such as 19:00, or off",
                max_length=MOST_TIME,
                tail=AFTER_TIME,
            ),
        ),
    ),
    latency=Latency.OPENS_FORM,
    writes=Writes.WITH_OPTIONS,
)
async def preferences(request: Request) -> Reply:
    """Change preferences: with options at once, else by a form."""
    member = await (member_of(request) if request.args else visitor_of(request))
    streak = await Streak.open(request, member)
    reminder = await request.unit.reminders.find(member.id)
    if not request.args:
        return _opened(streak, reminder)
    wanted = _checked(streak, reminder, request.args)
    if wanted.problems:
        raise UserError(" ".join(wanted.problems.values()))
    return await _save(request, member, streak, reminder, wanted)


@routes.action("preferences.open", latency=Latency.OPENS_FORM, navigates=True, writes=Writes.NEVER)
async def open_form(request: Request) -> Reply:
    """Open the form of preferences, from a button."""
    member = await visitor_of(request)
    return _opened(await Streak.open(request, member), await request.unit.reminders.find(member.id))


@routes.action("preferences.save")
async def form_sent(request: Request) -> Reply:
    """Take the form of preferences."""
    member = await member_of(request)
    streak = await Streak.open(request, member)
    reminder = await request.unit.reminders.find(member.id)
    wanted = _checked(streak, reminder, request.values)
    if wanted.problems:
        return FormErrors(_form(request.values, closed=_is_closed(reminder)), wanted.problems)
    return await _save(request, member, streak, reminder, wanted)


@routes.completes("preferences", "zone")
async def zones(completion: Completion) -> Iterable[Choice]:
    """Suggest zones by their name, their country, and the cities in them."""
    return suggest_zones(completion.typed)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The changes asked for; None is what stays. ``reminder`` is a time or ``off``."""

    problems: Mapping[str, str]
    zone: str | None = None
    rest: frozenset[int] | None = None
    reminder: str | None = None


def _checked(streak: Streak, reminder: Reminder | None, values: Mapping[str, str]) -> _Wanted:
    problems: dict[str, str] = {}
    new_zone, new_rest, new_reminder = None, None, None
    zone, rest, remind = (values.get(name, "").strip() for name in ("zone", "rest", "reminder"))
    try:
        new_zone = _new_zone(streak, zone) if zone else None
    except BadZone as error:
        problems["zone"] = str(error)
    try:
        new_rest = _new_rest(streak, rest) if rest else None
    except BadDays as error:
        problems["rest"] = str(error)
    try:
        new_reminder = _new_reminder(reminder, remind) if remind else None
    except BadTime as error:
        problems["reminder"] = str(error)
    if new_zone and not streak.may_change_zone:
        problems["zone"] = TOO_SOON
    if new_rest is not None and not streak.may_change_rest_days:
        problems["rest"] = REST_TOO_SOON
    return _Wanted(problems, new_zone, new_rest, new_reminder)


def _new_reminder(reminder: Reminder | None, typed: str) -> str | None:
    at = parse_reminder(typed)
    wanted = f"{at:%H:%M}" if at else OFF
    return wanted if wanted != in_words(reminder) or _is_closed(reminder) else None


def _new_zone(streak: Streak, typed: str) -> str | None:
    zone = parse_zone(typed, kept=streak.coming_zone)
    return zone if zone != streak.coming_zone else None


def _new_rest(streak: Streak, typed: str) -> frozenset[int] | None:
    days = parse_days(typed)
    if days == EVERY_DAY:
        raise BadDays("Keep at least one day of the week that isn't a rest day.")
    return days if days != streak.coming_rest_days else None


async def _save(
    request: Request, member: Member, streak: Streak, reminder: Reminder | None, wanted: _Wanted
) -> Reply:
    said = []
    if wanted.zone:
        request.unit.members.set_zone(ZoneChange(member.id, request.now, wanted.zone))
        await streak.note(ZoneChanged(request.now, wanted.zone))
        said.append(f"From tomorrow, your time zone is {wanted.zone}.")
    if wanted.rest is not None:
        request.unit.members.set_rest_days(RestDaysChange(member.id, request.now, wanted.rest))
        await streak.note(RestDaysSet(request.now, wanted.rest))
        said.append(f"From tomorrow, your rest days are: {_in_words(wanted.rest)}.")
    if wanted.reminder is not None:
        at = parse_reminder(wanted.reminder)
        said.append(set_reminder(request, member, reminder, at, streak.coming_zone))
    elif reminder and reminder.closed:
        request.unit.reminders.put(replace(reminder, closed=False))
        said.append(INBOX_CLOSED)
    elif reminder and wanted.zone:
        request.unit.reminders.put(in_zone(reminder, streak.coming_zone, request.now))
    return Send(text_message(" ".join(said) or "Nothing changed."))


def _is_closed(reminder: Reminder | None) -> bool:
    return reminder is not None and reminder.closed


def _opened(streak: Streak, reminder: Reminder | None) -> Reply:
    return OpenForm(_form(present(streak, reminder), closed=_is_closed(reminder)))


def present(streak: Streak, reminder: Reminder | None) -> dict[str, str]:
    """Return the present values: zone, rest and reminder. A closed inbox leaves the last empty."""
    return {
        "zone": streak.coming_zone,
        "rest": _in_words(streak.coming_rest_days),
        "reminder": "" if _is_closed(reminder) else in_words(reminder),
    }


def _form(values: Mapping[str, str], *, closed: bool) -> Form:
    zone, rest, remind = (values.get(name, "") for name in ("zone", "rest", "reminder"))
    label = "Reminder (off: I couldn't message you)" if closed else "Daily reminder, or off"
    hint = INBOX_CLOSED if closed else "19:00"
    return Form(
        "Your preferences",
        encode("preferences.save"),
        (
            Field(
                "zone",
                "Your time zone",
                zone,
                "Europe/Berlin",
                required=False,
                max_length=MOST_ZONE,
                completes=("preferences", "zone"),
            ),
            Field("rest", "Rest days, or none", rest, "sat,sun", required=False, max_length=MOST_DAYS),
            Field("reminder", label, remind, hint, required=False, max_length=MOST_TIME),
        ),
        "Save",
    )


def _in_words(days: frozenset[int]) -> str:
    return describe_days(days) if days else "none"
