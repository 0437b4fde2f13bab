"""The playground's messages: its part of a chat platform's server.

It keeps every message as an Entry. Each change gives the entry the next number in ``seq``; a window
that remembers the last number it saw asks :meth:`ChatStore.since` for all that it missed. No queue grows
behind a slow window, and a change is in the transcript before anybody sees it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from bisect import bisect_left, insort
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from adapters.playground.transcript import Entry, Transcript
from bot.chat import Clock, Message


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it has an id. Without ``author`` it is Milepost's.

    ``only_for`` is the one person who may see it; ``used`` the command that ``by`` typed to get it;
    ``key`` makes posting it twice post it once.
    """

    channel: str
    author: str = ""
    text: str = ""
    message: Message | None = None
    only_for: str = ""
    reply_to: str = ""
    by: str = ""
    used: str = ""
    key: str = ""


class ChatStore:
    """Every message of the playground. Without a transcript it forgets them at the end."""

    def __init__(self, clock: Clock, transcript: Transcript | None = None) -> None:
        self._clock = clock
        self._transcript = transcript
        self._entries: dict[str, Entry] = {}
        self._by_key: dict[str, str] = {}
        self._order: dict[str, list[int]] = {}
        self._windows: set[asyncio.Event] = set()
        self.seq = 0
        self.epoch = transcript.epoch if transcript else secrets.token_hex(4)
        for entry in transcript.entries if transcript else ():
            self._remember(entry)

    def post(self, draft: Draft) -> Entry:
        """Add a message, or find the one that was posted under the same key."""
        if draft.key and draft.key in self._by_key:
            return self._entries[self._by_key[draft.key]]
        return self._change(
            Entry(
                id=f"m{self.seq + 1}",
                seq=self.seq + 1,
                at=self._clock.now().astimezone(dt.UTC),
                channel=draft.channel,
                author=draft.author,
                text=draft.text,
                message=draft.message,
                only_for=draft.only_for,
                reply_to=draft.reply_to,
                by=draft.by,
                used=draft.used,
                key=draft.key,
            )
        )

    def edit(self, entry_id: str, message: Message, replaced_by: str = "") -> Entry:
        """Put ``message`` in the place of an earlier one. Raises LookupError if it is not there."""
        entry = self._entries.get(entry_id)
        if entry is None or entry.gone or entry.message is None:
            raise LookupError(f"There is no message {entry_id} to change.")
        if entry.message == message:
            return entry
        return self._change(
            replace(entry, seq=self.seq + 1, message=message, edited=True, replaced_by=replaced_by)
        )

    def dismiss(self, entry_id: str, person: str) -> None:
        """Take a private message away. Raises LookupError unless it is there and this person's."""
        entry = self.visible(entry_id, person)
        if entry is None or not entry.only_for:
            raise LookupError(f"There is no private message {entry_id}.")
        self._change(replace(entry, seq=self.seq + 1, gone=True, message=None, text=""))

    def visible(self, entry_id: str, person: str) -> Entry | None:
        """Return a message if it is there and this person may see it."""
        entry = self._entries.get(entry_id)
        if entry is None or entry.gone or entry.only_for not in {"", person}:
            return None
        return entry

    def since(self, person: str, seq: int) -> list[Entry]:
        """Return what changed for this person after ``seq``, oldest change first; gone messages too."""
        changed: list[Entry] = []
        for entry in reversed(self._entries.values()):
            if entry.seq <= seq:
                break
            if entry.only_for in {"", person}:
                changed.append(entry)
        return changed[::-1]

    def latest(self, person: str, channel: str, most: int, before: int | None = None) -> list[Entry]:
        """Return the ``most`` newest messages of a channel that this person may see, newest first.

        With ``before`` only those whose number is below it.
        """
        numbers = self._order.get(channel, [])
        found: list[Entry] = []
        for at in range(len(numbers) if before is None else bisect_left(numbers, before), 0, -1):
            entry = self.visible(f"m{numbers[at - 1]}", person)
            if entry:
                found.append(entry)
            if len(found) == most:
                break
        return found

    def notify(self) -> None:
        """Wake every window though no message changed, so that it hears of a new time."""
        for window in self._windows:
            window.set()

    @contextmanager
    def window(self) -> Iterator[asyncio.Event]:
        """An event that is set at each change, for as long as the window is open."""
        changed = asyncio.Event()
        self._windows.add(changed)
        try:
            yield changed
        finally:
            self._windows.discard(changed)

    def close(self) -> None:
        """Close the transcript."""
        if self._transcript:
            self._transcript.close()

    def _change(self, entry: Entry) -> Entry:
        if self._transcript:
            self._transcript.write(entry)
        self._remember(entry)
        self.notify()
        return entry

    def _remember(self, entry: Entry) -> None:
        # The latest change stands last, which since() relies on; latest() goes by the numbers.
        if self._entries.pop(entry.id, None) is None:
            insort(self._order.setdefault(entry.channel, []), entry.number)
        self._entries[entry.id] = entry
        self.seq = entry.seq
        if entry.key:
            self._by_key[entry.key] = entry.id
