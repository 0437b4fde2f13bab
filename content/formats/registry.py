"""All formats, by the names that the command line takes."""

from __future__ import annotations

from content.formats.anki import Anki
from content.formats.anki_text import AnkiText
from content.formats.base import Format
from content.formats.gift import Gift
from content.formats.moodle import MoodleXml
from content.formats.opentdb import OpenTrivia
from content.formats.red import Red
from content.formats.tables import Csv

FORMATS: tuple[Format, ...] = (Gift(), MoodleXml(), Csv(), OpenTrivia(), Red(), Anki(), AnkiText())


def format_named(name: str) -> Format | None:
    """Return the format with this name, or None."""
    return next((each for each in FORMATS if each.name == name), None)


def format_of(file: str) -> Format | None:
    """Return the format whose files have names like this one, or None."""
    ends = [(suffix, each) for each in FORMATS for suffix in each.suffixes]
    ends.sort(key=lambda end: -len(end[0]))
    return next((each for suffix, each in ends if file.lower().endswith(suffix)), None)
