"""Checks of claims that go out of date: the day from which somebody should read them again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from content.checks.coverage import each_reference
from content.checks.findings import Finding, Place, Places, Severity
from content.model import Pack, Question


def check_freshness(
    pack: Pack, questions: list[Question], places: Places, today: dt.date
) -> Iterator[Finding]:
    """Warn of each ``review_by`` that ``today`` has reached, wherever in the pack it is."""
    for what, place, day in _dated(pack, questions, places):
        if day is not None and day <= today:
            message = f"{what} should have been read again by {day}"
            hint = "Hold it against its source, then set a new `review_by`."
            yield Finding(*place, message, hint, check="review", severity=Severity.WARNING)


def _dated(
    pack: Pack, questions: list[Question], places: Places
) -> Iterator[tuple[str, Place, dt.date | None]]:
    """Yield everything that can have a ``review_by``: its name, its place and the day."""
    for question in questions:
        yield f"'{question.id}'", places.of_question(question.id, "review_by"), question.review_by
    for topic_id, prompts in pack.prompts.items():
        for number, prompt in enumerate(prompts):
            yield f"'{prompt.id}'", places.of_prompt(topic_id, number, "review_by"), prompt.review_by
    for place, reference in each_reference(pack, questions, places):
        yield f"the reference '{reference.title}'", place, reference.review_by
    for topic in pack.topics:
        for index, correction in enumerate(topic.corrections):
            place = places.of_topic(topic.id, "corrections", index)
            yield f"a correction of '{topic.id}'", place, correction.review_by
