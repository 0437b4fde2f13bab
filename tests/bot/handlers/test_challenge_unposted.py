"""A project earns only where it was posted, and can be joined no earlier than as the next one."""

from dataclasses import replace

import pytest

from bot.chat import OpenForm, encode
from bot.domain.model import PostKind, PostState
from tests.support.helpers import CHALLENGE, every_project, facts, posts_project
from tests.support.people import items_of, shipped_library

pytestmark = pytest.mark.asyncio

LINK = "https://example.org/ana"


def pack():
    return shipped_library().packs["backend-python"]


async def set_state(world, kind, state, **changes):
    """Give the newest post of a kind another state."""

    async def change(unit):
        (newest,) = await unit.posts.history(1, kind, 1)
        await unit.posts.save(replace(newest, state=state, **changes))
        return newest

    return await world.run(change)


@pytest.mark.parametrize("challenge", sorted(c.id for c in every_project()))
async def test_a_project_that_was_not_posted_earns_nothing(study, challenge):
    ana = study.person("Ana")
    before = [line for line in facts(study) if "submission" in line or "activity" in line]
    for typed in ({}, {"link": LINK, "learned": "Much."}):
        await ana.uses("/challenge submit", **typed)
        assert ana.sees("This project hasn't been posted in your group yet.")
    await ana.acts(encode("challenge.submit", c=challenge))
    assert ana.sees("This project hasn't been posted in your group yet.")
    await ana.forges_form(study.signed(encode("challenge.built", c=challenge)), link=LINK, learned="Much.")
    assert ana.sees("This project hasn't been posted in your group yet.")
    after = [line for line in facts(study) if "submission" in line or "activity" in line]
    assert after == before


async def test_a_project_that_is_far_ahead_can_be_looked_at_and_not_joined(study):
    ana, last = study.person("Ana"), every_project()[-1]
    await ana.acts(encode("challenge.show", c=last.id))
    assert ana.sees(last.title)
    assert ana.sees("Not posted in your group yet")
    assert "[Join]" not in ana.shown()
    assert "[Share my project]" not in ana.shown()
    await ana.acts(encode("challenge.join", c=last.id))
    assert ana.sees("This project hasn't been posted in your group yet.")


async def test_a_project_that_failed_to_come_or_waits_earns_nothing_and_counts_once_it_is_there(study):
    post = await posts_project(study)
    unsent = {"message": None, "sent_at": None, "attempted_at": None}
    ana = study.person("Ana")
    for state in (PostState.PLANNED, PostState.MISSED, PostState.FAILED):
        await set_state(study, PostKind.CHALLENGE, state, **unsent)
        await ana.uses("/challenge submit", link=LINK, learned="Much.")
        assert ana.sees("hasn't been posted"), state
    sent = {"message": post.ref, "sent_at": study.clock.now(), "attempted_at": study.clock.now()}
    await set_state(study, PostKind.CHALLENGE, PostState.SENT, **sent)
    await ana.uses("/challenge submit", link=LINK, learned="Much.")
    assert ana.sees("Shared with the group.")


async def test_the_project_of_another_group_earns_nothing_here(study):
    await study.founds("lounge")
    await posts_project(study, "lounge")
    ana = study.person("Ana")
    join = next(
        i.action for i in items_of(study.newest(CHALLENGE, "lounge").message) if "submit" in i.action
    )
    await ana.forges(join)
    assert ana.sees("This project hasn't been posted in your group yet.")


async def test_a_project_may_be_joined_in_the_moment_in_which_it_arrives(study):
    post = await posts_project(study)
    arriving = {"message": None, "sent_at": None, "attempted_at": study.clock.now()}
    await set_state(study, PostKind.CHALLENGE, PostState.PLANNED, **arriving)
    ana = study.person("Ana")
    await ana.presses("Share my project", on=post)
    assert isinstance(ana.reply, OpenForm)
