"""One value held against its key before a file is written, with a sentence for a person who typed it."""

from __future__ import annotations

import re

from pydantic import BaseModel, TypeAdapter, ValidationError

from content.checks.schema import sentence

_NAMED = re.compile(r"^'\w+'( no\. \d+)?:?")


def require(kind: type[BaseModel], key: str, value: object) -> None:
    """Raise ValueError with a sentence unless ``value`` fits the field ``key`` of a content type.

    A tuple is held against the field as far as its entries go, however many the field wants.
    """
    field = kind.model_fields[key]
    try:
        TypeAdapter(field.rebuild_annotation()).validate_python(value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        if isinstance(value, tuple):
            details = [each for each in details if each["type"] not in ("too_short", "too_long")]
        if not details:
            return
        detail = details[0]
        message, hint = sentence({**detail, "loc": (key, *detail["loc"])}, kind)
        told = _NAMED.sub("This", message)
        raise ValueError(" ".join(filter(None, (f"{told}.", hint)))) from None
