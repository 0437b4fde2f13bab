"""``type: order``: items to be put in their only right order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from content.kinds.base import Path, QuestionBase, Rival, require_distinct_ids, require_experiment
from content.parts import ContentModel, OptionId, prose


class Item(ContentModel):
    """One thing to put in its place. ``feedback`` says why it stands there, or is empty."""

    id: OptionId
    text: Annotated[str, prose(120)]
    feedback: Annotated[str, prose(320)] = ""


class OrderQuestion(QuestionBase):
    """A question whose items stand in the file in the right order; members see them shuffled."""

    type: Literal["order"]
    items: Annotated[tuple[Item, ...], Field(min_length=3, max_length=6)]

    @property
    def right_order(self) -> tuple[str, ...]:
        """The ids of the items in the right order."""
        return tuple(item.id for item in self.items)

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that members read, with its path in the file."""
        yield from super().texts()
        for place, item in enumerate(self.items):
            yield ("items", place, "text"), item.text
            if item.feedback:
                yield ("items", place, "feedback"), item.feedback

    def rivals(self) -> Iterator[tuple[Rival, ...]]:
        """Yield the items, which must differ from each other."""
        yield tuple((("items", place, "text"), item.id, item.text) for place, item in enumerate(self.items))

    def check_shape(self) -> None:
        """Raise ValueError unless the items have distinct ids."""
        require_distinct_ids(self.items, "items")
        require_experiment(self.verify)
