"""Trivia lists of the chat bot Red: YAML, each question a key with the list of its accepted answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import yaml

from content.formats.base import FILE_BYTES, FOUND, Aspect, Choice, Found, Note, Read, RefusedError
from content.formats.decode import decoded
from content.formats.markdown import from_markdown

_OWN = {"AUTHOR", "CONFIG", "DESCRIPTION", "$schema"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEP, _EVENTS = 4, 20 * FOUND
_TRUE = {"true", "yes", "on"}


@dataclass(frozen=True)
class Red:
    """Trivia lists of the chat bot Red."""

    name: str = "red"
    title: str = "Red trivia"
    suffixes: tuple[str, ...] = (".yaml", ".yml")
    file_bytes: int = FILE_BYTES
    carries: frozenset[Aspect] = frozenset({Aspect.SHORT, Aspect.NUMBER, Aspect.TRUEFALSE})

    def read(self, data: bytes, file: str) -> Read:
        """Return the questions of a list. Raises RefusedError."""
        found: list[Found] = []
        notes: list[Note] = []
        root = _root(decoded(data, file), file)
        for key, value in root.value:
            place = f"{file}:{key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode) or key.value in _OWN:
                continue
            each = _question(key.value, value, place)
            (notes if isinstance(each, Note) else found).append(each)  # type: ignore[arg-type]
            if len(found) + len(notes) > FOUND:
                raise RefusedError(place, f"the file has more than {FOUND:,} questions")
        return Read(tuple(found), tuple(notes))

    def write(self, found: Sequence[Found]) -> bytes:
        """Return the questions as a list."""
        document = {each.stem: list(_answers(each)) for each in found}
        text = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
        return f"AUTHOR: Milepost\n{text if document else ''}".encode()


class _Dumper(yaml.SafeDumper):
    """A writer that puts every text in quotes, so that none is taken for a number or a truth."""


_Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
_Dumper.add_representer(
    Decimal,
    lambda dumper, value: dumper.represent_scalar(
        f"tag:yaml.org,2002:{'float' if '.' in f'{value:f}' else 'int'}", f"{value:f}"
    ),
)


def _root(text: str, file: str) -> yaml.MappingNode:
    """Return the tree of a list, after its events were looked over: references and depth cost too much."""
    try:
        depth = 0
        for number, event in enumerate(yaml.parse(text, Loader=_LOADER)):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise RefusedError(f"{file}:{line}", "anchors and aliases (&, *) are not read")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEP or number > _EVENTS:
                raise RefusedError(f"{file}:{line}", "it is too large or nested too deep for a trivia list")
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}:{mark.line + 1}" if mark else file
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        raise RefusedError(place, f"it isn't YAML ({problem})") from None
    if not isinstance(root, yaml.MappingNode):
        raise RefusedError(f"{file}:1", "it isn't a list of questions and their answers")
    return root


def _question(stem: str, value: yaml.Node, place: str) -> Found | Note:
    answers = value.value if isinstance(value, yaml.SequenceNode) else []
    if not answers or not all(isinstance(each, yaml.ScalarNode) for each in answers):
        return Note(place, stem[:60], "left out, since its answers aren't a list of texts")
    cleaned = from_markdown(stem)
    found = Found(place, Aspect.SHORT, cleaned.text, lost=tuple(cleaned.lost))
    first = answers[0]
    if len(answers) == 1 and first.tag.endswith(":bool"):
        truth = first.value.lower() in _TRUE
        choices = tuple(Choice(str(each), right=each == truth) for each in (True, False))
        return replace(found, kind=Aspect.TRUEFALSE, choices=choices)
    if len(answers) == 1 and first.tag.endswith((":int", ":float")) and _is_plain(first.value):
        return replace(found, kind=Aspect.NUMBER, value=Decimal(first.value))
    texts = tuple(text for each in answers for text in _accepted(each))
    return replace(found, accept=tuple(dict.fromkeys(texts)))


def _is_plain(figure: str) -> bool:
    digits = figure.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit() and len(digits) < 40 and not figure.endswith(".")


def _accepted(node: yaml.ScalarNode) -> tuple[str, ...]:
    """Return the texts that Red accepts for one answer: a truth may be typed in three ways."""
    if node.tag.endswith(":bool"):
        return ("True", "Yes", "On") if node.value.lower() in _TRUE else ("False", "No", "Off")
    return (node.value,)


def _answers(found: Found) -> Iterator[Any]:
    if found.kind is Aspect.TRUEFALSE:
        yield found.choices[0].right
    elif found.value is not None:
        yield found.value
    else:
        yield from found.accept
