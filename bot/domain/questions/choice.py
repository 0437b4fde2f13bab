"""The common part of the kinds that offer options of which one is right."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.questions.kind import (
    LETTERS,
    ChooseOne,
    Chosen,
    Control,
    Grade,
    InvalidResponse,
    Kind,
    Offer,
    Response,
    Row,
    Tally,
    Wording,
    shuffled,
)
from content.kinds.base import ChoiceQuestion

NOT_OFFERED = "That isn't one of the options. Press one of the letters."


class ChoiceKind(Kind[ChoiceQuestion]):
    """One press on one option, under letters in an order of the post's own."""

    def offers(self, question: ChoiceQuestion, seed: int) -> tuple[Offer, ...]:
        """The options in the order in which they are shown."""
        shown = zip(LETTERS, shuffled(question.options, question.id, seed), strict=False)
        return tuple(Offer(letter, option.text, id=option.id) for letter, option in shown)

    def control(self, question: ChoiceQuestion, seed: int) -> Control:
        """A button for each option."""
        return ChooseOne(self.offers(question, seed))

    def grade(self, question: ChoiceQuestion, response: Response) -> Grade:
        """All or nothing, with the feedback of the chosen option."""
        for option in question.options:
            if response == Chosen((option.id,)):
                return Grade(float(option.correct), tuple(filter(None, (option.feedback,))))
        raise InvalidResponse(NOT_OFFERED)

    def given(self, question: ChoiceQuestion, seed: int, response: Response) -> Wording:
        """The chosen option."""
        for offer in self.offers(question, seed):
            if response == Chosen((offer.id,)):
                return Wording("You chose", (offer,))
        raise InvalidResponse(NOT_OFFERED)

    def key(self, question: ChoiceQuestion, seed: int) -> Wording:
        """The right option."""
        offers = self.offers(question, seed)
        return Wording("The answer is", tuple(offer for offer in offers if offer.id == question.key.id))

    def tally(self, question: ChoiceQuestion, seed: int, responses: Mapping[Response, int]) -> Tally:
        """A row for each option."""
        rows = tuple(
            Row(offer, responses.get(Chosen((offer.id,)), 0), is_key=offer.id == question.key.id)
            for offer in self.offers(question, seed)
        )
        right = sum(row.votes for row in rows if row.is_key)
        return Tally(rows, right, stale=sum(responses.values()) - sum(row.votes for row in rows))
