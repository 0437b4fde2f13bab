"""Validation of one file against its type, with every disagreement put in words for its author."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz, process

from content.checks.yaml_source import Key, Source
from content.errors import Problem, quoted, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

T = TypeVar("T", bound=BaseModel)

LONG = 100
"""Characters of a word that are compared with the names that are known; these have 60 at most."""

KIND = "type"
"""The key that tells kinds of one thing apart."""

_DETAILS = 1000
"""Disagreements that are looked at, many more than are told: some only repeat others."""


@dataclass(frozen=True)
class Read(Generic[T]):
    """A value with the file that it was read from."""

    value: T
    source: Source

    def problem(self, message: str, *path: Key, hint: str | None = None) -> Problem:
        """A problem at the line of ``path`` in this file."""
        return Problem(self.source.file, self.source.line(path), message, hint)


def validate(source: Source, model: type[T]) -> tuple[Read[T] | None, list[Problem]]:
    """Return the file as a ``model``, or None with all that stands against it."""
    try:
        return Read(model.model_validate(source.data), source), []
    except ValidationError as error:
        details = error.errors(include_url=False)[:_DETAILS]
        return None, list(_problems(source, model, details))


def nearest_name(word: str, names: Iterable[str]) -> str | None:
    """The name most like ``word``, or None when none is like it, as none is like a very long word."""
    match = process.extractOne(word[:LONG], sorted(names), scorer=fuzz.ratio, score_cutoff=60)
    return match[0] if match else None


def nearest(word: str, names: Iterable[str]) -> str | None:
    """A hint that asks whether the nearest name was meant, or None when none is near."""
    name = nearest_name(word, names)
    return name and f"Did you mean '{name}'?"


def _problems(source: Source, model: type[BaseModel], details: list[ErrorDetails]) -> Iterator[Problem]:
    echoes = _echoes(model, details)
    for detail in details:
        if (detail["type"], detail["loc"]) not in echoes:
            message, hint = sentence(detail, model)
            yield Problem(source.file, source.line(_path_in_file(detail, source)), message, hint)


def _path_in_file(detail: ErrorDetails, source: Source) -> tuple[Key, ...]:
    """The path of an error without the tags of kinds, which pydantic puts in and no file has."""
    path: list[Key] = []
    node: object = source.data
    for key in detail["loc"]:
        if isinstance(node, dict) and path and isinstance(path[-1], int) and node.get(KIND) == key:
            continue
        path.append(key)
        try:
            node = node[key]  # type: ignore[index]
        except (LookupError, TypeError):
            node = None
    return (*path, KIND) if detail["type"] == "union_tag_invalid" else tuple(path)


def _echoes(model: type[BaseModel], details: list[ErrorDetails]) -> set[tuple[str, tuple[Key, ...]]]:
    """Errors that only repeat another one: one mistake is one problem.

    A misspelt key is missing under its right name too, and a list with a bad item, however deep in it
    the mistake is, is counted without that item and found too short.
    """
    echoes: set[tuple[str, tuple[Key, ...]]] = set()
    for detail in details:
        *parent, last = detail["loc"] or ("",)
        echoes.update(("too_short", tuple(parent[:depth])) for depth in range(len(parent) + 1))
        if detail["type"] == "extra_forbidden":
            meant = nearest_name(str(last), _fields(model, detail["loc"]))
            echoes.add(("missing", (*parent, meant or "")))
    return echoes


def sentence(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str | None]:
    """Return the sentence for one of pydantic's errors, and the advice."""
    path, found, limits = detail["loc"], detail["input"], detail.get("ctx", {})
    if detail["type"].startswith("union_tag"):
        return _of_a_tag(limits)
    name, hint = _name(path), None
    match detail["type"]:
        case "extra_forbidden":
            message = f"unknown key {name}"
            hint = _choice_hint(str(path[-1]), _fields(model, path))
        case "missing":
            message = f"missing key {name}"
        case "literal_error" | "enum":
            message = f"{name} cannot be {quoted(found)}"
            hint = _choice_hint(
                found if isinstance(found, str) else "", re.findall(r"'([^']*)'", limits["expected"])
            )
        case "string_too_long" | "string_too_short" | "too_long" | "too_short" as kind:
            texts = kind.startswith("string")
            has = f"{len(str(found).strip())} characters" if texts else f"{limits['actual_length']} entries"
            message = f"{name} has {has} and needs {_bound(kind, limits)}"
        case "string_type":
            message, hint = f"{name} must be text, not {quoted(found)}", _quoting_hint(found)
        case "string_pattern_mismatch":
            message, hint = f"{name} cannot be {quoted(found)}", _pattern_hint(limits["pattern"])
        case "model_type" | "model_attributes_type":
            keys = _fields(model, (*path, ""))
            message = f"{name} needs {' and '.join(keys)}" if len(keys) == 2 else f"{name} needs keys"
            hint = f"Write it like {{{', '.join(f'{key}: …' for key in keys)}}}." if keys else None
        case "value_error":
            message = str(limits["error"])
        case _:
            message = f"{name}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return message, hint


