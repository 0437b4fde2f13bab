"""Holds what a proof found against the key of a question, for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from content.checks.text import printed, trimmed
from content.kinds import MatchQuestion, MultiQuestion, OrderQuestion, Question
from content.kinds.base import ChoiceQuestion
from content.kinds.matching import Matching

Judge = Callable[[Matching, str], bool | None]
"""Tells of a typed answer if it is accepted (True) or wrong (False); None if it can't be read as one."""


class ProofError(Exception):
    """Error: the proof ran and does not bear the key out; the text says what came out instead."""


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
                _hold_ids(stdout.split(), {question.key.id}, question)
            case MultiQuestion():
                _hold_ids(stdout.split(), {option.id for option in question.keys}, question)
            case OrderQuestion():
                _hold_order(stdout, question)
            case MatchQuestion():
                _hold_pairs(stdout, question)
            case _:
                self.hold_output(trimmed(stdout), "the proof prints")

    def _hold_typed(self, matching: Matching, output: str, subject: str) -> None:
        if self.judge(matching, output) is not True:
            raise ProofError(f"{subject} {output!r}, which the answer does not accept")


def _compare(output: str, question: ChoiceQuestion, subject: str) -> None:
    """Check that the output is the key's text and that of no other option."""
    if output != printed(question.key.text):
        raise ProofError(f"{subject} {output!r}, the key says {printed(question.key.text)!r}")
    for option in question.options:
        if option is not question.key and printed(option.text) == output:
            raise ProofError(f"{subject} what the wrong option '{option.id}' says too")


def _hold_ids(found: Iterable[str], keys: set[str], question: Question) -> None:
    held = set(found)
    strange = held - {option.id for option in question.choices}
    if strange:
        raise ProofError(f"the proof prints {_some(strange)}: not an option of the question")
    if held != keys:
        verb = "key is" if len(keys) == 1 else "keys are"
        raise ProofError(f"the proof finds {_some(held)}, the {verb} {_some(keys)}")


def _hold_order(stdout: str, question: OrderQuestion) -> None:
    """Check that one order holds, and that it is the file's; the proof prints each that holds on a line."""
    orders = [tuple(line.split()) for line in stdout.splitlines() if line.strip()]
    if len(set(orders)) > 1:
        raise ProofError(f"the proof finds {len(set(orders))} orders that hold: there must be only one")
    if orders[:1] != [question.right_order]:
        found = " ".join(orders[0]) if orders else "none"
        raise ProofError(f"the proof finds the order {found}, the key is {' '.join(question.right_order)}")


def _hold_pairs(stdout: str, question: MatchQuestion) -> None:
    """Check the pairs; the proof prints the ids of both sides of each that holds on a line."""
    found = {" ".join(line.split()) for line in stdout.splitlines() if line.strip()}
    right = {f"{pair.id} {pair.id}" for pair in question.pairs}
    if wrong := found - right:
        raise ProofError(f"the proof finds the pairs {_some(wrong)}, which are not the key")
    if missing := right - found:
        raise ProofError(f"the proof does not find the pairs {_some(missing)}")


def _some(ids: set[str]) -> str:
    return ", ".join(f"'{each}'" for each in sorted(ids)) or "nothing"
