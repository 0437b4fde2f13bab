"""Another member's progress: what is shown of it, and of whom nothing is."""

import pytest

from bot.chat import Picture
from tests.support.helpers import quiz_of

pytestmark = pytest.mark.asyncio


def picture(person):
    return next(block for block in person.last.message.blocks if isinstance(block, Picture))


async def test_another_members_progress_is_shown_without_ones_own_buttons(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.answers(quiz_of(study))
    await ben.uses("/progress", member="ana")
    assert ben.sees("Progress of Ana")
    assert ben.sees("Questions answered: 1")
    assert ben.sees("Topics met by step: Learn the basics of Python 12 %")
    assert not ben.sees("Mastery")
    assert not ben.sees("right")
    assert "Mastery" not in picture(ben).svg
    assert not ben.sees("[")
    await ben.uses("/progress", member="ben")
    assert ben.sees("Your progress")


@pytest.mark.parametrize("who", ["nobody", "<@1>"])
async def test_somebody_who_never_took_part_is_told_so(study, who):
    ana = study.person("Ana")
    await ana.uses("/progress", member=who)
    assert ana.sees("This person hasn't taken part yet.")


async def test_a_member_of_another_workspace_stays_unknown(study):
    await study.person("Ana").answers(quiz_of(study))
    eve = study.person("Eve", workspace="elsewhere")
    await eve.uses("/progress", member="ana")
    assert eve.sees("This person hasn't taken part yet.")
