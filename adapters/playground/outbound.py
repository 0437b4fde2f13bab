"""Messages and forms as safe HTML. Pure: everything that a person or the core wrote is escaped."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.playground import markup
from adapters.playground.config import PlaygroundConfig, direct_person
from adapters.playground.transcript import Entry
from bot.chat import Form, Message, aloud, in_words
from bot.toolkit.markdown import safe_link
from bot.toolkit.text import first_letter, isolated

TEMPLATES = Path(__file__).parent / "templates"
BOT = "Milepost"
MOST_ALOUD = 2000
"""Characters of a message that are said when it comes; all of it can be read where it stands."""

_HUES = 8
"""Colours of avatars in the stylesheet."""


def message_html(message: Message) -> str:
    """The blocks of a message; one without blocks shows its summary."""
    return page("message.html", message=message)


def form_html(form: Form, errors: Mapping[str, str]) -> str:
    """The inside of the form dialog, each error beside its field, any other error above them."""
    names = {field.name for field in form.fields}
    general = " ".join(error for name, error in errors.items() if name not in names)
    return page("form.html", form=form, errors=errors, general=general)


# Every window shows the same entries, and a window opened anew shows them all.
@lru_cache(maxsize=4096)
def entry_html(entry: Entry, config: PlaygroundConfig, answered: Entry | None = None) -> str:
    """One message with its author, marks and buttons; ``answered`` is what it replies to."""
    author = name_of(entry.author, config)
    return page(
        "entry.html",
        entry=entry,
        author=author,
        user=name_of(entry.by, config) if entry.by else "",
        initials=initials(author),
        hue=_hue(entry.author, config),
        answered=answered,
        answered_author=name_of(answered.author, config) if answered else "",
        answered_line=line(answered) if answered else "",
        private=is_private(entry),
    )


def name_of(person_id: str, config: PlaygroundConfig) -> str:
    """Return the author's name; Milepost is the one without an id."""
    if not person_id:
        return BOT
    person = config.person(person_id)
    return person.name if person else person_id


def line(entry: Entry) -> str:
    """The entry in one plain line, for announcements and references."""
    return in_words(" ".join((entry.message.summary if entry.message else entry.text).split()))


def by_ear(entry: Entry) -> str:
    """Return what a screen reader announces: all of a private answer, one line of other messages."""
    if entry.message is None or not is_private(entry):
        return line(entry)
    return in_words(aloud(entry.message, MOST_ALOUD))


def is_private(entry: Entry) -> bool:
    """Return True for a message in a channel of all that is for one person only."""
    return bool(entry.only_for) and direct_person(entry.channel) is None


def initials(name: str) -> str:
    """One or two letters that stand for a person."""
    parts = name.split()
    return "".join(first_letter(part) for part in (parts[:1] + parts[1:][-1:])).upper()


def page(template: str, **values: Any) -> str:
    """A template filled in, every value escaped."""
    return _templates().get_template(template).render(**values)


def _hue(person_id: str, config: PlaygroundConfig) -> int:
    ids = [person.id for person in config.people]
    return ids.index(person_id) % _HUES if person_id in ids else 0


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _file_uri(content: str) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(content.encode()).decode()


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "kind": lambda value: type(value).__name__,
        "markdown": markup.markdown,
        "timed": markup.timed,
        "in_words": in_words,
        "code": lambda block: markup.code(block.source, block.language),
        "data_uri": _data_uri,
        "file_uri": _file_uri,
        "initials": initials,
        "isolated": isolated,
    }
    environment.filters |= filters
    environment.tests["safe_link"] = safe_link
    return environment
