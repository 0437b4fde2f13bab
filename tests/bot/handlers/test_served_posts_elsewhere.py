"""What belongs to one group stays in it, also for somebody of the same workspace."""

import pytest

from bot.chat import encode
from tests.support.helpers import PROMPT, facts, post_of, quiz_of
from tests.support.people import items_of, key_letter

pytestmark = pytest.mark.asyncio

STRANGE = "This button no longer works"


def option_of(world, posted):
    """The action of the right letter."""
    return next(i.action for i in items_of(posted.message) if i.label == key_letter(world, posted))


@pytest.mark.parametrize("direct", [False, True])
async def test_a_forged_press_from_elsewhere_gives_no_verdict_and_no_place(study, direct):
    eve = study.person("Eve", channel="lounge", direct=direct)
    before = facts(study)
    await eve.acts(option_of(study, quiz_of(study)))
    assert eve.sees(STRANGE)
    for route in ("prompt.done", "prompt.sketch"):
        await eve.acts(encode(route, p=post_of(study.newest(PROMPT))))
        assert eve.sees(STRANGE)
    assert facts(study) == before


async def test_a_group_of_ones_own_does_not_open_another_one(study):
    await study.founds(channel="lounge")
    eve = study.person("Eve", channel="lounge")
    await eve.uses("/challenge join")
    alone = study.person("Eve", direct=True)
    for person in (eve, alone):
        await person.acts(option_of(study, quiz_of(study)))
        assert person.sees(STRANGE)


async def test_a_member_may_press_in_a_direct_conversation(study):
    await study.person("Ana").presses("Mark done", on=study.newest(PROMPT))
    alone = study.person("Ana", direct=True)
    await alone.acts(option_of(study, quiz_of(study)))
    assert alone.sees("✓ Correct")


@pytest.mark.parametrize("direct", [False, True])
async def test_the_progress_of_somebody_without_a_shared_group_stays_unknown(study, direct):
    await study.person("Ana").answers(quiz_of(study))
    await study.founds(channel="lounge")
    eve = study.person("Eve", channel="lounge", direct=direct)
    await eve.uses("/challenge join")
    await eve.uses("/progress", member="ana")
    ana_is_unknown = eve.shown()
    await eve.uses("/progress", member="nobody")
    assert eve.shown() == ana_is_unknown
    assert eve.sees("This person hasn't taken part yet.")
    await eve.uses("/progress", member="eve")
    assert eve.sees("Your progress")


async def test_who_shares_a_group_is_shown_wherever_one_asks(study):
    await study.person("Ana").answers(quiz_of(study))
    await study.person("Ben").answers(quiz_of(study))
    ben = study.person("Ben", direct=True)
    await ben.uses("/progress", member="ana")
    assert ben.sees("Progress of Ana")
