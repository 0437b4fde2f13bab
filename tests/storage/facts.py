"""Records to write, each with what a test does not care about filled in."""

import datetime as dt
import itertools
import sqlite3
from pathlib import Path

from bot.domain.model import (
    Activity,
    ActivityKind,
    Answer,
    Group,
    Post,
    PostKind,
    PostState,
    PracticeQuestion,
    Schedule,
)
from bot.domain.questions import Chosen
from bot.domain.reasons import ChoiceReason
from bot.domain.refs import ChannelRef, MessageRef, UserRef

NOW = dt.datetime(2026, 3, 2, 8, 0, 0, 123457, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 2)
HOUR = dt.timedelta(hours=1)
PERIODS = ("all", "2026-03")
_numbers = itertools.count(1)


def user(number=1):
    return UserRef("room", "school", f"u{number}")


def channel(number=1):
    return ChannelRef("room", "school", f"c{number}")


def group(number=1, **changes):
    return Group(
        **{
            "id": 0,
            "channel": channel(number),
            "pack": "backend",
            "zone": "Europe/Berlin",
            "created_at": NOW,
            "organiser": user(),
            **changes,
        }
    )


def schedule(group_id, kind=PostKind.QUIZ, **changes):
    return Schedule(
        **{
            "id": 0,
            "group_id": group_id,
            "kind": kind,
            "at": dt.time(9, 30),
            "days": frozenset({0, 2, 4}),
            "zone": "Europe/Berlin",
            "next_due_at": NOW,
            "next_date": DAY,
            **changes,
        }
    )


def post(group_id, slot="2026-03-02", kind=PostKind.QUIZ, **changes):
    return Post(
        **{
            "id": 0,
            "group_id": group_id,
            "schedule_id": None,
            "kind": kind,
            "slot": slot,
            "local_date": DAY,
            "topic": "http",
            "content_id": "q1",
            "content_rev": 2,
            "seed": 7,
            "reason": ChoiceReason.STOP,
            "figures": (3, 53),
            "state": PostState.PLANNED,
            "due_at": NOW,
            **changes,
        }
    )


def sent(group_id, slot="2026-03-02", kind=PostKind.QUIZ, **changes):
    message = MessageRef(channel(), f"m-{kind}-{slot}")
    return post(
        group_id, slot, kind, **{"state": PostState.SENT, "message": message, "sent_at": NOW, **changes}
    )


def answer(member_id, post=None, practice=None, **changes):
    return Answer(
        **{
            "event_id": f"e{member_id}",
            "member_id": member_id,
            "group_id": post.group_id if post else None,
            "post_id": post.id if post else None,
            "practice_id": practice.id if practice else None,
            "pack": "backend",
            "topic": "http",
            "question_id": "q1",
            "question_rev": 2,
            "response": Chosen(("a",)),
            "score": float(changes.get("correct", True)),
            "correct": True,
            "points": 10,
            "happened_at": NOW,
            "local_date": DAY,
            "zone": "Europe/Berlin",
            **changes,
        }
    )


def act(member_id, group_id=None, key="post:1", **changes):
    return Activity(
        **{
            "member_id": member_id,
            "group_id": group_id,
            "kind": ActivityKind.ANSWER,
            "key": key,
            "points": 10,
            "happened_at": NOW,
            "local_date": DAY,
            "zone": "Europe/Berlin",
            **changes,
        }
    )


def practice(member_id, **changes):
    return PracticeQuestion(
        **{
            "id": 0,
            "event_id": f"practice-{next(_numbers)}",
            "member_id": member_id,
            "pack": "backend",
            "question_id": "q1",
            "question_rev": 2,
            "seed": 7,
            "created_at": NOW,
            **changes,
        }
    )


def dump(path: Path, without=()):
    """Every row of every table as another program sees it; columns named in ``without`` left out."""
    connection = sqlite3.connect(path)
    try:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {table: _rows(connection, table, without) for table in sorted(tables)}
    finally:
        connection.close()


def _rows(connection, table, without):
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    wanted = ", ".join(f'"{name}"' for name in names if name not in without)
    return sorted(connection.execute(f"SELECT {wanted} FROM {table}"), key=repr)
