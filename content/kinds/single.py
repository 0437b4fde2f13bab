"""``type: single``: one of several options is right."""

from __future__ import annotations

from typing import Literal

from content.kinds.base import ChoiceQuestion


class SingleQuestion(ChoiceQuestion):
    """A question with exactly one correct option."""

    type: Literal["single"]
