"""``/example``: what the group here studies."""

import pytest

from tests.support.people import world_at
from tools.scaffold.views.example import example_message

pytestmark = pytest.mark.asyncio


async def test_a_member_is_told_in_private_what_the_group_studies(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        ana = world.person("Ana")
        await ana.uses("/example")
        assert ana.sees("Hello, Ana")
        assert ana.sees("This group studies **Backend web development with Python**.")
        assert await world.problems() == ()


async def test_where_there_is_no_group_it_says_so(tmp_path):
    async with world_at(tmp_path) as world:
        ana = world.person("Ana")
        await ana.uses("/example")
        assert ana.sees("This channel isn't a study group yet.")


async def test_a_title_is_shown_as_it_is():
    message = example_message("Ana", "*Stars*")
    assert message.summary == "Hello, Ana. This group studies *Stars*."
    assert r"\*Stars\*" in message.blocks[1].markdown
