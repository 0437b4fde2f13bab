"""Admins name others who may organise too."""

import pytest

from tests.support.people import words

pytestmark = pytest.mark.asyncio

REFUSED = "Only organisers can do that here."


async def test_whoever_is_named_may_organise_until_that_is_taken_back(study):
    olga, ana = study.person("Olga", organiser=True), study.person("Ana")
    await ana.uses("/study pause")
    assert ana.sees(REFUSED)
    await olga.uses("/study organiser", member=ana.user.id)
    assert olga.sees("can now organise groups here")
    await ana.uses("/study pause")
    assert ana.sees("Paused")
    await ana.uses("/help")
    assert ana.sees("/study resume")
    await olga.uses("/study organiser", member=ana.user.id, allow="no")
    await ana.uses("/study resume")
    await ana.uses("/study status")
    assert words(ana.last.message).startswith(REFUSED)


async def test_whoever_is_named_names_nobody(study):
    olga, ana, ben = study.person("Olga", organiser=True), study.person("Ana"), study.person("Ben")
    await olga.uses("/study organiser", member=ana.user.id)
    await ana.uses("/study organiser", member=ben.user.id)
    assert ana.sees("Only admins can add or remove organisers.")
    await ben.uses("/study pause")
    assert ben.sees(REFUSED)


async def test_a_name_holds_in_its_own_workspace_alone(study):
    await study.founds("elsewhere", workspace="other")
    olga, ana = study.person("Olga", organiser=True), study.person("Ana")
    await olga.uses("/study organiser", member=ana.user.id)
    there = study.person("Ana", channel="elsewhere", workspace="other")
    await there.uses("/study pause")
    assert there.sees(REFUSED)
