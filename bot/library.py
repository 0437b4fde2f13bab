"""The packs at hand, and how to find things in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import UserError
from content.model import Pack, Question


@dataclass(frozen=True, slots=True)
class Library:
    """Every whole pack by id."""

    packs: Mapping[str, Pack]

    def pack(self, pack_id: str) -> Pack:
        """The pack. Raises UserError when it is not installed (any more)."""
        try:
            return self.packs[pack_id]
        except KeyError:
            raise UserError(
                f"This group's roadmap, {pack_id}, is no longer installed. "
                "The operator needs to install it again."
            ) from None

    def question(self, pack_id: str, question_id: str) -> Question:
        """The question, retired or not. Raises UserError when the pack does not hold it."""
        question = self.pack(pack_id).question(question_id)
        if question is None:
            raise UserError("This question is no longer part of the roadmap. Use /quiz for another one.")
        return question
