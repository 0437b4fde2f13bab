"""Markdown as the checks compare it: the code in it exactly, the prose around it loosely."""

from __future__ import annotations

import re

_CODE = re.compile(r"(```.*?```|``.+?``|`[^`]+`)", re.DOTALL)
_FENCE = re.compile(r"```[^\n]*\n(.*?)\n?```", re.DOTALL)


def printed(text: str) -> str:
    """The text as a program would print it: the one code span or block that it is, unwrapped.

    Space at the ends of lines does not count. Text that is not one span or block stays as it is.
    """
    text = text.strip()
    if block := _FENCE.fullmatch(text):
        text = block[1]
    elif _CODE.fullmatch(text):
        ticks = len(text) - len(text.lstrip("`"))
        text = text[ticks:-ticks]
    return trimmed(text)


def trimmed(output: str) -> str:
    """Output without the white space around it and at the ends of its lines."""
    return "\n".join(line.rstrip() for line in output.strip().splitlines())


def without_code(text: str) -> str:
    """The prose of a text: each code span or block gives way to a blank."""
    return _CODE.sub(" ", text)


def normalised(text: str) -> str:
    """Return the text for comparing: prose without case and punctuation, code as it stands.

    In code, ``[1]`` is not ``(1)`` and ``True`` is not ``true``; in prose nobody would tell.

    >>> normalised("It is **one**, `[1]`.")
    'it is one [1]'
    """
    parts = (
        printed(part) if index % 2 else re.sub(r"[\W_]+", " ", part).casefold()
        for index, part in enumerate(_CODE.split(text))
    )
    return " ".join(" ".join(parts).split())


def code_lines(text: str) -> list[str]:
    """The lines inside the fenced blocks of a text."""
    return [line for block in _FENCE.findall(text) for line in block.splitlines()]
