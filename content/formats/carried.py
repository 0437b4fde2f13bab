"""A whole question as a line of JSON, for formats that keep a text that nobody reads.

The JSON has no sign that HTML, or a program's own markup, gives a meaning: such signs are written as
escapes. Its texts are cleaned when it is read, as those of any other file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from content.formats.base import KINDS, Found
from content.formats.decode import visible
from content.formats.markdown import LANGUAGES, from_markdown

VERSION = 1
"""Version of the JSON. A reader of an older one refuses what it may not understand."""

MARK = '{"milepost":'
"""Beginning of every such line."""

LONGEST = 200_000
"""Characters of such a line, at most: several times what the largest question needs."""

_PARTS = 120
_FIGURES = 40
_OWN = {"place", "lost", "shelf"}
_FOUND = TypeAdapter(Found)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SIGN = re.compile(r"[<>&\[{]")


def as_json(found: Found, shown: str = "") -> str:
    """Return a question as a line of JSON. ``shown`` is a digest of what people see of it."""
    plain = _FOUND.dump_python(found, mode="json", exclude_defaults=True, exclude=_OWN)
    line = json.dumps({"milepost": VERSION, "shown": shown, **plain}, separators=(",", ":"))
    return _STRING.sub(lambda text: _guarded(text[0]), line)


def from_json(line: str, place: str) -> tuple[Found, str]:
    """Return the question of a line, cleaned, and the digest that came with it. Raises ValueError."""
    raw = _raw(line)
    shown = raw.pop("shown", "")
    if raw.pop("milepost", None) != VERSION:
        raise ValueError("it is of another version of Milepost")
    raw = {name: value for name, value in raw.items() if name not in _OWN}
    try:
        found = _FOUND.validate_python({**raw, "place": place})
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"][:3])) or "it"
        raise ValueError(f"its {where} doesn't fit") from None
    _require_bounded(found)
    return _cleaned(found), str(shown)


def _guarded(text: str) -> str:
    text = _SIGN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
    return text.replace("  ", " \\u0020")  # HTML makes one space of two


def _raw(line: str) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise ValueError(f"it has more than {LONGEST:,} characters")
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it isn't JSON") from None
    if not isinstance(raw, dict):
        raise ValueError("it isn't a question")  # noqa: TRY004  one error for every such line
    return raw


def _require_bounded(found: Found) -> None:
    """Raise ValueError for what no writer of ours makes, and what would cost time."""
    if found.kind not in KINDS:
        raise ValueError(f"there is no kind {found.kind}")
    lists = (found.choices, found.pairs, found.accept, found.mistakes, found.hints, found.tags)
    if any(len(each) > _PARTS for each in lists):
        raise ValueError(f"it has more than {_PARTS} parts")
    for figure in (found.value, found.tolerance):
        if figure is not None and not (figure.is_finite() and abs(figure.adjusted()) < _FIGURES):
            raise ValueError(f"a number of it has more than {_FIGURES} figures")


def _cleaned(found: Found) -> Found:
    lost: list[str] = []

    def clean(text: str) -> str:
        cleaned = from_markdown(text)
        lost.extend(cleaned.lost)
        return cleaned.text

    cleaned = replace(
        found,
        stem=clean(found.stem),
        choices=tuple(_each(choice, clean, "text", "feedback") for choice in found.choices),
        pairs=tuple(_each(pair, clean, "left", "right", "feedback") for pair in found.pairs),
        mistakes=tuple(_each(mistake, clean, "feedback") for mistake in found.mistakes),
        accept=tuple(map(visible, found.accept)),
        hints=tuple(map(clean, found.hints)),
        explanation=clean(found.explanation),
        objective=clean(found.objective),
    )
    if found.code and found.code.language not in LANGUAGES:
        cleaned = replace(cleaned, code=replace(found.code, language="text"))
    return replace(cleaned, lost=tuple(dict.fromkeys(lost)))


def _each(part: Any, clean: Callable[[str], str], *names: str) -> Any:
    """Return a part of a question with these texts of it cleaned."""
    return replace(part, **{name: clean(getattr(part, name)) for name in names})
