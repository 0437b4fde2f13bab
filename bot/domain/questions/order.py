"""Questions whose items are to be put in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.domain.questions.kind import (
    LETTERS,
    Arrange,
    Arranged,
    Control,
    Grade,
    InvalidResponse,
    Kind,
    Line,
    Offer,
    Response,
    Row,
    Tally,
    Wording,
    said_of,
    shuffled,
    unlike,
)
from content.kinds.order import OrderQuestion

NOT_ALL = "Put each item in one place."


class OrderKind(Kind[OrderQuestion]):
    """A menu for each place. The score is the share of items that are in their right place."""

    def control(self, question: OrderQuestion, seed: int) -> Control:
        """A form with a menu for each place but the last."""
        shown = unlike(shuffled(question.items, question.id, seed), question.items)
        return Arrange(
            tuple(Offer(name, each.text, id=each.id) for name, each in zip(LETTERS, shown, strict=False))
        )

    def grade(self, question: OrderQuestion, response: Response) -> Grade:
        """Share of the items in their right place."""
        placed = zip(_ids(question, response), question.items, strict=True)
        wrong = [item for chosen, item in placed if chosen != item.id]
        if not wrong:
            return Grade(1)
        total, first = len(question.items), wrong[0]
        right = total - len(wrong)
        said = f"{right} of {total} {'is in its' if right == 1 else 'are in their'} right place."
        return Grade(
            1 - len(wrong) / total,
            (
                said,
                said_of(first.text, first.feedback or f"This is number {question.items.index(first) + 1}."),
            ),
        )

    def given(self, question: OrderQuestion, seed: int, response: Response) -> Wording:  # noqa: ARG002
        """The order that was given."""
        return Wording("Your order", _numbered(question, _ids(question, response)))

    def key(self, question: OrderQuestion, seed: int) -> Wording:  # noqa: ARG002 - the same for all
        """The right order."""
        return Wording("The right order is", _numbered(question, question.right_order))

    def tally(self, question: OrderQuestion, seed: int, responses: Mapping[Response, int]) -> Tally:
        """A row for each place, with those who put the right item there."""
        placed: Counter[str] = Counter()
        right = stale = 0
        for response, number in responses.items():
            try:
                ids = _ids(question, response)
            except InvalidResponse:
                stale += number
                continue
            right += number * (ids == question.right_order)
            for chosen, item in zip(ids, question.items, strict=True):
                placed[item.id] += number * (chosen == item.id)
        lines = zip(self.key(question, seed).lines, question.items, strict=True)
        return Tally(tuple(Row(line, placed[each.id], is_key=True) for line, each in lines), right, stale)


def _ids(question: OrderQuestion, response: Response) -> tuple[str, ...]:
    """Return the ids in the order that was given. Raises InvalidResponse unless each has one place."""
    if not isinstance(response, Arranged) or sorted(response.ids) != sorted(question.right_order):
        raise InvalidResponse(NOT_ALL)
    return response.ids


def _numbered(question: OrderQuestion, ids: tuple[str, ...]) -> tuple[Line, ...]:
    texts = {item.id: item.text for item in question.items}
    return tuple(Line(f"{place}.", texts[each]) for place, each in enumerate(ids, 1))
