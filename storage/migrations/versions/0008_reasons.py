"""Reasons become names: sentences that were stored, and compared, are mapped to what they meant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

PAUSES = ("organiser", "removed", "refused", "gone")
FAULTS = (
    "switched_off", "date_skipped", "day_removed", "paused", "down", "unplannable", "pack_missing",
    "content_missing", "bug", "not_running", "silent", "trouble", "forbidden", "gone", "malformed",
)  # fmt: skip
REASONS = ("rotation", "stop", "step", "recap")
NOTICES = ("failed", "failed_by_hand", "paused", "pause_unended", "reward_failed", "written")
ONCE = 1000
"""Rows that are written at once."""

_PAUSED = {
    "an organiser paused it": ("organiser", ""),
    "Milepost was removed from this place": ("removed", ""),
}
_OWN_FAULTS = {
    "it was switched off": "switched_off",
    "the date is skipped": "date_skipped",
    "its day of the week was taken out": "day_removed",
    "the group was paused": "paused",
    "the bot was down": "down",
    "planning it met a fault of mine, which stands in my log": "unplannable",
    "the platform did not answer in time": "silent",
}
_SPOKEN = (
    (re.compile(r"the pack (?P<detail>\S+) is not installed"), "pack_missing"),
    (re.compile(r"The pack (?P<detail>\S+) is not installed here\. .*"), "pack_missing"),
    (
        re.compile(r"(?P<detail>)The (question|prompt|challenge) .* is no longer in the pack\."),
        "content_missing",
    ),
    (re.compile(r"a fault of ours, (?P<detail>\w+)"), "bug"),
    (re.compile(r"the platform (?P<detail>\S+) is not running here"), "not_running"),
)
_GONE = re.compile(r"\w+ knows .*no more.*|The channel is archived\.|The \w+ has no channel .*", re.DOTALL)
_PASSING = re.compile(
    r"\w+ (asks for fewer|has trouble of its own|does not accept my token\.|is not connected|"
    r"did not find it|gave no answer).*|The connection to .* broke: .*|The \w+ is not running\.|"
    r"The transcript cannot be written: .*|My database does not answer\.",
    re.DOTALL,
)
_MALFORMED = re.compile(
    r"\w+ calls it malformed: .*|\S+ cannot send it: .*|On \w+ nobody can .*", re.DOTALL
)
_ROTATION = re.compile(
    r".*: served (never before|(\d+) questions ago), (\d+) of (\d+) topics open", re.DOTALL
)
_STOP = re.compile(r"stop (\d+) of (\d+) on the roadmap")


def upgrade() -> None:
    """Map every sentence, then drop them."""
    op.alter_column("study_group", "pause_reason", new_column_name="old_pause_reason")
    for old in ("reason", "fault"):
        op.alter_column("post", old, new_column_name=f"old_{old}")
    _named("study_group", "pause_reason", PAUSES)
    _text("study_group", "pause_detail")
    _named("post", "reason", REASONS)
    _text("post", "figures")
    _named("post", "fault", FAULTS)
    _text("post", "detail")
    _named("notice", "kind", NOTICES, "written")
    _text("notice", "data", "{}")
    _change("study_group", ("old_pause_reason",), _pause)
    _change("post", ("old_reason", "old_fault", "state"), _post)
    _change("notice", ("subject", "sentence"), _notice)
    for table, old in (
        ("study_group", "old_pause_reason"),
        ("post", "old_reason"),
        ("post", "old_fault"),
        ("notice", "sentence"),
    ):
        op.drop_column(table, old)


def _named(table: str, column: str, names: Sequence[str], default: str = "") -> None:
    """Add a column that holds one of these names, without copying the table."""
    listed = ", ".join(f"'{name}'" for name in names)
    must = f" DEFAULT '{default}' NOT NULL" if default else ""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} TEXT{must} "
        f"CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({listed}))"
    )


def _text(table: str, column: str, default: str = "") -> None:
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT DEFAULT '{default}' NOT NULL")


Row = Sequence[str]
Change = Mapping[str, str | None]


def _change(table: str, columns: Sequence[str], change: Callable[[Row], Change]) -> None:
    """Write what the function makes of these columns of each row; rows that become alike share a write."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column("id"), *(sa.column(name) for name in columns))
    last = 0
    while found := connection.execute(
        sa.select(rows).where(rows.c.id > last).order_by(rows.c.id).limit(ONCE)
    ).all():
        last = found[-1][0]
        written = [{"row_id": row[0], **change(row[1:])} for row in found]
        names = [name for name in written[0] if name != "row_id"]
        target = sa.table(table, sa.column("id"), *(sa.column(name) for name in names))
        values: dict[str, sa.BindParameter[str]] = {name: sa.bindparam(f"new_{name}") for name in names}
        connection.execute(
            sa.update(target).where(target.c.id == sa.bindparam("row_id")).values(values),
            [{"row_id": row["row_id"], **{f"new_{name}": row[name] for name in names}} for row in written],
        )


def _pause(row: Row) -> Change:
    said = row[0]
    if not said:
        return {"pause_reason": None, "pause_detail": ""}
    if said in _PAUSED:
        reason, detail = _PAUSED[said]
        return {"pause_reason": reason, "pause_detail": detail}
    detail = said.removeprefix("posting was refused: ")
    reason = "gone" if _GONE.fullmatch(detail) else "refused"
    return {"pause_reason": reason, "pause_detail": detail}


def _post(row: Row) -> Change:
    chosen, fault, _ = row
    reason, figures = (None, "") if chosen == fault else _reason(chosen)
    kind, detail = _fault(fault)
    return {"reason": reason, "figures": figures, "fault": kind, "detail": detail}


def _reason(said: str) -> tuple[str | None, str]:
    said = said.removeprefix("by hand; ")
    if found := _ROTATION.fullmatch(said):
        return "rotation", f"{found[2] or 0} {found[3]} {found[4]}"
    if found := _STOP.fullmatch(said):
        return "stop", f"{found[1]} {found[2]}"
    if said.startswith("the challenge of step "):
        return "step", ""
    return ("recap", "") if said == "the week in review" else (None, "")


def _fault(said: str) -> tuple[str | None, str]:
    """The fault and its detail. What no Milepost has said of its own is what a platform said."""
    if not said:
        return None, ""
    if said in _OWN_FAULTS:
        return _OWN_FAULTS[said], ""
    for pattern, kind in _SPOKEN:
        if found := pattern.fullmatch(said):
            return kind, found["detail"]
    for pattern, kind in ((_GONE, "gone"), (_PASSING, "trouble"), (_MALFORMED, "malformed")):
        if pattern.fullmatch(said):
            return kind, said
    return "forbidden", said


def _notice(row: Row) -> Change:
    """The sentence stays as it is, to be told as it was written; its subject gets its name of today."""
    subject, sentence = row
    return {"subject": _subject(subject), "kind": "written", "data": json.dumps({"text": sentence})}


def _subject(subject: str) -> str:
    for old, new in (
        ("posts of ", "day:"),
        ("post ", "post:"),
        ("pause at post ", "pause:"),
        ("end of the pause until ", "end:"),
        ("reward ", "reward:"),
    ):
        if subject.startswith(old):
            return new + subject.removeprefix(old).removesuffix("None")
    return subject
