"""A YAML file read so that every value in it still knows its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import yaml

from content.checks.folder import FileError, PackFolder
from content.errors import Problem, bounded, quoted, shown

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML built without libyaml: the same result, about eight times slower
    from yaml import SafeLoader  # type: ignore[assignment]

Key = int | str

EVENTS, PACK_EVENTS = 20_000, 200_000
"""Values, keys and ends of lists in one file and in one pack, at most. The shipped pack has 81,000."""

DEPTH, KEYS, VALUES = 20, 100, 2000
"""Depth of lists and mappings, keys of one mapping, values of one list, at most. No type needs as much."""

FIGURE = 40
"""Characters of a number or a date, at most."""

_FIGURES = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "timestamp")}

_TEXT = "tag:yaml.org,2002:str"

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that YAML allows as an escape alone, and that no platform shows."""

_LOOK = "Look at this line and at the one above it."

_HINTS: dict[str, str | None] = {
    "mapping values are not allowed": "Put text that holds ': ' in quotes.",
    "cannot start any token": "Indent with spaces, and quote text that begins with `, @ or %.",
    "could not find expected ':'": "Is a colon missing, or a line indented too little?",
    "expected node content": "Is a value missing, or a bracket not closed?",
    "expected ',' or": "Is a comma missing, or a bracket not closed?",
    "expected key": "Is a line indented too much or too little, or a hyphen missing?",
    "expected '-' indicator": "Is a line indented too much or too little, or a hyphen missing?",
    "end of stream": "Is a quote not closed?",
    "single document": "Leave out the line with --- in the middle.",
    "is not a value": "Put text in quotes.",
    "is too long for": None,
}


@dataclass(frozen=True)
class Source:
    """The content of one file: ``data`` as plain Python values, and its text, which knows the lines."""

    file: str
    data: object
    text: str

    @cached_property
    def root(self) -> yaml.Node:
        """The tree of nodes with their places, made when the first line is asked for."""
        return cast("yaml.Node", yaml.compose(self.text, Loader=SafeLoader))

    def line(self, path: Iterable[Key]) -> int:
        """The line of the value at ``path``; of its nearest parent when the path ends early.

        A key's line is that of the key, so a block of text is found by its heading.
        """
        node, line = self.root, _line(self.root)
        for key in path:
            child = _child(node, key)
            if child is None:
                break
            node, line = child
        return line


