"""A YAML file read so that every value in it still knows its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that YAML allows as an escape alone, and that no platform shows."""

_HINTS = {
    "mapping values are not allowed": "Put text that holds ': ' in quotes.",
    "cannot start any token": "Indent with spaces, and quote text that begins with `, @ or %.",
    "could not find expected ':'": "Is a colon missing, or a line indented too little?",
}


@dataclass(frozen=True)
class Source:
    """The content of one file: ``data`` as plain Python values, and the node tree that knows the lines."""

    file: str
    data: object
    root: yaml.Node

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
        raise SourceError(Problem(file, line, "the file is not UTF-8")) from error
    except FileError as error:
        raise SourceError(Problem(file, None, str(error))) from error


def parse_source(text: str, file: str, folder: PackFolder | None = None) -> Source:
    """Parse the text of a file, which counts against the limits of its pack. Raises SourceError."""
    try:
        _require_plain(text, file, folder)
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            data = None if root is None else loader.construct_document(root)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise SourceError(_syntax_problem(error, text, file)) from error
    if root is None:
        raise SourceError(Problem(file, 1, "the file is empty"))
    if loader.repeated:
        raise SourceError(*bounded(_repeated_keys(loader.repeated, file)))
    return Source(file, data, root)


def _require_plain(text: str, file: str, folder: PackFolder | None) -> None:
    """Look the text over before a tree is made of it, and count. Raises SourceError, and yaml.YAMLError.

    The parser tells events one by one and keeps nothing; whoever makes a tree of them goes as deep as the
    text does, and follows references as often as the text says: nine lines can stand for a billion. What a
    file that is refused took to read counts too: otherwise each of a thousand such files would be read.
    """
    left = PACK_EVENTS - folder.events if folder else EVENTS
    room: list[int] = []  # how many more values each collection may have, of those that we are in
    for number, event in enumerate(_counted(yaml.parse(text, Loader=SafeLoader), folder)):
        if isinstance(event, yaml.CollectionEndEvent):
            room.pop()
            continue
        refusal = _refusal(event)
        if number >= EVENTS:
            refusal = f"the file has more than {EVENTS:,} values", None
        elif number >= left:
            refusal = f"the files of the pack have more than {PACK_EVENTS:,} values together", None
        elif room and isinstance(event, yaml.NodeEvent):
            room[-1] -= 1
            if room[-1] < 0:
                refusal = f"there are more than {KEYS} keys, or {VALUES:,} entries of a list, in one", None
        if isinstance(event, yaml.CollectionStartEvent):
            room.append(2 * KEYS if isinstance(event, yaml.MappingStartEvent) else VALUES)
            if len(room) > DEPTH:
                refusal = f"lists and keys are nested more than {DEPTH} deep", None
        if refusal:
            line = event.start_mark.line + 1 if event.start_mark else None
            raise SourceError(Problem(file, line, *refusal))


def _counted(events: Iterator[yaml.Event], folder: PackFolder | None) -> Iterator[yaml.Event]:
    for event in events:
        if folder:
            folder.events += 1
        yield event


def _refusal(event: yaml.Event) -> tuple[str, str | None] | None:
    """Return why a pack has no use for something that YAML allows, with the advice; None where it has."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        return "anchors and aliases (&, *) are not read", "Write the text out, in quotes if it begins so."
    if (tag := getattr(event, "tag", None)) is not None:
        return (
            f"the tag {shown(tag.replace('tag:yaml.org,2002:', '!!'))} is not read",
            "Text in quotes needs no tag.",
        )
    if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]:
        return "the key << merges nothing here", "Write the keys out."
    if isinstance(event, yaml.ScalarEvent) and _CONTROLS.search(event.value):
        return "the text has a control character", "It shows nothing: leave it out."
    return None


class _Loader(SafeLoader):
    """The safe loader, which also notes repeated keys and gives every bad value its line."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[tuple[yaml.Node, yaml.Node]] = []

    # The signatures are PyYAML's own.
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002
        first: dict[str, yaml.Node] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and first.setdefault(key.value, key) is not key:
                self.repeated.append((key, first[key.value]))
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:  # noqa: FBT001, FBT002
        # PyYAML lets a date such as 2026-02-30 escape as a ValueError that names no line, and works out
        # 1:1:1:… in base 60 in a time that grows with the square of its length.
        if isinstance(node, yaml.ScalarNode) and node.tag in _FIGURES and len(node.value) > FIGURE:
            message = f"{quoted(node.value)} is too long for a number or a date: put text in quotes"
            raise yaml.constructor.ConstructorError(None, None, message, node.start_mark)
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            message = f"{quoted(getattr(node, 'value', ''))} is not a value: {error}"
            raise yaml.constructor.ConstructorError(None, None, message, node.start_mark) from error


def _child(node: yaml.Node, key: Key) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        item: yaml.Node = node.value[key]
        return item, _line(item)
    if isinstance(node, yaml.MappingNode):
        # The last match wins, as it does in the data: a merge (<<) puts its keys before the own.
        pairs = ((_line(name), value) for name, value in reversed(node.value) if name.value == key)
        return next(((value, line) for line, value in pairs), None)
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Problem(file, line, "a character that YAML does not allow", "Write it as \\u....")
    mark = getattr(error, "problem_mark", None)
    message = getattr(error, "problem", None) or str(error)
    hint = next((hint for part, hint in _HINTS.items() if part in message), None)
    return Problem(file, mark.line + 1 if mark else None, f"not YAML: {shown(message, 200)}", hint)


def _repeated_keys(repeated: list[tuple[yaml.Node, yaml.Node]], file: str) -> Iterator[Problem]:
    for again, first in repeated:
        hint = f"It stands on line {_line(first)} already."
        yield Problem(file, _line(again), f"the key '{shown(again.value)}' is repeated", hint)
