"""What stands in for buttons, forms and a home page exists only where a platform lacks them."""

import pytest

from bot.chat import Capabilities
from bot.routing import STALE
from tests.support.helpers import quiz_of
from tests.support.people import Room, items_of, world_at

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("line", ["/press", "/fill"])
async def test_where_there_are_buttons_and_forms_nothing_stands_in_for_them(study, line):
    ana, before = study.person("Ana"), study.dump()
    action = items_of(quiz_of(study).message)[0].action
    await ana.uses(line, action=action)
    assert ana.shown() == f"There is no command {line}. Use /help to see what I can do."
    assert study.dump() == before


@pytest.mark.parametrize(
    ("lacks", "there"),
    [
        ({}, set()),
        ({"buttons": False}, {"press"}),
        ({"selects": False}, {"press"}),
        ({"forms": False}, {"fill"}),
        ({"home": False}, {"home"}),
        ({"buttons": False, "selects": False, "forms": False, "home": False}, {"press", "fill", "home"}),
    ],
)
async def test_only_what_a_platform_lacks_is_typed(tmp_path, lacks, there):
    room = Room(capabilities=Capabilities(**({"home": True} | lacks)))
    async with world_at(tmp_path, room=room) as world:
        offered = {command.name for command in world.application.app.commands_for(room.capabilities)}
        assert offered & {"press", "fill", "home"} == there
        ana = world.person("Ana")
        for name in ("press", "fill", "home"):
            await ana.uses(f"/{name}")
            assert ana.sees("There is no command") is (name not in there), name
        await ana.uses("/help")
        assert not any(f"\n/{name}" in ana.shown() for name in ("press", "fill", "home"))


async def test_an_unsigned_id_is_not_believed_when_it_is_typed(tmp_path):
    room = Room(capabilities=Capabilities(buttons=False, selects=False, forms=False))
    async with world_at(tmp_path, room=room) as world:
        ana = world.person("Ana")
        for action in ("mp1|progress.mine|", "mp1|quiz.topic|"):
            await ana.uses("/press", action=action)
            assert ana.sees(STALE)
            await ana.uses("/press", action=world.signed(action))
            assert not ana.sees(STALE)