class SourceError(Exception):
    """Error: the file is not one YAML document with unique keys; ``problems`` says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_source(folder: PackFolder, file: str) -> Source:
    """Read ``file`` of a pack. Raises SourceError."""
    data = b""
    try:
        data = folder.read(file)
        return parse_source(data.decode(), file, folder)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(Problem(file, line, "the file is not UTF-8", "Save it as UTF-8.")) from error
    except FileError as error:
        raise SourceError(Problem(file, None, str(error), error.hint)) from error


def parse_source(text: str, file: str, folder: PackFolder | None = None) -> Source:
    """Parse the text of a file, which counts against the limits of its pack. Raises SourceError."""
    try:
        reader = _Reader(text, file, folder)
        data = reader.read()
    except yaml.YAMLError as error:
        raise SourceError(_syntax_problem(error, text, file)) from error
    if reader.repeated:
        raise SourceError(*bounded(_repeated_keys(reader.repeated, file)))
    return Source(file, data, text)


class _Reader:
    """Makes plain values of the parser's events, each of which is looked over and counted first.

    The parser tells events one by one and keeps nothing. PyYAML's own composer goes as deep as the text
    does, and follows references as often as the text says: nine lines can stand for a billion. What a file
    that is refused took to read counts too: otherwise each of a thousand such files would be read.
    """

    def __init__(self, text: str, file: str, folder: PackFolder | None) -> None:
        self.repeated: list[tuple[_Key, _Key]] = []
        self._file = file
        self._folder = folder
        self._loader = SafeLoader(text)
        self._inside: list[_Collection] = []

    def read(self) -> object:
        """Return the value of the only document. Raises SourceError, and yaml.YAMLError."""
        try:
            return self._values()
        finally:
            self._loader.dispose()

    def _values(self) -> object:
        whole = _Collection([], 1)
        self._inside = [whole]
        documents = 0
        for event in self._counted():
            if isinstance(event, yaml.NodeEvent):
                self._take(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._inside.pop()
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _not_read("expected a single document, but found another", event)
        if not documents:
            raise SourceError(Problem(self._file, 1, "the file is empty", "Write it, or delete it."))
        return whole.values[0]

    def _counted(self) -> Iterator[yaml.Event]:
        left = PACK_EVENTS - self._folder.events if self._folder else EVENTS
        number = 0
        while (event := self._loader.get_event()) is not None:
            if self._folder:
                self._folder.events += 1
            if number >= EVENTS:
                raise self._refused(event, f"the file has more than {EVENTS:,} values")
            if number >= left:
                message = f"the files of the pack have more than {PACK_EVENTS:,} values together"
                raise self._refused(event, message)
            number += 1
            yield event

    def _take(self, event: yaml.NodeEvent) -> None:
        """Take a value, or the beginning of a list or a mapping."""
        if refusal := _refusal(event):
            raise self._refused(event, *refusal)
        if isinstance(event, yaml.ScalarEvent):
            self._add(event, self._scalar(event))
            return
        values: list[object] | dict[object, object]
        values, room = ({}, 2 * KEYS) if isinstance(event, yaml.MappingStartEvent) else ([], VALUES)
        self._add(event, values)
        self._inside.append(_Collection(values, room))
        if len(self._inside) > DEPTH + 1:
            raise self._refused(event, f"lists and keys are nested more than {DEPTH} deep")

    def _add(self, event: yaml.NodeEvent, value: object) -> None:
        """Put a value where it belongs: into the list, or under its key, or as a key."""
        into = self._inside[-1]
        into.room -= 1
        if into.room < 0:
            message = f"there are more than {KEYS} keys, or {VALUES:,} entries of a list, in one"
            raise self._refused(event, message)
        if isinstance(into.values, list):
            into.values.append(value)
        elif into.key is not None:
            into.values[into.key.value], into.key = value, None
        elif isinstance(event, yaml.ScalarEvent):
            into.key = _Key(value, event)
            first = into.keys.setdefault(event.value, into.key)
            if first is not into.key:
                self.repeated.append((into.key, first))
        else:
            raise _not_read("a list or a mapping can't be a key", event)

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        if not event.implicit[0]:  # in quotes, or a block
            return event.value
        tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        if tag == _TEXT:
            return event.value
        # PyYAML lets a date such as 2026-02-30 escape as a ValueError that names no line, and works out
        # 1:1:1:… in base 60 in a time that grows with the square of its length.
        if tag in _FIGURES and len(event.value) > FIGURE:
            message = f"{quoted(event.value)} is too long for a number or a date: put text in quotes"
            raise _not_read(message, event)
        try:
            return self._loader.construct_object(yaml.ScalarNode(tag, event.value))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise _not_read(f"{quoted(event.value)} is not a value: {error}", event) from error

    def _refused(self, event: yaml.Event, message: str, hint: str | None = None) -> SourceError:
        return SourceError(Problem(self._file, _line(event), message, hint))


@dataclass(frozen=True, eq=False)
class _Key:
    """A key of a mapping with the event that knows its line."""

    value: object
    event: yaml.ScalarEvent


@dataclass(eq=False)
class _Collection:
    """A list or a mapping that is being read, and how many more values it may have."""

    values: list[object] | dict[object, object]
    room: int
    key: _Key | None = None
    keys: dict[str, _Key] = field(default_factory=dict)


def _not_read(message: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    """An error of the parser's kind, for what YAML allows and no value is made of."""
    return yaml.MarkedYAMLError(problem=message, problem_mark=event.start_mark)  # type: ignore[arg-type]


def _refusal(event: yaml.NodeEvent) -> tuple[str, str | None] | None:
    """Return why a pack has no use for something that YAML allows, with the advice; None where it has."""
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        return "anchors and aliases (&, *) are not read", "Write the text out, in quotes if it begins so."
    if (given := getattr(event, "tag", None)) is not None:
        tag = shown(given.replace("tag:yaml.org,2002:", "!!"))
        return f"the tag {tag} is not read", "Text in quotes needs no tag."
    if not isinstance(event, yaml.ScalarEvent):
        return None
    if event.value == "<<" and event.implicit[0]:
        return "the key << merges nothing here", "Write the keys out."
    if _CONTROLS.search(event.value):
        return "the text has a control character", "It shows nothing: leave it out."
    return None


def _child(node: yaml.Node, key: Key) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        item: yaml.Node = node.value[key]
        return item, _line(item)
    if isinstance(node, yaml.MappingNode):
        # The last match wins, as it does in the data: a merge (<<) puts its keys before the own.
        pairs = ((_line(name), value) for name, value in reversed(node.value) if name.value == key)
        return next(((value, line) for line, value in pairs), None)
    return None


def _line(place: yaml.Node | yaml.Event) -> int:
    return int(place.start_mark.line) + 1 if place.start_mark else 1


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Problem(file, line, "a character that YAML does not allow", "Write it as \\u....")
    mark = getattr(error, "problem_mark", None)
    message = getattr(error, "problem", None) or str(error)
    hint = next((hint for part, hint in _HINTS.items() if part in message), _LOOK)
    return Problem(file, mark.line + 1 if mark else None, f"not YAML: {shown(message, 200)}", hint)


def _repeated_keys(repeated: list[tuple[_Key, _Key]], file: str) -> Iterator[Problem]:
    for again, first in repeated:
        hint = f"It stands on line {_line(first.event)} already."
        yield Problem(file, _line(again.event), f"the key '{shown(again.event.value)}' is repeated", hint)
