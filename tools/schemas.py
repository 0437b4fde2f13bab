"""The JSON Schemas of a pack's files: ``content/schema/*.json``, which editors read.

Each is made from a content type. What a key means is said once, in the tables of ``docs/content.md``, and
taken from there: ``python docs/tables.py`` writes the schemas together with the tables that it makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from content.article import Article
from content.model import Challenge, ContentModel, PackInfo, PromptFile, QuestionFile, Roadmap
from content.schema import FOLDER, KINDS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "content.md"

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES: Mapping[str, type[ContentModel]] = {
    "pack": PackInfo,
    "roadmap": Roadmap,
    "article": Article,
    "questions": QuestionFile,
    "prompts": PromptFile,
    "challenge": Challenge,
}
"""The type of each kind of file, by the name of its schema."""

COMMON = "Question"
"""The section that describes what all kinds of questions have."""

Described = Mapping[tuple[str, str], str]
"""Descriptions of keys, by section and key."""

_SECTION = re.compile(r"^### (?P<name>\w+)")
_ROW = re.compile(r"^\| (?P<keys>`\w+`(?:, `\w+`)*) \| (?P<says>.+) \|$")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_SEE = re.compile(r"[;.] see \w+(?= |$|\.)", re.IGNORECASE)


class UndescribedError(Exception):
    """Error: ``docs/content.md`` doesn't say what a key means."""


def made() -> dict[Path, str]:
    """Return the text of each schema by its path. Raises UndescribedError."""
    described = descriptions(PAGE.read_text("utf-8"))
    return {
        FOLDER / f"{name}.json": f"{json.dumps(schema(name, described), indent=1, ensure_ascii=False)}\n"
        for name in KINDS
    }


def schema(name: str, described: Described) -> dict[str, Any]:
    """Return the schema of one kind of file, with a description of each key. Raises UndescribedError."""
    kind = TYPES[name]
    whole = kind.model_json_schema(by_alias=True)
    objects = {kind.__name__: whole, **whole.get("$defs", {})}
    for section, each in objects.items():
        each["description"] = " ".join(
            each.get("description", "").split("\n\n")[0].replace("``", "`").split()
        )
        for key, held in each.get("properties", {}).items():
            held.pop("title", None)
            if held.get("default") == "":
                del held["default"]
            held["description"] = _said(section, key, described)
    return {"$schema": DIALECT, **whole, "title": f"Milepost: {KINDS[name]}"}


def descriptions(page: str) -> dict[tuple[str, str], str]:
    """Return what the tables of the page say of each key, as plain text."""
    found: dict[tuple[str, str], str] = {}
    for key, says in _rows(page):
        found.setdefault(key, says)  # a second table of a section is about values of one key
    return found


def _rows(page: str) -> Iterator[tuple[tuple[str, str], str]]:
    section = ""
    for line in page.splitlines():
        if line.startswith("#"):
            found = _SECTION.match(line)
            section = found["name"] if found else ""
        elif section and (row := _ROW.match(line)):
            for key in re.findall(r"\w+", row["keys"]):
                yield (section, key), _plain(row["says"])


def _plain(markdown: str) -> str:
    """Return the words of a cell as a sentence of its own."""
    words = _SEE.sub("", _LINK.sub(r"\1", markdown)).replace(r"\|", "|").strip()
    return words[:1].upper() + words[1:]


def _said(section: str, key: str, described: Described) -> str:
    """Return what a key of a type says; kinds of questions share what they have in common."""
    sections = (section, COMMON) if section.endswith(COMMON) else (section,)
    for each in sections:
        if (each, key) in described:
            return described[each, key]
    raise UndescribedError(f"docs/content.md doesn't say what `{key}` of {section} means.")