def _bound(kind: str, limits: dict[str, Any]) -> str:
    """Return the limit that a length breaks, such as ``at least 3``."""
    return f"at least {limits['min_length']}" if "short" in kind else f"at most {limits['max_length']}"


def _of_a_tag(limits: dict[str, Any]) -> tuple[str, str | None]:
    """Return the sentence for a kind that is unknown or missing, and the advice."""
    if "tag" not in limits:
        return f"missing key '{KIND}'", None
    known = re.findall(r"'([^']*)'", limits["expected_tags"])
    return f"'{KIND}' cannot be {quoted(limits['tag'])}", _choice_hint(limits["tag"], known)


def _name(path: tuple[Key, ...]) -> str:
    """The last key of the path in quotes; for an item of a list, with its place counted from 1."""
    match path:
        case ():
            return "the file"
        case (*_, str(key), int(index)):
            return f"'{shown(key)}' no. {index + 1}"
    return f"'{shown(str(path[-1]))}'"


def _choice_hint(word: str, known: list[str]) -> str:
    return nearest(word, known) or f"Choose from {', '.join(known)}."


def _quoting_hint(found: object) -> str | None:
    scalar = isinstance(found, bool | int | float | dt.date | None)
    return "YAML read it as something else: put it in quotes." if scalar else None


def _pattern_hint(pattern: str) -> str:
    if pattern.startswith("^[a-z0-9]"):
        return "Use small letters and digits, joined by single hyphens."
    if pattern.startswith(r"^\d+\."):
        return "Use three numbers, such as 1.0.0."
    return f"It must match {pattern}."


def _fields(model: type[BaseModel], path: tuple[Key, ...]) -> list[str]:
    """The keys known where the last key of ``path`` stands, inside ``model``."""
    held: tuple[type[BaseModel], ...] = (model,)
    for key in path[:-1]:
        if isinstance(key, str):
            held = _of_kind(held, key) if len(held) > 1 else _held_by(held, key)
    return [field.alias or name for each in held[:1] for name, field in each.model_fields.items()]


def _of_kind(kinds: tuple[type[BaseModel], ...], tag: str) -> tuple[type[BaseModel], ...]:
    """The one of several models whose tag this is."""
    return tuple(each for each in kinds if tag in get_args(each.model_fields[KIND].annotation))


def _held_by(models: tuple[type[BaseModel], ...], key: str) -> tuple[type[BaseModel], ...]:
    """The models that a field may hold: itself, as one of a list, or where it is not None."""
    for model in models:
        for name, field in model.model_fields.items():
            if key == (field.alias or name):
                return tuple(_models_in(field.annotation))
    return ()


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models_in(each)
