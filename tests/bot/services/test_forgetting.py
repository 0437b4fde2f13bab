"""Whoever is forgotten and comes back as a new member earns nothing twice."""

import pytest

from tests.bot.handlers.test_privacy import forgets
from tests.support.helpers import CHALLENGE, PROMPT, posts_project, quiz_of
from tests.support.people import words

pytestmark = pytest.mark.asyncio

NO_LONGER = "This was posted before your data was deleted, so it no longer counts for you."


async def points_of(study, name):
    asker = study.person(name)
    await asker.uses("/leaderboard")
    return asker.shown()


async def test_a_verdict_that_was_read_earns_no_points_after_forgetting(study):
    ana, question = study.person("Ana"), quiz_of(study)
    await ana.answers(question, right=False)
    await forgets(ana)
    study.clock.advance(minutes=1)
    await ana.answers(question)
    assert ana.sees(NO_LONGER)
    await ana.uses("/privacy")
    assert ana.sees("I don't know anything about you yet.")
    await study.passes(days=1)
    assert "1 answer" in words(question.message)
    assert "No points yet this week." in await points_of(study, "Ben")
    assert await study.problems() == ()


async def test_it_holds_at_the_instant_of_forgetting(study):
    ana, question = study.person("Ana"), quiz_of(study)
    await ana.answers(question, right=False)
    await forgets(ana)
    await ana.answers(question)
    assert ana.sees(NO_LONGER)


async def test_it_holds_for_a_new_member_who_has_practised_since(study):
    ana, question = study.person("Ana"), quiz_of(study)
    await ana.answers(question, right=False)
    await forgets(ana)
    study.clock.advance(minutes=1)
    await ana.uses("/quiz")
    await ana.presses("A")
    await ana.answers(question)
    assert ana.sees(NO_LONGER)


async def test_the_next_question_counts_and_others_are_asked_as_ever(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.answers(quiz_of(study), right=False)
    await forgets(ana)
    await ben.answers(quiz_of(study))
    assert ben.sees("+3 points")
    await study.passes(days=1)
    await ana.answers(quiz_of(study))
    assert ana.sees("+3 points")
    assert await study.problems() == ()


async def test_a_prompt_is_done_and_answered_once(study):
    ana, prompt = study.person("Ana"), study.newest(PROMPT)
    await ana.presses("Mark done", on=prompt)
    await ana.replies("A reply of two sentences. Here is the other.", to=prompt)
    await forgets(ana)
    seen = ana.shown()
    await ana.replies("A reply of two sentences. Here is the other.", to=prompt)
    assert ana.shown() == seen
    await ana.presses("Mark done", on=prompt)
    assert ana.sees(NO_LONGER)
    await ana.uses("/privacy")
    assert ana.sees("I don't know anything about you yet.")


async def test_a_project_may_be_shared_again_and_earns_no_points(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await posts_project(study)
    shared = {"link": "https://example.org/ana", "learned": "Much."}
    await ana.uses("/challenge submit", **shared)
    assert ana.sees("+5 points")
    await forgets(ana)
    await ana.presses("Join", on=study.newest(CHALLENGE))
    await ana.uses("/challenge submit", **shared)
    assert ana.sees("Shared with the group. It earns no points")
    assert "No points yet this week." in await points_of(study, "Ana")
    assert await study.problems() == ()
