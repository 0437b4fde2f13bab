"""Making a channel a study group."""

import pytest

from bot.chat import OpenForm, encode
from bot.library import Library
from tests.support.helpers import QUIZ, facts
from tests.support.people import world_at

pytestmark = pytest.mark.asyncio

GOOD = {"pack": "backend-python", "zone": "Europe/Berlin", "time": "09:30", "days": "mon-fri"}


def organiser(world, **where):
    return world.person("Olga", organiser=True, **where)


async def test_four_options_make_a_group_at_once(world):
    olga = organiser(world)
    await olga.uses("/study setup", **GOOD)
    assert olga.sees("This channel now follows **Backend web development with Python**")
    assert olga.sees("**Roadmap prompt**: 09:30, Mon, Wed, Fri; next Mon 2 Mar, 09:30")
    assert olga.sees("**Question**: 09:30, weekdays; next Mon 2 Mar, 09:30")
    assert olga.sees("**Project**: 12:30, weekdays; next Mon 2 Mar, 12:30")
    assert olga.sees("**Weekly recap**: 09:30, Sun; next Sun 8 Mar, 09:30")
    await olga.presses("Post a question now")
    await world.run_once()
    assert len(world.channel_posts(about=QUIZ)) == 1


@pytest.mark.parametrize(
    ("typed", "filled"),
    [
        ({}, {"pack": "backend-python", "zone": "", "time": "09:00", "days": "mon-fri"}),
        ({"zone": "Asia/Tokyo"}, {"zone": "Asia/Tokyo", "time": "09:00"}),
        ({"time": "7:15", "days": "sat"}, {"time": "7:15", "days": "sat", "zone": ""}),
        ({"pack": "nope"}, {"pack": "backend-python"}),
    ],
)
async def test_fewer_options_open_a_form_that_holds_them(world, typed, filled):
    olga = organiser(world)
    await olga.uses("/study setup", **typed)
    assert isinstance(olga.reply, OpenForm)
    assert filled.items() <= {f.name: f.value for f in olga.form.fields}.items()
    await olga.sends(**GOOD)
    assert olga.sees("The study group is set up")


async def test_every_wrong_field_of_the_form_is_told_at_once(world):
    olga = organiser(world)
    await olga.uses("/study setup")
    await olga.sends(pack="nope", zone="Berlin", time="25:00", days="someday")
    assert olga.errors.keys() == {"pack", "zone", "time", "days"}
    assert "Choose from: backend-python." in olga.errors["pack"]
    assert "Did you mean Europe/Berlin?" in olga.errors["zone"]
    kept = {f.name: f.value for f in olga.form.fields}
    assert kept == {"pack": "backend-python", "zone": "Berlin", "time": "25:00", "days": "someday"}
    await olga.sends(**GOOD)
    assert olga.sees("The study group is set up")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"pack": "nope"}, "There is no roadmap “nope”."),
        ({"time": "soon"}, "I can't read “soon” as a time. Please use 24-hour time"),
        ({"days": "none"}, "Choose at least one day, such as mon-fri."),
        ({"zone": "Mars/Base"}, "I don't know the time zone “Mars/Base”."),
        ({"zone": "Mars/Base", "time": "9"}, "“9” could be 09:00 or 21:00."),
    ],
)
async def test_wrong_options_are_refused_in_sentences(world, wrong, said):
    olga = organiser(world)
    await olga.uses("/study setup", **GOOD | wrong)
    assert olga.sees(said)
    assert (await world.run(lambda unit: unit.groups.all())) == ()


async def test_a_second_group_in_a_channel_is_refused(study):
    olga = organiser(study)
    before = facts(study)
    for act in (olga.uses("/study setup", **GOOD), olga.uses("/study setup")):
        await act
        assert olga.sees("This channel is already a study group.")
    await olga.acts(encode("study.setup"))
    assert facts(study) == before


async def test_a_form_that_another_organiser_was_faster_with_is_refused(world):
    olga, otto = organiser(world), world.person("Otto", organiser=True)
    await olga.uses("/study setup")
    await otto.uses("/study setup")
    await otto.sends(**GOOD)
    await olga.sends(**GOOD)
    assert olga.sees("This channel is already a study group.")


async def test_a_direct_conversation_is_no_place_for_a_group(world):
    olga = organiser(world, direct=True)
    await olga.uses("/study setup", **GOOD)
    assert olga.sees("A study group needs a channel.")


async def test_without_a_pack_there_is_nothing_to_set_up(tmp_path):
    async with world_at(tmp_path, library=Library({})) as bare:
        olga = organiser(bare)
        await olga.uses("/study setup", **GOOD)
        assert olga.sees("No roadmap is installed yet. The operator can find out why with: milepost doctor")


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("/study setup", GOOD),
        ("/study schedule", {"kind": "quiz", "time": "10:00"}),
        ("/study pause", {}),
        ("/study resume", {}),
        ("/study status", {}),
        ("/study zone", {"zone": "Asia/Tokyo"}),
        ("/study post-now", {"kind": "quiz"}),
    ],
)
async def test_only_an_organiser_runs_the_group(study, command, options):
    ana = study.person("Ana")
    before = study.dump()
    await ana.uses(command, **options)
    assert ana.sees("Only organisers can do that here.")
    assert study.dump() == before


@pytest.mark.parametrize("action", ["study.setup", "study.schedule", "study.pause", "study.post_now"])
async def test_a_forged_button_makes_nobody_an_organiser(study, action):
    ana = study.person("Ana")
    before = study.dump()
    await ana.acts(encode(action, k="quiz"))
    assert ana.sees("Only organisers can do that here.")
    assert study.dump() == before


async def test_zones_and_packs_are_suggested_while_typing(world):
    olga = organiser(world)
    assert [c.value for c in await olga.completes("study setup", "pack", "back")] == ["backend-python"]
    assert "Europe/Berlin" in [c.value for c in await olga.completes("study setup", "zone", "berl")]
    zones = await olga.completes("study schedule", "zone", "utc")
    assert zones[0].value == "UTC"
