"""The common part of the kinds that offer options of which one is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

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
from content.model import Option

NOT_OFFERED = "That isn't one of the options. Press one of the letters."


class ChoiceKind(Kind[ChoiceQuestion]):
    """One press on one option, under letters in an order of the post's own."""

    def names(self) -> Sequence[str]:
        """Names of the options, in the order in which they are shown."""
        return LETTERS

    def shown(self, question: ChoiceQuestion, seed: int) -> tuple[Option, ...]:
        """The options in the order in which they are shown."""
        return shuffled(question.options, question.id, seed)

    def control(self, question: ChoiceQuestion, seed: int) -> Control:
        """A button for each option."""
        return ChooseOne(self._offers(question, seed))

    def check(self, question: ChoiceQuestion, response: Response) -> None:
        """Raise InvalidResponse unless one of the options was chosen."""
        if _chosen(question, response) is None:
            raise InvalidResponse(NOT_OFFERED)

    def grade(self, question: ChoiceQuestion, response: Response) -> Grade:
        """All or nothing, with the feedback of the chosen option."""
        option = _chosen(question, response)
        assert option is not None, "the response was checked"
        return Grade(float(option.correct), tuple(filter(None, (option.feedback,))))

    def given(self, question: ChoiceQuestion, seed: int, response: Response) -> Wording:
        """The chosen option."""
        lines = [offer.line for offer in self._offers(question, seed) if Chosen((offer.id,)) == response]
        return Wording("You chose", tuple(lines))

    def key(self, question: ChoiceQuestion, seed: int) -> Wording:
        """The right option."""
        offers = self._offers(question, seed)
        return Wording("The answer is", tuple(o.line for o in offers if o.id == question.key.id))

    def tally(self, question: ChoiceQuestion, seed: int, responses: Mapping[Response, int]) -> Tally:
        """A row for each option."""
        votes: Counter[str] = Counter()
        stale = 0
        for response, number in responses.items():
            option = _chosen(question, response)
            if option is None:
                stale += number
            else:
                votes[option.id] += number
        rows = (
            Row(offer.line, votes[offer.id], is_key=offer.id == question.key.id)
            for offer in self._offers(question, seed)
        )
        return Tally(tuple(rows), votes[question.key.id], stale)

    def _offers(self, question: ChoiceQuestion, seed: int) -> tuple[Offer, ...]:
        shown = zip(self.names(), self.shown(question, seed), strict=False)
        return tuple(Offer(option.id, name, option.text) for name, option in shown)


def _chosen(question: ChoiceQuestion, response: Response) -> Option | None:
    match response:
        case Chosen((option_id,)):
            return question.option(option_id)
    return None
