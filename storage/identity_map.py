"""What a transaction knows already, so that nothing hot is asked twice."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, TypeVar

from bot.domain.model import Answer, Group, Member, Post, PostKind, PracticeQuestion, Schedule, Served
from bot.domain.refs import ChannelRef, UserRef

K = TypeVar("K")
V = TypeVar("V")

_UNKNOWN: Final = object()

Place = tuple[str, str, str]


def place_of(channel: ChannelRef) -> Place:
    """A channel's key: whether it is direct is a property of it, no part of its name."""
    return (channel.platform, channel.workspace, channel.id)


class IdentityMap:
    """Facts by key, shared by the units of a group, which run one after another.

    A key that is missing is unknown. A value of None or False is knowledge too: known to be absent.
    Every change goes through ``put``, which remembers how to take it back: a unit that fails must
    leave the next one nothing of what it wrote, nor of what it read after writing.
    """

    def __init__(self) -> None:
        self.events: dict[str, bool] = {}
        self.accounts: dict[UserRef, int | None] = {}
        self.members: dict[int, Member] = {}
        self.groups_of: dict[int, tuple[int, ...]] = {}
        self.names: dict[tuple[int, int], str] = {}
        """By member and group: what the member is called there. Known wherever ``groups_of`` is."""

        self.left: dict[tuple[int, int], tuple[dt.datetime, bool] | None] = {}
        """By member and group: when they left it and whether by choice. Known wherever ``groups_of`` is."""

        self.channels: dict[Place, int | None] = {}
        self.groups: dict[int, Group] = {}
        self.schedules: dict[int, tuple[Schedule, ...]] = {}
        self.served: dict[tuple[int, PostKind], tuple[Served, ...]] = {}
        self.posts: dict[int, Post | None] = {}
        self.open_posts: dict[tuple[int, PostKind], int | None] = {}
        self.answers: dict[tuple[int, int], Answer | None] = {}
        self.practices: dict[int, PracticeQuestion | None] = {}
        self.practice_answers: dict[int, Answer | None] = {}
        self.acts: dict[tuple[int, str], bool] = {}
        self.streaks: dict[int, str | None] = {}
        self.newcomers: dict[int, bool] = {}
        """Members who were added in this transaction: what is not known of them is not there."""

        self.last_ids: dict[str, int] = {}
        """The highest id of a table, taken in the database or given away here."""

        self._before: list[tuple[dict[Any, Any], Any, Any]] = []

    def put(self, facts: dict[K, V], key: K, value: V) -> None:
        """Learn a fact, until ``revert``."""
        self._before.append((facts, key, facts.get(key, _UNKNOWN)))
        facts[key] = value

    def forget(self, facts: dict[K, V], key: K) -> None:
        """Make a fact unknown, until ``revert``."""
        if key in facts:
            self._before.append((facts, key, facts.pop(key)))

    def keep(self) -> None:
        """What was learnt stays."""
        self._before.clear()

    def revert(self) -> None:
        """Take back everything since the last ``keep``, the newest first."""
        while self._before:
            facts, key, value = self._before.pop()
            if value is _UNKNOWN:
                facts.pop(key, None)
            else:
                facts[key] = value
