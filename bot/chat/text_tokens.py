"""Tokens inside texts: instants and names of commands, which each platform shows in its own way.

``moment(at, zone)`` returns a token to put into any text: a heading, Markdown, a fact, a footnote. Each
reader sees it in a zone of their own. Where ``Capabilities.moments`` is False, ``degrade`` turns it into
words, such as "Thu 10 Dec, 09:00 (Europe/Berlin)". An adapter that can do better uses ``with_moments``, or
``pieces`` where it must cut a text at its moments.

A platform may keep a name such as ``/help`` for itself, so that ours is typed otherwise there. A sentence
of ours goes through ``naming``, which marks every command in it; ``degrade`` writes it as
``Capabilities.typed`` says. Words of people and content are not marked: what they call ``/help`` stays.

A token begins and ends with characters that Unicode keeps for internal use and has no ASCII punctuation, so
Markdown leaves it alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.chat.capabilities import Capabilities
from bot.toolkit.text import CLOSING, OPENING

_PARTS = re.compile(f"{OPENING}([a-z]+)(-?[0-9]+)x([0-9a-f]+){CLOSING}")
_TOKEN = re.compile(f"{OPENING}[^{OPENING}{CLOSING}]*{CLOSING}")
_MARKS = str.maketrans("", "", OPENING + CLOSING)

_NAMED = "typed"
"""The kind of token that names a command."""

_MARKED = re.compile(f"{OPENING}{_NAMED}([a-z]+){CLOSING}")
_COMMAND = re.compile(r"(?<![\w/\\.:<>=\"'“-])/([a-z]+)(?![\w/]|\.\w|-\w)")


class TimeStyle(StrEnum):
    """The parts of an instant that are shown.

    AT is the date and the time, TIME the time alone for an instant of today, UNTIL a date and time that
    something ends at, which a platform may also tell as a distance ("in 3 hours").
    """

    AT = "at"
    TIME = "time"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a text names it; ``zone`` is the IANA name that its words are in."""

    instant: dt.datetime
    zone: str
    style: TimeStyle = TimeStyle.AT

    @property
    def words(self) -> str:
        """Return the moment in words, for readers whose zone is not known.

        >>> Moment(dt.datetime(2026, 12, 10, 8, tzinfo=dt.UTC), "Europe/Berlin").words
        'Thu 10 Dec, 09:00 (Europe/Berlin)'
        """
        local = self.instant.astimezone(ZoneInfo(self.zone))
        day = "" if self.style is TimeStyle.TIME else f"{short_date(local.date())}, "
        return f"{day}{local:%H:%M} ({self.zone})"

    @property
    def unix(self) -> int:
        """Return the whole seconds since 1970."""
        return int(self.instant.timestamp())


def moment(instant: dt.datetime, zone: str, style: TimeStyle = TimeStyle.AT) -> str:
    """Return the token for an aware instant; ``zone`` is used where the platform cannot know the reader's.

    >>> in_words("Open until " + moment(dt.datetime(2026, 12, 10, 8, tzinfo=dt.UTC), "Europe/Berlin"))
    'Open until Thu 10 Dec, 09:00 (Europe/Berlin)'
    """
    return f"{OPENING}{style}{int(instant.timestamp())}x{zone.encode().hex()}{CLOSING}"


def pieces(text: str) -> Iterator[str | Moment]:
    """The text in order, cut at its moments. A broken token is left out."""
    text, end = _MARKED.sub(r"/\1", text), 0
    for found in _TOKEN.finditer(text):
        if before := text[end : found.start()].translate(_MARKS):
            yield before
        if known := _read(found[0]):
            yield known
        end = found.end()
    if rest := text[end:].translate(_MARKS):
        yield rest


def with_moments(text: str, show: Callable[[Moment], str]) -> str:
    """Return the text with each moment as ``show`` writes it."""
    if OPENING not in text and CLOSING not in text:
        return text
    return "".join(piece if isinstance(piece, str) else show(piece) for piece in pieces(text))


def in_words(text: str) -> str:
    """Return the text with each moment in words."""
    return with_moments(text, lambda found: found.words)


def short_date(date: dt.date) -> str:
    """Return a date without its year.

    >>> short_date(dt.date(2026, 3, 2))
    'Mon 2 Mar'
    """
    return f"{date:%a} {date.day} {date:%b}"


def _read(token: str) -> Moment | None:
    """The moment, or None for a token that ``moment`` did not make."""
    parts = _PARTS.fullmatch(token)
    if parts is None:
        return None
    try:
        zone = ZoneInfo(bytes.fromhex(parts[3]).decode()).key
        return Moment(dt.datetime.fromtimestamp(int(parts[2]), dt.UTC), zone, TimeStyle(parts[1]))
    except (ValueError, OverflowError, OSError, KeyError):
        return None


@lru_cache(maxsize=1024)
def naming(sentence: str) -> str:
    """A sentence of ours with its commands marked. Marking it again changes nothing."""
    return _COMMAND.sub(rf"{OPENING}{_NAMED}\1{CLOSING}", sentence)


def typed_there(text: str, can: Capabilities) -> str:
    """The text with every marked command as it is typed on the platform."""
    if OPENING not in text:
        return text
    names = dict(can.typed)
    return _MARKED.sub(lambda found: f"/{names.get(found[1], found[1])}", text)


def in_plain_text(sentence: str, can: Capabilities) -> str:
    """A sentence of ours as plain text for the platform, where no message is made of it."""
    return in_words(typed_there(naming(sentence), can))
