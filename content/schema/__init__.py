"""JSON Schemas of the files of a pack, for editors. ``tools.schemas`` makes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent

KINDS: Mapping[str, str] = {
    "pack": "pack.yaml",
    "roadmap": "roadmap.yaml",
    "article": "article.yaml",
    "questions": "questions/<topic>.yaml",
    "prompts": "prompts/<topic>.yaml",
    "challenge": "challenges/<step>/<id>.yaml",
}
"""The files that each schema is for, by the name of the schema."""


def schema_text(kind: str) -> str:
    """Return the schema of a kind of file, as JSON. Raises KeyError for a kind that isn't in KINDS."""
    KINDS[kind]
    return (FOLDER / f"{kind}.json").read_text("utf-8")
