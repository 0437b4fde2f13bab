"""What a member sets for themselves: zone and rest days."""

from __future__ import annotations

from bot.border.action_id import encode
from bot.border.command import Command, Option
from bot.border.message import Choice, Field, Form
from bot.border.reply import FormErrors, OpenForm, Pace, Reply, Say
from bot.domain.calendar import EVERY_DAY, BadDays, BadZone, describe_days, parse_days, parse_zone
from bot.domain.records import Member, RestDaysRow, ZoneRow
from bot.domain.streak_events import RestDaysSet, ZoneChanged
from bot.errors import UserError
from bot.features.activity import Streak
from bot.features.people import member_of
from bot.features.zones import suggest_zones
from bot.routing import Completion, Routes, Turn
from bot.views.common import notice

routes = Routes()

DAYS_LENGTH = 80
"""Room for seven days written out."""

TOO_SOON = "Your zone changed less than seven days ago. You can change it again a week after the last time."
REST_TOO_SOON = (
    "Your rest days changed less than seven days ago. You can change them again a week after the last time."
)


@routes.command(
    Command(
        "preferences",
        "Set your own time zone and your rest days",
        (
            Option("zone", "Your time zone, such as Europe/Berlin", completes=True, max_length=60),
            Option(
                "rest",
                "Days on which nothing is asked of you, such as sat,sun, or none",
                max_length=DAYS_LENGTH,
            ),
        ),
    ),
    pace=Pace.OPENS_FORM,
)
async def preferences(turn: Turn) -> Reply:
    """With options at once, else by a form."""
    member = await member_of(turn)
    streak = await Streak.open(turn, member)
    if not turn.args:
        return OpenForm(_form(streak.coming_zone, _in_words(streak.coming_rest_days)))
    zone, rest = turn.args.get("zone", ""), turn.args.get("rest", "")
    problems, new_zone, new_rest = _checked(streak, zone, rest)
    if problems:
        raise UserError(" ".join(problems.values()))
    return await _save(turn, member, streak, new_zone, new_rest)


@routes.action("preferences.save")
async def form_sent(turn: Turn) -> Reply:
    """The form handed in."""
    member = await member_of(turn)
    streak = await Streak.open(turn, member)
    zone, rest = turn.values.get("zone", ""), turn.values.get("rest", "")
    problems, new_zone, new_rest = _checked(streak, zone, rest)
    if problems:
        return FormErrors(_form(zone, rest), problems)
    return await _save(turn, member, streak, new_zone, new_rest)


@routes.completes("preferences", "zone")
async def zones(_: Completion) -> tuple[Choice, ...]:
    """Every zone."""
    return suggest_zones()


def _checked(
    streak: Streak, zone: str, rest: str
) -> tuple[dict[str, str], str | None, frozenset[int] | None]:
    """(problems by field, the new zone, the new rest days); None for what stays."""
    problems: dict[str, str] = {}
    new_zone, new_rest = None, None
    try:
        new_zone = _new_zone(streak, zone) if zone.strip() else None
    except BadZone as error:
        problems["zone"] = str(error)
    try:
        new_rest = _new_rest(streak, rest) if rest.strip() else None
    except BadDays as error:
        problems["rest"] = str(error)
    if new_zone and not streak.may_change_zone:
        problems["zone"] = TOO_SOON
    if new_rest is not None and not streak.may_change_rest_days:
        problems["rest"] = REST_TOO_SOON
    return problems, new_zone, new_rest


def _new_zone(streak: Streak, typed: str) -> str | None:
    zone = parse_zone(typed)
    return zone if zone != streak.coming_zone else None


def _new_rest(streak: Streak, typed: str) -> frozenset[int] | None:
    days = parse_days(typed)
    if days == EVERY_DAY:
        raise BadDays("Leave at least one day of the week that is no rest day.")
    return days if days != streak.coming_rest_days else None


async def _save(
    turn: Turn, member: Member, streak: Streak, zone: str | None, rest: frozenset[int] | None
) -> Reply:
    said = []
    if zone:
        turn.unit.members.set_zone(ZoneRow(member.id, turn.now, zone))
        await streak.note(ZoneChanged(turn.now, zone))
        said.append(f"Your zone is {zone} from your next day on.")
    if rest is not None:
        turn.unit.members.set_rest_days(RestDaysRow(member.id, turn.now, rest))
        await streak.note(RestDaysSet(turn.now, rest))
        said.append(f"Your rest days from your next day on: {_in_words(rest)}.")
    return Say(notice(" ".join(said) or "Nothing has changed."))


def _form(zone: str, rest: str) -> Form:
    return Form(
        "Your preferences",
        encode("preferences.save"),
        (
            Field("zone", "Your time zone", zone, "Europe/Berlin", required=False, max_length=60),
            Field("rest", "Rest days, or none", rest, "sat,sun", required=False, max_length=DAYS_LENGTH),
        ),
        "Save",
    )


def _in_words(days: frozenset[int]) -> str:
    return describe_days(days) if days else "none"
