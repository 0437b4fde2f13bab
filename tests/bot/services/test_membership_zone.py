"""The zone of a profile: where a member begins, and that they move when it changes."""

import pytest

pytestmark = pytest.mark.asyncio


async def zones(study):
    """The zones that Ana has had."""

    async def ask(unit):
        member = await unit.members.find(study.person("Ana").user)
        return [row.zone for row in await unit.members.zones(member.id)]

    return await study.run(ask)


async def acts(study, zone):
    """Ana takes part; her profile says this zone."""
    ana = study.person("Ana", zone=zone)
    await ana.uses("/challenge join")
    return ana


async def test_whose_profile_changes_moves_with_it_from_the_next_day_on(study):
    await acts(study, "Asia/Tokyo")
    await study.days_pass(8)
    ana = await acts(study, "Europe/Paris")
    assert await zones(study) == ["Asia/Tokyo", "Europe/Paris"]
    await ana.uses("/preferences")
    await acts(study, "Europe/Paris")
    assert await zones(study) == ["Asia/Tokyo", "Europe/Paris"]


async def test_a_zone_of_ones_own_stays_while_the_profile_does(study):
    ana = await acts(study, "Asia/Tokyo")
    await study.days_pass(8)
    await ana.uses("/preferences", zone="America/Lima")
    await acts(study, "Asia/Tokyo")
    assert await zones(study) == ["Asia/Tokyo", "America/Lima"]


async def test_a_profile_that_changes_too_soon_is_followed_when_it_may_be(study):
    await acts(study, "Asia/Tokyo")
    await study.days_pass(8)
    await acts(study, "Europe/Paris")
    await study.days_pass(2)
    await acts(study, "Asia/Kolkata")
    assert await zones(study) == ["Asia/Tokyo", "Europe/Paris"]
    await study.days_pass(7)
    await acts(study, "Asia/Kolkata")
    assert await zones(study) == ["Asia/Tokyo", "Europe/Paris", "Asia/Kolkata"]


async def test_a_profile_that_names_no_zone_changes_nothing(study):
    await acts(study, "Asia/Tokyo")
    await study.days_pass(8)
    for nothing in (None, "", "Mars/Olympus"):
        await acts(study, nothing)
    assert await zones(study) == ["Asia/Tokyo"]
