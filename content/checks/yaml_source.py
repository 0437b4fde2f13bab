"""A YAML file read so that every value in it still knows its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from content.errors import Problem

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML built without libyaml: the same result, about eight times slower
    from yaml import SafeLoader  # type: ignore[assignment]

Key = int | str

_HINTS = {
    "mapping values are not allowed": "Put text that holds ': ' in quotes.",
    "cannot start any token": "Indent with spaces, and quote text that begins with `, @ or %.",
    "could not find expected ':'": "Is a colon missing, or a line indented too little?",
}


@dataclass(frozen=True)
class Source:
    """One file: ``data`` as plain Python values, and the node tree that knows the lines."""

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
    """The file is not one YAML document with unique keys; ``problems`` says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_source(path: Path, file: str) -> Source:
    """Read ``path`` and call it ``file`` in problems. Raises SourceError."""
    try:
        return parse_source(path.read_text(encoding="utf-8"), file)
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise SourceError(Problem(file, line, "the file is not UTF-8")) from error
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise SourceError(Problem(file, None, f"cannot be read: {reason}")) from error


def parse_source(text: str, file: str) -> Source:
    """Parse the text of a file. Raises SourceError."""
    try:
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
        raise SourceError(*_repeated_keys(loader.repeated, file))
    return Source(file, data, root)


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
        # PyYAML lets a date such as 2026-02-30 escape as a ValueError that names no line.
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            message = f"{getattr(node, 'value', '')!r} is not a value: {error}"
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
    return Problem(file, mark.line + 1 if mark else None, f"not YAML: {message}", hint)


def _repeated_keys(repeated: list[tuple[yaml.Node, yaml.Node]], file: str) -> Iterator[Problem]:
    for again, first in repeated:
        hint = f"It stands on line {_line(first)} already."
        yield Problem(file, _line(again), f"the key '{again.value}' is repeated", hint)
