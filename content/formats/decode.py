"""Text of a foreign file: one encoding that is certain, and no characters that show nothing."""

from __future__ import annotations

import codecs
import re

from content.formats.base import FILE_BYTES, RefusedError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000f0000-\U0010ffff]"
)
"""Control characters, marks that turn the direction of reading, and characters for private use."""


def decoded(data: bytes, file: str, most: int = FILE_BYTES) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 that says so. Raises RefusedError.

    Line ends become newlines. Any other encoding would be a guess, and is refused.
    """
    require_small(data, file, most)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as_text(data[len(mark) :], encoding, file)
    if b"\0" in data[:1000]:
        raise RefusedError(f"{file}:1", "it has NUL bytes, so it isn't a text; save it as UTF-8")
    return _as_text(data, "utf-8", file)


def require_small(data: bytes, file: str, most: int = FILE_BYTES) -> None:
    """Raise RefusedError for a file of more bytes than are read."""
    if len(data) > most:
        raise RefusedError(file, f"the file has more than {most // 1024 // 1024} MiB")


def visible(text: str) -> str:
    """Return the text without characters that show nothing, and with newlines as its only line ends."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def has_unseen(text: str) -> bool:
    """Tell whether ``visible`` takes something out of the text besides carriage returns."""
    return bool(_UNSEEN.search(text.replace("\r", "")))


def _as_text(data: bytes, encoding: str, file: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"the file isn't {encoding[:6].upper().rstrip('-')}; save it as UTF-8"
        raise RefusedError(f"{file}:{line}", message) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
