"""Sentences for typed answers that can't be read as one answer. They cost no attempt."""

from __future__ import annotations

from bot.domain.questions.match_reason import MatchReason
from bot.domain.questions.matching import LONGEST
from content.kinds.matching import Matching, NumberMatching

_AGAIN = "This one wasn't counted, so send another."


def refusal(spec: Matching, reason: MatchReason) -> str:
    """Return the sentence for a reason that refuses, with what to type instead."""
    number = isinstance(spec, NumberMatching)
    match reason:
        case MatchReason.EMPTY:
            said = "There's no answer in that message."
        case MatchReason.TOO_LONG:
            most = LONGEST["number" if isinstance(spec, NumberMatching) else spec.form]
            said = f"That's too long: type only the answer, in {most} characters or fewer."
        case MatchReason.SEVERAL:
            said = f"That reads like more than one answer. Choose one {'number' if number else 'answer'}."
        case MatchReason.MISSING_UNIT:
            said = "Add the unit to your number."
        case MatchReason.WRONG_UNIT:
            said = f"I can't read that unit. Use {_units(spec)}."
        case MatchReason.DECIMAL_COMMA:
            said = "Use a decimal point, as in 2.75, instead of a comma."
        case MatchReason.AMBIGUOUS:
            said = "That number can be read in two ways. Leave out the marks between thousands."
        case _:
            said = "This question needs a number. Type it in digits, without other words."
    return f"{said} {_AGAIN}"


def _units(spec: Matching) -> str:
    """Return the names of the units that are read, such as ``ms or s``."""
    unit = spec.unit if isinstance(spec, NumberMatching) else None
    names = [unit.name, *(each.unit for each in unit.conversions)] if unit else ["no unit"]
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
