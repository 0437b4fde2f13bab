r"""Text for terminals and logs: nothing in it steers what shows it, and no line of it is endless.

Names, files and databases of others hold whatever their makers like: codes that rename a window, hide a
line, or write it from right to left. Such characters are shown as ``\u001b``.
"""

from __future__ import annotations

import re

from bot.toolkit.text import FSI, PDI

LONGEST = 4000
"""Characters of a line, at most. The longest sentences of ours, about streaks, are half as long."""

MOST_LINES = 1000
"""Lines of a text, at most: a pack has a hundred problems, and a traceback of ours fewer calls."""

# Control characters (C0 and C1), what sets a direction, separators of lines, halves of characters.
_STEERING = re.compile(
    r"[\0-\x08\x0B-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u206F\uD800-\uDFFF]"
)
_ISOLATES = re.compile(f"[{FSI}{PDI}]")


def plain(text: str) -> str:
    """The text with escapes for what would steer a terminal; its lines stay, each cut to a length."""
    lines = text.split("\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        lines[MOST_LINES] = "…"
    return "\n".join(map(_line, lines))


def plain_line(text: str) -> str:
    """The text on one line, with escapes for line breaks too, cut where it is too long."""
    return _line(text[: LONGEST + 1].replace("\n", "\\u000a"))


def plain_json(document: str) -> str:
    """Return JSON of equal meaning, without any character that would steer a terminal."""
    return _STEERING.sub(_escape, document)


def _line(text: str) -> str:
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    if text.isprintable():
        return text
    whole = _closed(text)
    return _STEERING.sub(
        lambda found: found[0] if whole and _ISOLATES.match(found[0]) else _escape(found), text
    )


def _closed(text: str) -> bool:
    """Tell whether each isolate is ended in its line, as ours around names are: it moves nothing else."""
    depth = 0
    for found in _ISOLATES.finditer(text):
        depth += 1 if found[0] == FSI else -1
        if depth < 0:
            return False
    return depth == 0


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
