"""An entry added to a list of a file, whose other lines stay as they are, comments and all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import indent
from typing import Any

import yaml

from content.checks.yaml_source import Key, SourceError, parse_source
from content.errors import Problem
from content.writing.yaml_text import as_yaml

IN_LINES = "Give each entry lines of its own, the first of which begins with a hyphen and a space."
TO_END = "Move it to the end, so that something can be added to it."


class CannotAddError(Exception):
    """Error: nothing can be added to the file without changing the rest of it; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def with_entries(text: str, path: Iterable[Key], entries: Sequence[Mapping[str, Any]], file: str) -> str:
    """Return the text of ``file`` with entries at the end of the list at ``path``.

    The list must end the file, and be written with a line for each of its entries. Raises CannotAddError,
    and a SourceError for a text that isn't the YAML of a pack, or that would become too large for one.
    """
    keys = tuple(path)
    before = parse_source(text, file)
    node, name = _at(before.root, keys), keys[-1]

    def refused(why: str, advice: str) -> CannotAddError:
        return CannotAddError(Problem(file, before.line(keys), why, advice))

    if not isinstance(node, yaml.SequenceNode):
        raise refused(f"there is no list under '{name}'", "Begin one with an entry of its own.")
    if node.flow_style:
        raise refused(f"the list under '{name}' is written in brackets", IN_LINES)
    margin = " " * node.start_mark.column
    newline = "\r\n" if "\r\n" in text else "\n"
    added = "\n".join(indent(as_yaml([dict(each)]), margin) for each in entries)
    joined = text.rstrip() + newline * 2 + added.replace("\n", newline)
    _list(before.data, keys).extend(map(dict, entries))
    if not _is(joined, before.data, file):
        raise refused(f"the list under '{name}' isn't the last thing in the file", TO_END)
    return joined


def _is(text: str, data: object, file: str) -> bool:
    """Tell if a text is the YAML of the data. Raises SourceError for what is YAML, and beyond a limit."""
    try:
        return parse_source(text, file).data == data
    except SourceError as error:
        if isinstance(error.__cause__, yaml.YAMLError):
            return False
        raise


def _at(root: yaml.Node, path: tuple[Key, ...]) -> yaml.Node | None:
    """Return the node at ``path``; None where there is none."""
    node: yaml.Node | None = root
    for key in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and node.value:
            node = node.value[key]
        else:
            return None
    return node


def _list(data: Any, path: tuple[Key, ...]) -> list[Any]:
    for key in path:
        data = data[key]
    assert isinstance(data, list), "the node is a sequence"
    return data
