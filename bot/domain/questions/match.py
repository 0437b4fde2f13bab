"""Questions on what belongs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.domain.questions.kind import (
    LETTERS,
    Control,
    Grade,
    InvalidResponse,
    Kind,
    Line,
    Offer,
    Pair,
    Paired,
    Response,
    Row,
    Tally,
    Wording,
    said_of,
    shuffled,
    unlike,
)
from bot.toolkit.text import isolated
from content.kinds.match import MatchQuestion

NOT_ALL = "Pair each one, and use each letter once."


class MatchKind(Kind[MatchQuestion]):
    """A menu for each left side. The score is the share of pairs that belong together."""

    def control(self, question: MatchQuestion, seed: int) -> Control:
        """A form with a menu for each left side."""
        lefts = tuple(Offer(f"{n}.", pair.left, id=pair.id) for n, pair in enumerate(question.pairs, 1))
        shown = unlike(shuffled(question.pairs, question.id, seed), question.pairs)
        rights = zip(LETTERS, shown, strict=False)
        return Pair(lefts, tuple(Offer(name, pair.right, id=pair.id) for name, pair in rights))

    def grade(self, question: MatchQuestion, response: Response) -> Grade:
        """Share of the pairs that belong together."""
        given = _pairs(question, response)
        wrong = [pair for pair in question.pairs if given[pair.id] != pair.id]
        if not wrong:
            return Grade(1)
        total = len(question.pairs)
        right = total - len(wrong)
        said = f"{right} of {total} pairs {'belongs' if right == 1 else 'belong'} together."
        return Grade(
            1 - len(wrong) / total,
            (said, *(said_of(pair.left, pair.feedback) for pair in wrong if pair.feedback)),
        )

    def given(self, question: MatchQuestion, seed: int, response: Response) -> Wording:  # noqa: ARG002
        """The pairs that were made."""
        return Wording("Your pairs", _lines(question, _pairs(question, response)))

    def key(self, question: MatchQuestion, seed: int) -> Wording:  # noqa: ARG002 - the same for all
        """The pairs that belong together."""
        return Wording(
            "The right pairs are", _lines(question, {pair.id: pair.id for pair in question.pairs})
        )

    def tally(self, question: MatchQuestion, seed: int, responses: Mapping[Response, int]) -> Tally:
        """A row for each pair, with those who found it."""
        found: Counter[str] = Counter()
        right = stale = 0
        for response, number in responses.items():
            try:
                pairs = _pairs(question, response)
            except InvalidResponse:
                stale += number
                continue
            hits = [left for left, chosen in pairs.items() if left == chosen]
            right += number * (len(hits) == len(question.pairs))
            for left in hits:
                found[left] += number
        lines = zip(self.key(question, seed).lines, question.pairs, strict=True)
        return Tally(tuple(Row(line, found[pair.id], is_key=True) for line, pair in lines), right, stale)


def _pairs(question: MatchQuestion, response: Response) -> dict[str, str]:
    """Return the right side of each left one. Raises InvalidResponse unless each side is in one pair."""
    given = dict(response.pairs) if isinstance(response, Paired) else {}
    if not sorted(given) == sorted(given.values()) == sorted(pair.id for pair in question.pairs):
        raise InvalidResponse(NOT_ALL)
    return given


def _lines(question: MatchQuestion, chosen: Mapping[str, str]) -> tuple[Line, ...]:
    rights = {pair.id: pair.right for pair in question.pairs}
    return tuple(
        Line("", f"{isolated(pair.left)} → {isolated(rights[chosen[pair.id]])}") for pair in question.pairs
    )
