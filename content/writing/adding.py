"""An entry added to a list of a file, whose other lines stay as they are, comments and all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import indent
from typing import Any

import yaml

from content.checks.yaml_source import Key, parse_source
from content.writing.yaml_text import as_yaml


class CannotAddError(Exception):
    """Error: nothing can be added to the file without changing the rest of it; the text says why."""


def with_entry(text: str, path: Iterable[Key], entry: Mapping[str, Any], file: str) -> str:
    """Return the text of ``file`` with ``entry`` at the end of the list at ``path``.

    The list must end the file, and be written with a line for each of its entries. Raises CannotAddError,
    and a SourceError for a text that isn't the YAML of a pack.
    """
    keys = tuple(path)
    before = parse_source(text, file)
    node = _at(before.root, keys)
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise CannotAddError(f"{file} has no list under '{keys[-1]}' with a line for each entry")
    margin = " " * node.start_mark.column
    newline = "\r\n" if "\r\n" in text else "\n"
    added = indent(as_yaml([dict(entry)]), margin)
    joined = text.rstrip() + newline * 2 + added.replace("\n", newline)
    _list(before.data, keys).append(dict(entry))
    if parse_source(joined, file).data != before.data:
        raise CannotAddError(f"the list under '{keys[-1]}' isn't the last thing in {file}")
    return joined


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
