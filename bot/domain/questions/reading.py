"""Reading a response from what a press, a menu or a form brings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain.questions.kind import (
    Arrange,
    Arranged,
    ChooseFromMenu,
    ChooseOne,
    ChooseSeveral,
    Chosen,
    Control,
    InvalidResponse,
    Offer,
    Pair,
    Paired,
    Response,
    Typed,
    TypeText,
)

ANSWER = "answer"
"""The field of a form with one field."""


def place_field(number: int) -> str:
    """The field for a place in an order, counted from 1."""
    return f"place{number}"


def pair_field(number: int) -> str:
    """The field for a left side, counted from 1."""
    return f"pair{number}"


def read_form(control: Control, values: Mapping[str, str]) -> Response:
    """Read a response from the fields of a form, which name offers by their names, such as letters.

    Raises InvalidResponse for an empty or contradictory form.
    """
    match control:
        case ChooseSeveral(offers):
            names = [name for name in re.split(r"[\s,;]+", values.get(ANSWER, "")) if name]
            if not names:
                raise InvalidResponse("Choose at least one option.", ANSWER)
            return Chosen.of(_named(offers, name, ANSWER).id for name in names)
        case TypeText():
            return Typed(values.get(ANSWER, "").strip("\n"))
        case Arrange(offers):
            return _arranged(offers, values)
        case Pair(lefts, rights):
            fields = [pair_field(number) for number in range(1, len(lefts) + 1)]
            chosen = _each_once(rights, fields, values)
            return Paired(
                tuple(sorted((left.id, right.id) for left, right in zip(lefts, chosen, strict=True)))
            )
        case ChooseFromMenu(placeholder):
            raise InvalidResponse(f"{placeholder}.")
        case ChooseOne():
            raise InvalidResponse("Press the button of your answer.")


def _arranged(offers: Sequence[Offer], values: Mapping[str, str]) -> Response:
    fields = [place_field(number) for number in range(1, len(offers))]
    chosen = [offer.id for offer in _each_once(offers, fields, values)]
    rest = [offer.id for offer in offers if offer.id not in chosen]
    return Arranged((*chosen, *rest))


def _each_once(offers: Sequence[Offer], fields: Sequence[str], values: Mapping[str, str]) -> list[Offer]:
    """Return the offer that each field names. Raises InvalidResponse for one that is named twice."""
    chosen: list[Offer] = []
    for field in fields:
        offer = _named(offers, values.get(field, ""), field)
        if offer in chosen:
            raise InvalidResponse(f"You've used {offer.name} twice. Use each letter once.", field)
        chosen.append(offer)
    return chosen


def _named(offers: Sequence[Offer], name: str, field: str) -> Offer:
    wanted = name.strip().rstrip(".").casefold()
    for offer in offers:
        if offer.name.casefold() == wanted:
            return offer
    names = ", ".join(offer.name for offer in offers)
    missing = "" if wanted else "Something is still missing. "
    raise InvalidResponse(f"{missing}Choose from {names}.", field)
