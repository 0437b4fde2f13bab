"""Somebody in the playground sends by hand what its page would never send."""

import sqlite3
from contextlib import closing

import pytest

from tests.support.helpers import every_project
from tests.support.month import month_at

CHALLENGES = tuple(project.id for project in every_project())
STALE = "This button no longer works. Try /help."


def earned(folder):
    """Rows of all tables that can bring points."""
    tables = ("activity", "answer", "submission", "challenge_entry", "tally")
    with closing(sqlite3.connect(folder / "milepost.db")) as database:
        return [row for table in tables for row in database.execute(f"SELECT * FROM {table}")]


async def newest(window):
    """The words of what was shown last."""
    entry = (await window.sees())[-1]
    return entry["html"]


@pytest.mark.asyncio
async def test_what_the_page_never_sends_earns_nothing(tmp_path):
    async with month_at(tmp_path, learners=1, seed=1) as month:
        await month.founds(pack="backend-python", zone="UTC", time="07:00", days="daily")
        await month.lives(1)
        eve = await month.opens("p0")
        (question,) = (await month.posts("Question of the day"))[-1:]
        right = next(iter(question.page.buttons.values()))
        unsigned = right.rpartition("|")[0]
        before = earned(tmp_path)
        for action in (unsigned, f"{unsigned}|AAAAAAAA", "mp1|study.pause|", right[:-1]):
            status, told = await eve.post("/press", message=question.id, action=action)
            assert (status, told["error"]) == (409, "That message has changed. Please reload the page.")
        values = {"link": "https://x.y", "learned": "z"}
        for challenge in CHALLENGES:
            month.clock.advance(seconds=10)
            action = f"mp1|challenge.built|c={challenge}"
            status, _ = await eve.post("/form", message=question.id, action=action, values=values)
            assert status == 200
            assert STALE in await newest(eve)
            for line in (f"/fill {action} link=https://x.y learned=z", f"/press {action}"):
                status, told = await eve.post("/say", text=line)
                assert status == 422
                assert told["error"].startswith(f"There is no command {line.split()[0]}"), told
        assert earned(tmp_path) == before
        olga = await month.opens("olga")
        status, _ = await olga.post("/press", message=question.id, action=right)
        assert status == 200
        assert earned(tmp_path) != before
