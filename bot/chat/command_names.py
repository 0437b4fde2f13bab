"""Names of commands inside texts, which each platform shows as they are typed there.

A platform may keep a name such as ``/help`` for itself, so that ours is typed otherwise there. A sentence
of ours goes through ``naming``, which marks every command in it; ``degrade`` writes it as
``Capabilities.typed`` says. Words of people and content are not marked: what they call ``/help`` stays.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.chat.capabilities import Capabilities
from bot.chat.timestamps import NAMED, in_words
from bot.toolkit.text import CLOSING, OPENING

_MARKED = re.compile(f"{OPENING}{NAMED}([a-z]+){CLOSING}")
_COMMAND = re.compile(r"(?<![\w/\\.:<>=\"'“-])/([a-z]+)(?![\w/]|\.\w|-\w)")


@lru_cache(maxsize=1024)
def naming(sentence: str) -> str:
    """A sentence of ours with its commands marked. Marking it again changes nothing."""
    return _COMMAND.sub(rf"{OPENING}{NAMED}\1{CLOSING}", sentence)


def typed_there(text: str, can: Capabilities) -> str:
    """The text with every marked command as it is typed on the platform."""
    if OPENING not in text:
        return text
    names = dict(can.typed)
    return _MARKED.sub(lambda found: f"/{names.get(found[1], found[1])}", text)


def in_plain_text(sentence: str, can: Capabilities) -> str:
    """A sentence of ours as plain text for the platform, where no message is made of it."""
    return in_words(typed_there(naming(sentence), can))
