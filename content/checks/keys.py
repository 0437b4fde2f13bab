"""Holds what a proof found against the key of a question, for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from content.checks.claims import ARROW, BEFORE, ProofError, names_of, recognised
from content.checks.text import printed, trimmed
from content.kinds import MatchQuestion, MultiQuestion, OrderQuestion, Question
from content.kinds.base import ChoiceQuestion
from content.kinds.matching import Matching

Judge = Callable[[Matching, str], bool | None]
"""Tells of a typed answer if it is accepted (True) or wrong (False); None if it can't be read as one."""

_NO_IDS = "These are ids, which no learner reads: print texts, or words that `claims` has for them."


@dataclass(frozen=True)
class Claim:
    """A question whose key is to be held against what its proof found."""

    question: Question
    judge: Judge

    def hold_output(self, output: str, subject: str) -> None:
        """Raise ProofError unless the output is the key: what code prints, or a query answers."""
        matching = self.question.matching
        if matching is not None:
            self._hold_typed(matching, output, subject)
        elif isinstance(self.question, ChoiceQuestion):
            _compare(output, self.question, subject)

    def hold_findings(self, stdout: str) -> None:
        """Raise ProofError unless what the proof printed is the key, and nothing but the key."""
        question = self.question
        match question:
            case ChoiceQuestion() if question.matching is None:
                self._hold_choices(stdout, {question.key.id})
            case MultiQuestion():
                self._hold_choices(stdout, {option.id for option in question.keys})
            case OrderQuestion():
                self._hold_order(stdout, question)
            case MatchQuestion():
                self._hold_pairs(stdout)
            case _:
                self.hold_output(trimmed(stdout), "the proof prints")

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return names_of(self.question)

    def _hold_typed(self, matching: Matching, output: str, subject: str) -> None:
        if self.judge(matching, output) is not True:
            raise ProofError(f"{subject} {output!r}, which the answer does not accept")

    def _hold_choices(self, stdout: str, keys: set[str]) -> None:
        names = self._names["options"]
        found = recognised(stdout, list(names.values()))
        if found is None:
            what = "the word of a claim" if self.question.verify.claims else "the text of an option"
            hint = _NO_IDS if set(stdout.split()) <= set(names) else None
            raise ProofError(f"the proof prints {trimmed(stdout)!r}: not {what}", hint=hint)
        right = {names[id_] for id_ in keys}
        if set(found) != right:
            verb = "key is" if len(right) == 1 else "keys are"
            raise ProofError(f"the proof finds {_some(found)}, the {verb} {_some(right)}")

    def _hold_order(self, stdout: str, question: OrderQuestion) -> None:
        """Check that one order holds, the file's; the proof prints each that holds on a line."""
        names = self._names["items"]
        right = BEFORE.join(names[id_] for id_ in question.right_order)
        orders = {" ".join(line.split()) for line in stdout.splitlines() if line.strip()}
        if len(orders) > 1:
            raise ProofError(f"the proof finds {len(orders)} orders that hold: there must be only one")
        if orders != {right}:
            raise ProofError(f"the proof finds the order {_some(orders)}, the key is {_some([right])}")

    def _hold_pairs(self, stdout: str) -> None:
        """Check the pairs; the proof prints both sides of each that holds on a line."""
        lefts, rights = self._names["lefts"], self._names["rights"]
        found = {line.strip() for line in stdout.splitlines() if line.strip()}
        right = {f"{lefts[id_]}{ARROW}{rights[id_]}" for id_ in lefts}
        if wrong := found - right:
            raise ProofError(f"the proof finds the pairs {_some(wrong)}, which are not the key")
        if missing := right - found:
            raise ProofError(f"the proof does not find the pairs {_some(missing)}")


def _compare(output: str, question: ChoiceQuestion, subject: str) -> None:
    """Check that the output is the key's text and that of no other option."""
    if output != printed(question.key.text):
        raise ProofError(f"{subject} {output!r}, the key says {printed(question.key.text)!r}")
    for option in question.options:
        if option is not question.key and printed(option.text) == output:
            raise ProofError(f"{subject} what the wrong option '{option.id}' says too")


def _some(names: Iterable[str]) -> str:
    return ", ".join(f"'{each}'" for each in sorted(set(names))) or "nothing"
