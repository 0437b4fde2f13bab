"""The question "Did you mean …?" names what is near to what was typed, and else nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.toolkit.nearest import nearest
from tests.support.people import world_at


@pytest.mark.asyncio
async def test_nonsense_gets_no_suggestion(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        ana = world.person("Ana")
        await ana.uses("/quiz", topic="**bold** @everyone")
        assert not ana.sees("Did you mean"), ana.shown()


@pytest.mark.asyncio
async def test_a_name_that_is_mistyped_gets_its_own(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        ana = world.person("Ana")
        await ana.uses("/quiz", topic="Contol structurs")
        assert ana.sees("Control structures"), ana.shown()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "typed", ["Pythn basics", "xyzzy", "@everyone", "x", "???", "learn rust", "🙂", "q" * 200]
)
async def test_what_is_like_no_topic_gets_no_topic(study, typed):
    ana = study.person("Ana")
    await ana.uses("/quiz", topic=typed)
    assert ana.sees("There is no topic")
    assert not ana.sees("Did you mean"), ana.shown()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("databases", "“Learn a database”"),
        ("framework", "“Learn a web framework”"),
        ("databse", "“Learn a database”"),
        ("Learn about securty", "“Learn about security”"),
        ("xyzzy", ""),
        ("learn", ""),
    ],
)
async def test_a_step_is_suggested_by_a_word_of_it(study, typed, meant):
    ana = study.person("Ana")
    await ana.uses("/roadmap", step=typed)
    assert ana.sees("Choose a number from 1 to 8.")
    assert ana.sees(f"Did you mean {meant}?") if meant else not ana.sees("Did you mean")


NAMES = (
    "Databases",
    "Control structures",
    "Object-oriented programming",
    "leaderboard",
    "Variables",
    "Security",
)


@given(st.sampled_from(NAMES), st.integers(0, 30), st.sampled_from(["drop", "double", "swap", "change"]))
def test_one_slip_in_a_name_leads_to_it(name, at, slip):
    at %= len(name) - 1
    slipped = {
        "drop": name[:at] + name[at + 1 :],
        "double": name[:at] + name[at] + name[at:],
        "swap": name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        "change": name[:at] + "q" + name[at + 1 :],
    }[slip]
    assert nearest(slipped, NAMES) == (name,)


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=20))
def test_whatever_is_typed_no_more_names_come_than_were_asked_for(typed, names):
    found = nearest(typed, names)
    assert len(found) <= 2
    assert set(found) <= set(names)
