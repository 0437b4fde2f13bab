"""Reading a streak costs the same after years of history, and an answer needs no look-up."""

import pytest

from storage.batch import Batch
from tests.support.helpers import quiz_of

pytestmark = pytest.mark.asyncio


@pytest.fixture
def reads(monkeypatch):
    """Counter of statements sent to the database and of rows returned."""
    counted = {"statements": 0, "rows": 0}
    fetch = Batch._rows

    def counting(self, result):
        rows = fetch(self, result)
        counted["statements"] += 1
        counted["rows"] += len(rows)
        return rows

    monkeypatch.setattr(Batch, "_rows", counting)
    return counted


async def costs(reads, act):
    reads.update(statements=0, rows=0)
    await act
    return dict(reads)


async def weeks_pass(world, person, weeks):
    """Every question is answered; the world stands on a Monday after its question has come."""
    for _ in range(weeks * 7):
        if world.clock.now().weekday() < 5:
            await person.answers(quiz_of(world))
        await world.days_pass(1)


async def test_a_long_life_costs_no_more_to_show_than_a_short_one(study, reads):
    ana = study.person("Ana")
    await weeks_pass(study, ana, 3)
    short = await costs(reads, ana.uses("/streak"))
    young = await costs(reads, ana.uses("/progress"))
    await weeks_pass(study, ana, 9)
    assert await costs(reads, ana.uses("/streak")) == short
    old = await costs(reads, ana.uses("/progress"))
    assert old["statements"] == young["statements"]
    assert old["rows"] - young["rows"] <= 9 * 5 + 54, "the days of the picture, and topics"
    assert ana.sees("Streak: 60 days")


async def test_an_answer_on_the_next_day_looks_nothing_up(study, reads):
    ana = study.person("Ana")
    await weeks_pass(study, ana, 1)
    monday = await costs(reads, ana.answers(quiz_of(study)))
    await study.days_pass(1)
    tuesday = await costs(reads, ana.answers(quiz_of(study)))
    assert tuesday["statements"] == monday["statements"] - 1, "after the weekend it is one look"


async def test_an_answer_waits_for_the_database_a_few_times(study, monkeypatch):
    moments, answers = [], Batch._answers

    def counting(self, connection, waiting):
        moments.append([name for asked in waiting for name in sorted(getattr(asked, "tables", "?"))])
        return answers(self, connection, waiting)

    monkeypatch.setattr(Batch, "_answers", counting)
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await study.days_pass(1)
    moments.clear()
    await ana.answers(quiz_of(study))
    assert ana.sees("Correct")
    assert len(moments) <= 5, moments
