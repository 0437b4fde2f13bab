"""The list of organisers and the audit log, as organisers read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.chat.action_ids import encode
from bot.chat.messages import Actions, Button, Footnote, Heading, Message, Text, literal
from bot.chat.text_tokens import moment
from bot.domain.audit import ActorKind, AuditAction, AuditEntry, Facts, UnreadableEntry
from bot.domain.calendar import describe_days
from bot.domain.dates import run_of, runs_of
from bot.domain.model import PostKind
from bot.domain.reasons import PauseReason
from bot.domain.role_use import Denial, Denied, Purpose
from bot.toolkit.text import quoted
from bot.views.common import bullets, count, long_date
from bot.views.faults import PAUSED
from bot.views.roles import why
from bot.views.study import TITLES, from_to

MILEPOST = "Milepost"
SOMEBODY = "Someone"
ADMINS_TOO = "Anyone who manages this server or workspace can organise its study groups."


def organisers_message(named: Mapping[str, str], owner: str, called: str) -> Message:
    """Return the list of organisers; ``named`` has names by user id, ``owner`` may organise in private."""
    people = bullets(literal(person(name, user)) for user, name in named.items())
    owns = f"{literal(person(called, owner))} can also organise this group in a direct message with me."
    added = f"These people were added too:\n\n{people}" if people else "No one else has been added."
    return Message(
        "Organisers",
        (
            Heading("Organisers"),
            Text(ADMINS_TOO),
            Text(added),
            *([Text(owns)] if owner else []),
            Footnote(
                "Admins add or remove people with /study organiser. See what was done with /study log."
            ),
        ),
    )


def log_message(
    entries: Sequence[AuditEntry | UnreadableEntry], zone: str, older: int | None, group_id: int
) -> Message:
    """Return the entries, newest first; ``older`` is the id below which there is more."""
    lines = bullets(_line(entry, zone) for entry in entries)
    more = Button("Older", encode("study.log", b=older, g=group_id)) if older else None
    return Message(
        "What organisers did",
        (
            Heading("What organisers did"),
            Text(lines or "Nothing yet."),
            *([Actions((more,))] if more else []),
            Footnote("Only organisers can open this log."),
        ),
    )


def _line(entry: AuditEntry | UnreadableEntry, zone: str) -> str:
    if isinstance(entry, UnreadableEntry):
        return unreadable(entry)
    return f"{moment(entry.at, zone)}: {literal(sentence_of(entry))}"


def sentence_of(entry: AuditEntry) -> str:
    """Return an entry in plain words, such as ``“Olga” (U123) paused the group``.

    Each name is in quotation marks and comes with its account, which nobody can choose. Milepost has none.
    """
    milepost = entry.actor_kind is ActorKind.MILEPOST
    return f"{MILEPOST if milepost else person(entry.actor_name, entry.actor_id)} {_did(entry)}"


def person(name: str, account: str) -> str:
    """Return a person such that no name can pass for another person, for Milepost, or for what was done."""
    who = quoted(name) if name else SOMEBODY
    return f"{who} ({account})" if account else who


def unreadable(entry: UnreadableEntry) -> str:
    """Return the sentence for an entry that cannot be read."""
    return f"Entry {entry.id} can't be read, because the database was changed by hand."


def _did(entry: AuditEntry) -> str:
    """Return the action as words; the facts of an entry that was changed by hand may be any or none."""
    try:
        return _done(entry)
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
        return f"did something that can't be read ({entry.action})"


def _done(entry: AuditEntry) -> str:
    if entry.action in (AuditAction.PAUSED, AuditAction.RESUMED):
        return _paused(entry)
    of_a_role = "mention" in entry.action or "reward" in entry.action
    return _chose(entry) if of_a_role else _DID[entry.action](entry)


def _removed(entry: AuditEntry) -> str:
    left = " because they left" if entry.after.get("reason") else ""
    return f"removed {_about(entry)} as an organiser{left}"


def _rescheduled(entry: AuditEntry) -> str:
    was, now = entry.before, entry.after
    zones = [f" ({facts['zone']})" if facts.get("on") else "" for facts in (was, now)]
    old, new = zones if was.get("zone") != now.get("zone") else ("", "")
    return f"changed the {_title(now)}: {_rule(was)}{old} → {_rule(now)}{new}"


def _about(entry: AuditEntry) -> str:
    about = person(entry.about_name, entry.about_id)
    return about if entry.about_name else about[0].lower() + about[1:]


_DID: Mapping[AuditAction, Callable[[AuditEntry], str]] = {
    AuditAction.SET_UP: lambda entry: f"set the group up ({_rule(entry.after)}, {entry.after['zone']})",
    AuditAction.SCHEDULED: _rescheduled,
    AuditAction.ZONE_CHANGED: lambda entry: (
        f"changed the time zone: {entry.before['zone']} → {entry.after['zone']}"
    ),
    AuditAction.MOVED: lambda _: "moved the group to another channel",
    AuditAction.TAKEN_OVER: lambda entry: f"took the group over from {_about(entry)}",
    AuditAction.POSTED: lambda entry: f"asked for a {_title(entry.after)} right away",
    AuditAction.ORGANISER_ADDED: lambda entry: f"added {_about(entry)} as an organiser",
    AuditAction.ORGANISER_REMOVED: _removed,
    AuditAction.SKIPPED: lambda entry: f"skipped {_dates(entry.after)}",
    AuditAction.UNSKIPPED: lambda entry: f"stopped skipping {_dates(entry.after)}",
}


def _paused(entry: AuditEntry) -> str:
    if entry.action is AuditAction.RESUMED:
        return "resumed the group"
    until = entry.after.get("until")
    end = f" until {long_date(dt.date.fromisoformat(str(until)))}" if until else ""
    if entry.before and entry.actor_kind is ActorKind.PERSON:
        return f"changed the end of the pause:{end}" if end else "removed the end of the pause"
    reason = PauseReason(str(entry.after.get("reason", PauseReason.ORGANISER)))
    because = "" if reason is PauseReason.ORGANISER else f" because {PAUSED[reason]}"
    return f"paused the group{end}{because}"


def _chose(entry: AuditEntry) -> str:
    before, after = entry.before, entry.after
    giving = entry.action in (AuditAction.REWARD_CHOSEN, AuditAction.REWARD_STOPPED)
    if reason := after.get("reason"):
        purpose = Purpose.GIVE if giving else Purpose.MENTION
        doing = f"giving {_name(before)} for streaks" if giving else f"mentioning {_name(before)}"
        return f"stopped {doing} because {why(Denial(Denied(str(reason))), purpose)}"
    if giving:
        days = int(after.get("days", 0))
        chose = (
            f"made {_name(after)} the reward for a {days}-day streak"
            if after
            else "switched the reward off"
        )
    else:
        chose = f"let posts mention {_name(after)}" if after else "switched mentions off"
    return f"{chose}, instead of {_role(before)}" if before and after and before != after else chose


def _role(facts: Facts) -> str:
    days = f" after {count(int(facts['days']), 'day')}" if "days" in facts else ""
    return f"{_name(facts)}{days}"


def _name(facts: Facts) -> str:
    return quoted(str(facts.get("name") or facts.get("role", "")))


def _title(facts: Facts) -> str:
    return TITLES[PostKind(str(facts["kind"]))].lower()


def _rule(facts: Facts) -> str:
    if not facts.get("on"):
        return "off"
    days = frozenset(map(int, str(facts["days"]).split()))
    return f"{facts['time']}, {describe_days(days)}"


def _dates(facts: Facts) -> str:
    days = [day for run in str(facts.get("dates", "")).split() for day in _days_of(*run_of(run))]
    named = ", ".join(
        long_date(first) if first == last else from_to(first, last) for first, last in runs_of(days)
    )
    more = int(facts.get("more", 0))
    return f"{named} and {count(more, 'more day')}" if more else named


def _days_of(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Each date of a run: older entries name every date by itself."""
    return (first + dt.timedelta(days=step) for step in range((last - first).days + 1))
