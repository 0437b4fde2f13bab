"""The library: the packs that are installed, and how to find things in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import UserError
from content.model import Pack, Question


class PackMissing(UserError):
    """Error: a pack is not installed (any more). ``pack_id`` names it."""

    def __init__(self, pack_id: str) -> None:
        super().__init__(
            f"This group's roadmap, {pack_id}, is no longer installed. "
            "The operator needs to install it again."
        )
        self.pack_id = pack_id


@dataclass(frozen=True, slots=True)
class Library:
    """Every whole pack, by id. It never changes: see Installed."""

    packs: Mapping[str, Pack]

    def pack(self, pack_id: str) -> Pack:
        """Return the pack. Raises PackMissing, a UserError, when it is not installed (any more)."""
        try:
            return self.packs[pack_id]
        except KeyError:
            raise PackMissing(pack_id) from None

    def question(self, pack_id: str, question_id: str) -> Question:
        """Return the question, retired or not. Raises UserError when the pack does not hold it."""
        question = self.pack(pack_id).question(question_id)
        if question is None:
            raise UserError("This question is no longer part of the roadmap. Use /quiz for another one.")
        return question


@dataclass(slots=True)
class Installed:
    """The library that is served now. Another one takes its place when packs have been read again.

    What asks it more than once for one act keeps the library that it got first.
    """

    library: Library
