"""Questions with several right options, all of which are to be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.domain.questions.kind import (
    LETTERS,
    ChooseSeveral,
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
    said_of,
    shuffled,
)
from content.kinds.multi import MultiQuestion
from content.parts import Option

NOTHING_CHOSEN = "Choose at least one option."
NOT_OFFERED = "That isn't one of the options. Choose from the letters."


class MultiKind(Kind[MultiQuestion]):
    """All that apply are ticked. Each right option found earns its share; a wrong one takes one back."""

    def control(self, question: MultiQuestion, seed: int) -> Control:
        """A form in which several options are ticked."""
        return ChooseSeveral(_offers(question, seed))

    def grade(self, question: MultiQuestion, response: Response) -> Grade:
        """Share of the right options that were found, less one for each wrong option, never below 0."""
        chosen = _chosen(question, response)
        keys = {option.id for option in question.keys}
        found, wrong = len(chosen & keys), len(chosen - keys)
        score = max(found - wrong, 0) / len(keys)
        missed = [option for option in question.options if (option.id in chosen) is not option.correct]
        if not missed:
            return Grade(1)
        also = f" and chose {wrong} wrong one{'s' if wrong > 1 else ''}" if wrong else ""
        credit = f"{round(100 * score)} % of the credit" if score else "no credit"
        said = f"You found {found} of the {len(keys)} right options{also}: that's {credit}."
        return Grade(score, (f"{said} Each wrong option takes back a right one.", *map(_told_of, missed)))

    def given(self, question: MultiQuestion, seed: int, response: Response) -> Wording:
        """The chosen options."""
        chosen = _chosen(question, response)
        return Wording("You chose", tuple(o for o in _offers(question, seed) if o.id in chosen))

    def key(self, question: MultiQuestion, seed: int) -> Wording:
        """The right options."""
        keys = {option.id for option in question.keys}
        return Wording("The answer is", tuple(o for o in _offers(question, seed) if o.id in keys))

    def tally(self, question: MultiQuestion, seed: int, responses: Mapping[Response, int]) -> Tally:
        """A row for each option, with the responses that it is in."""
        keys = {option.id for option in question.keys}
        votes: Counter[str] = Counter()
        right = stale = 0
        for response, number in responses.items():
            try:
                chosen = _chosen(question, response)
            except InvalidResponse:
                stale += number
                continue
            right += number * (chosen == keys)
            for each in chosen:
                votes[each] += number
        rows = (Row(o, votes[o.id], is_key=o.id in keys) for o in _offers(question, seed))
        return Tally(tuple(rows), right, stale)


def _told_of(missed: Option) -> str:
    """Return the feedback on an option that was missed or wrongly chosen; if it has none, what it is."""
    otherwise = "This belongs to the answer." if missed.correct else "This doesn't belong to the answer."
    return said_of(missed.text, missed.feedback or otherwise)


def _chosen(question: MultiQuestion, response: Response) -> set[str]:
    """Return the ids of the chosen options. Raises InvalidResponse unless they are the question's."""
    if not isinstance(response, Chosen) or not response.ids:
        raise InvalidResponse(NOTHING_CHOSEN)
    if any(question.option(each) is None for each in response.ids):
        raise InvalidResponse(NOT_OFFERED)
    return set(response.ids)


def _offers(question: MultiQuestion, seed: int) -> tuple[Offer, ...]:
    shown = zip(LETTERS, shuffled(question.options, question.id, seed), strict=False)
    return tuple(Offer(name, option.text, id=option.id) for name, option in shown)
