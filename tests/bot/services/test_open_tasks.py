"""Tasks that are still open for a member, shown after each act."""

import pytest

from bot.domain.model import PostKind
from storage.tables import post as post_rows
from tests.support.helpers import PROMPT, quiz_of
from tests.support.people import world_at

pytestmark = pytest.mark.asyncio

QUESTION = "Still open: the question on Data types."
BOTH = "Still open: the question on Data types and the prompt on Data types."


@pytest.fixture
def ana(study):
    return study.person("Ana")


async def test_practice_leaves_question_and_prompt_open(study, ana):
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    assert ana.sees(f"Today is done ✓ · {BOTH}")


@pytest.mark.parametrize("how", ["done", "replied"])
async def test_a_prompt_done_or_replied_to_is_open_no_longer(study, ana, how):
    prompt = study.newest(PROMPT)
    await (ana.presses("Mark done", on=prompt) if how == "done" else ana.replies("Here.", to=prompt))
    assert ana.sees(f"Today is done ✓ · {QUESTION}")
    await ana.answers(quiz_of(study))
    assert ana.sees("Today is done ✓")
    assert not ana.sees("Still open")


async def test_a_question_that_is_closed_is_not_open(study, ana):
    await study.person("Olga", organiser=True).uses("/study pause")
    study.clock.advance(days=1)
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    assert ana.sees("Still open: the prompt on Data types.")


async def test_an_older_prompt_done_leaves_the_newest_open(study, ana):
    old = study.newest(PROMPT)
    await study.days_pass(2)
    await ana.presses("Mark done", on=old)
    assert ana.sees("Still open: the question on ")
    assert ana.sees(" and the prompt on Variables.")


async def test_a_topic_of_a_pack_that_is_gone_has_its_id(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        await world.passes(minutes=31)
        ana = world.person("Ana")
        await ana.uses("/quiz")

        async def rename(unit):
            post = await unit.posts.open_of(1, PostKind.PROMPT)
            await unit.session.now(
                post_rows.update().where(post_rows.c.id == post.id).values(topic="gone"), post_rows, {}
            )

        await world.run(rename)
        await ana.answers(ana.last)
        assert ana.sees("and the prompt on gone.")
