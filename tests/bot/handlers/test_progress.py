"""A member's progress: the picture, the figures, one's own and another's."""

import pytest

from bot.chat import Picture
from tests.support.helpers import quiz_of

pytestmark = pytest.mark.asyncio


def picture(person):
    return next(block for block in person.last.message.blocks if isinstance(block, Picture))


async def test_a_newcomer_sees_an_empty_picture_and_a_first_step(study):
    ana = study.person("Ana")
    await ana.uses("/progress")
    assert ana.sees("Your progress")
    assert ana.sees("Questions answered: none yet")
    assert ana.sees("Answer one question and this picture begins to fill.")
    assert ana.sees("Active on 0 days in the last 26 weeks.")
    await ana.presses("Try a question")
    assert ana.sees("Practice · ")


async def test_ones_own_progress_counts_answers_and_days(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.uses("/quiz")
    await ana.answers(ana.last, right=False)
    await ana.uses("/progress")
    assert ana.sees("Questions answered: 2, 50 % right")
    assert ana.sees("Active: 1 of 1 day asked")
    assert ana.sees("Active on 1 day in the last 26 weeks.")
    assert not ana.sees("begins to fill")


async def test_practice_is_offered_where_there_is_most_to_gain(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.uses("/quiz", topic="http")
    await ana.answers(ana.last, right=False)
    await ana.uses("/progress")
    await ana.presses("Practise HTTP")
    assert ana.sees("Practice · HTTP")


async def test_the_button_under_a_verdict_shows_ones_own_progress(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.presses("My progress")
    assert ana.sees("Your progress")


async def test_a_changed_name_is_taken_over(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.answers(quiz_of(study))
    ana.name = "Anastasia " + "x" * 80
    await ana.uses("/help")
    await ana.uses("/progress")
    await ben.uses("/progress", member="ana")
    assert ben.sees("Progress of Anastasia")
    assert "x" * 51 not in ben.shown()


@pytest.mark.parametrize("name", ["   ", " \u200b\u202e\x07 "])
async def test_a_nameless_account_is_called_somebody(study, name):
    eve, ben = study.person("Eve"), study.person("Ben")
    eve.name = name
    await eve.answers(quiz_of(study))
    await ben.uses("/progress", member="eve")
    assert ben.sees("Progress of Somebody")


async def test_the_picture_marks_frozen_and_free_days(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    before = cells(await progress_svg(ana))
    assert before["today"] == 1
    await study.days_pass(2)
    await ana.answers(quiz_of(study))
    frozen = cells(await progress_svg(ana))
    assert frozen["freeze"] == before["freeze"] + 1
    await study.days_pass(5)
    await ana.answers(quiz_of(study))
    weekend = cells(await progress_svg(ana))
    assert weekend["rest"] == frozen["rest"] + 2
    assert weekend["today"] == 1


async def test_more_acts_make_a_darker_day(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    one = await progress_svg(ana)
    for _ in range(6):
        await ana.uses("/quiz")
        await ana.answers(ana.last)
    seven = await progress_svg(ana)
    assert seven.count("#0a2549") == one.count("#0a2549") + 1
    assert one.count("#5f97d2") == seven.count("#5f97d2") + 1


async def test_a_name_in_the_picture_is_text(study):
    ana = study.person("Ana")
    await ana.uses("/progress")
    assert "<script" not in picture(ana).svg
    assert picture(ana).svg.count("<svg") == 1


async def progress_svg(person):
    await person.uses("/progress")
    return picture(person).svg


def cells(svg):
    """Number of times that each sign is drawn in the picture."""
    return {
        "freeze": svg.count("M-4 0H4M"),
        "rest": svg.count('"M-3.5 0H3.5"'),
        "today": svg.count('stroke-width="2"'),
    }
