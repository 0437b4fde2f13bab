"""The messages about a member's data: what is kept, getting it, and being forgotten."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from bot.chat.action_ids import encode
from bot.chat.messages import Actions, Button, Code, File, Footnote, Heading, Message, Style, Text, literal
from bot.domain.personal import Kept
from bot.domain.questions import Response, to_json
from bot.views.common import bullets, count

FILE_NAME = "milepost-data.json"
PART = 2500
"""Characters of the file in one message, where a chat shows no files."""

KEPT = (
    "Your account's id, your name in each group, your time zone, rest days and reminder.",
    "What you do: answers and whether they were right, finished prompts, practice, points, active days.",
    "Projects that you share, with their links.",
)
NOT_KEPT = "What you write under prompts isn't kept."
SEEN = (
    "Members of your groups see your name and points on boards and in recaps, unless you hide your name. "
    "They see the projects you share, and your progress in the groups you're both in."
)
GOES = (
    "your account's id, your names, time zone, rest days and reminder",
    "your streak, points, progress and practice",
    "the projects you shared, and roles that your streak earned",
)
STAYS = (
    "your answers and finished prompts as counts, without your name, so the group's figures still hold",
    "what you changed as an organiser, without your name",
    "messages that are in the chat already, such as a recap that names you: ask an organiser to delete it",
    "a fingerprint of your account, for 400 days: no backup brings you back, and no post counts twice",
    "backups, until the operator of this bot deletes them",
)
FINAL = (
    "This can't be undone. If you take part again, you start as a new member, and earlier posts earn you "
    "no points."
)
FORGOTTEN = (
    "Done. I no longer know who you are. Roles that your streak earned will be removed. If you take part "
    "again, you start as a new member."
)
UNKNOWN = "I don't know anything about you, so there's nothing to delete."
HIDDEN = "Done. Boards and recaps no longer name you. Your points still count, as “Someone”."
SHOWN = "Done. Boards and recaps name you again."


def about_message(*, known: bool, hidden: bool, member: int) -> Message:
    """Return where a member finds what they can do about their data."""
    if not known:
        return Message(UNKNOWN, (Text(literal("I don't know anything about you yet.")),))
    boards = ("Show my name on boards", "shown") if hidden else ("Hide my name on boards", "hidden")
    return Message(
        "Your data",
        (
            Heading("Your data"),
            Text(f"**What I keep**\n\n{bullets(KEPT)}\n\n{NOT_KEPT}"),
            Text(f"**Who sees it**\n\n{SEEN}"),
            Actions(
                (
                    Button("Get my data", encode("privacy.export")),
                    Button(boards[0], encode("privacy.boards", name=boards[1])),
                    Button("Forget me", encode("privacy.ask", m=member), Style.DANGER),
                )
            ),
        ),
    )


def confirm_message(member: int) -> Message:
    """Say what goes and what stays, and ask."""
    return Message(
        "Delete everything about you?",
        (
            Heading("Delete everything about you?"),
            Text(f"**In every group of yours, this goes:**\n\n{bullets(GOES)}"),
            Text(f"**This stays:**\n\n{bullets(STAYS)}"),
            Text(f"**{FINAL}**"),
            Actions(
                (
                    Button("Forget me now", encode("privacy.forget", m=member), Style.DANGER),
                    Button("Keep my data", encode("privacy.keep")),
                )
            ),
        ),
    )


def export_message(found: Sequence[Kept], document: str) -> Message:
    """Return how much there is of each kind of data, and all of it as a file."""
    lines = [f"{each.about}: {count(len(each.rows), 'row')}" for each in found]
    cut = [each.about for each in found if each.more]
    more = (
        f"Only the newest rows of some: {', '.join(cut)}. The operator of this bot can export all of them."
    )
    instead = "This chat shows no files. Read your data in parts with /privacy export part:1"
    return Message(
        "Your data",
        (
            Heading("Your data"),
            Text(bullets(lines)),
            *((Text(more),) if cut else ()),
            File(FILE_NAME, document, "Your data as JSON", instead),
            Footnote("Only you see this."),
        ),
    )


def part_message(document: str, number: int) -> Message | None:
    """Return one part of the file as text, counted from 1; None for one that there isn't."""
    parts = [document[start : start + PART] for start in range(0, len(document), PART)]
    if not 0 < number <= len(parts):
        return None
    following = Button("Next part", encode("privacy.part", n=number + 1), Style.PRIMARY)
    return Message(
        f"Your data, part {number:,} of {len(parts):,}",
        (
            Code(parts[number - 1], "json"),
            *((Actions((following,)),) if number < len(parts) else ()),
            Footnote(f"Part {number:,} of {len(parts):,}"),
        ),
    )


def as_json(found: Sequence[Kept], made_at: dt.datetime) -> str:
    """Return everything as one JSON document: a list of rows for each kind of data."""
    document = {
        "made_at": made_at.isoformat(),
        "data": {each.name: _section(each) for each in found},
    }
    return json.dumps(document, indent=1, ensure_ascii=False, default=_plain)


def _section(each: Kept) -> Mapping[str, object]:
    older = {"older_rows_left_out": True} if each.more else {}
    return {"about": each.about, **older, "rows": each.rows}


def _plain(value: object) -> object:
    """Return instants and dates as ISO 8601, weekdays as numbers, responses as stored."""
    if isinstance(value, Response):
        return json.loads(to_json(value))
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else str(value)
