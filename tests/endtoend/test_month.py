"""A month of learners in the playground over HTTP: every figure of every recap, recounted by an outsider.

``MONTH_LEARNERS=300 python -m pytest -s tests/endtoend/test_month.py`` lives through it with so many.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from itertools import pairwise

import pytest

from tests.support.month import POINTS, QUIZ, RECAP, month_at

LEARNERS = int(os.environ.get("MONTH_LEARNERS", "12"))
SEED = int(os.environ.get("MONTH_SEED", "20261101"))
PLANS = [("mon-fri", "sun", "09:00"), ("daily", "mon", "09:00"), ("mon,wed,fri", "wed", "21:30")]
DAYS = 30


@pytest.mark.asyncio
@pytest.mark.parametrize(("days", "recap_day", "recap_time"), PLANS if LEARNERS < 100 else PLANS[:2])
async def test_every_recap_says_what_was_shown_to_people(tmp_path, days, recap_day, recap_time):
    async with month_at(tmp_path, LEARNERS, SEED) as month:
        await month.founds(pack="backend-python", zone="Europe/Berlin", time="09:00", days=days)
        await month.uses("olga", f"/study schedule recap time:{recap_time} days:{recap_day}")
        await month.lives(DAYS)
        questions, recaps = await month.posts(QUIZ), await month.posts(RECAP)
        assert len(recaps) >= 4
        differences = [
            f"{recap.at:%a %d %b %H:%M} {what}: {told} told, {counted} counted"
            for recap, expected in zip(recaps, recounted(month, questions, recaps), strict=True)
            for what, told, counted in compared(told_in(recap.page.words), expected)
        ]
        print(  # noqa: T201 - the figures of the proof
            f"\nMONTH_SEED={SEED}: {LEARNERS} learners, {days}, recap on {recap_day} {recap_time}: "
            f"{len(month.log):,} acts, {len(recaps)} recaps recounted, {len(differences)} differences"
        )
        assert differences == []


def recounted(month, questions, recaps):
    """Recount each recap from the log: what was done in its window, questions by when they closed."""
    # A question closes when the next one comes. The newest is still open.
    asked = [(question.id, question.at) for question in questions]
    closes = {post: following for (post, _), (_, following) in pairwise(asked)}
    beginnings = [month.log[0].at.replace(year=2000), *(recap.at for recap in recaps)]
    for start, recap in zip(beginnings, recaps, strict=False):
        acted = {act.learner for act in month.log if start <= act.at < recap.at}
        counted = [
            act
            for act in month.log
            if (at := closes.get(act.post) if act.kind in {"right", "tried"} else act.at)
            and (start < at <= recap.at if act.post in closes else start <= at < recap.at)
        ]
        points = Counter()
        for act in counted:
            points[act.learner] += POINTS[act.kind]
        answers = [act for act in counted if act.kind in {"right", "tried"}]
        yield {
            "took part": len(acted),
            "answers": len(answers),
            "right": sum(act.kind == "right" for act in answers),
            "points": points,
        }


def told_in(words):
    """Read the figures of a recap as a person would."""
    took = re.search(r"Took part\D*([\d,]+)", words)
    answers = re.search(r"Answers\D*(\d(?:[\d,]*\d)?)(?:, (\d+) % right)?", words)
    best = re.findall(r"(\d+)\. (Learner \d+) (\d+) points?", words)
    more = re.search(r"and ([\d,]+) more with as many points", words)
    return {
        "took part": number(took[1]) if took else 0,
        "answers": number(answers[1]) if answers else 0,
        "share": int(answers[2]) if answers and answers[2] else None,
        "best": [(int(rank), f"p{name.split()[1]}", int(points)) for rank, name, points in best],
        "more": number(more[1]) if more else 0,
    }


def compared(told, counted):
    """Yield (what, told, counted) for each figure that differs."""
    for what in ("took part", "answers"):
        if told[what] != counted[what]:
            yield what, told[what], counted[what]
    if told["share"] is not None:
        share = round(100 * counted["right"] / counted["answers"])
        if abs(told["share"] - share) > 0:
            yield "share", told["share"], share
    points = counted["points"]
    ranks = {each: 1 + sum(other > points[each] for other in points.values()) for each in points}
    for rank, learner, told_points in told["best"]:
        if (rank, told_points) != (ranks.get(learner), points[learner]):
            yield learner, (rank, told_points), (ranks.get(learner), points[learner])
    # Nobody who is among the best three is left out without a count.
    among = sum(rank <= 3 for rank in ranks.values())
    if len(told["best"]) + told["more"] != among:
        yield "best", len(told["best"]) + told["more"], among


def number(text):
    return int(text.replace(",", ""))
