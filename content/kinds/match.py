"""``type: match``: what belongs together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from content.kinds.base import Path, QuestionBase, Rival, require_distinct_ids, require_experiment
from content.parts import ContentModel, OptionId, prose


class Pair(ContentModel):
    """A left and a right side that belong together, both under one id.

    ``feedback`` says why they do, or is empty.
    """

    id: OptionId
    left: Annotated[str, prose(80)]
    right: Annotated[str, prose(120)]
    feedback: Annotated[str, prose(320)] = ""


class MatchQuestion(QuestionBase):
    """A question that asks which right side belongs to each left one; every right side is used once."""

    type: Literal["match"]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=3, max_length=5)]

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that members read, with its path in the file."""
        yield from super().texts()
        for place, pair in enumerate(self.pairs):
            yield ("pairs", place, "left"), pair.left
            yield ("pairs", place, "right"), pair.right
            if pair.feedback:
                yield ("pairs", place, "feedback"), pair.feedback

    def rivals(self) -> Iterator[tuple[Rival, ...]]:
        """Yield the left sides, which must differ from each other, and the right ones."""
        yield tuple((("pairs", n, "left"), pair.id, pair.left) for n, pair in enumerate(self.pairs))
        yield tuple((("pairs", n, "right"), pair.id, pair.right) for n, pair in enumerate(self.pairs))

    def check_shape(self) -> None:
        """Raise ValueError unless the pairs have distinct ids."""
        require_distinct_ids(self.pairs, "pairs")
        require_experiment(self.verify)
