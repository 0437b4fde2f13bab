"""Contract of inbound events: each says who acted, where, when, and with what."""

from __future__ import annotations

import pytest

from adapters.contract.app import ScriptedApp
from adapters.contract.place import Place, Types
from bot.chat import ActionInvoked, Actions, Button, CommandInvoked, Message

pytestmark = pytest.mark.asyncio


async def test_a_command_arrives_with_its_options(place: Place, app: ScriptedApp) -> None:
    await place.person("Ana").uses("/note", text="a few words", kind="2")
    used = app.seen[-1]
    assert isinstance(used, CommandInvoked)
    assert (used.name, used.args) == ("note", {"text": "a few words", "kind": "2"})


async def test_a_command_without_options_has_none(place: Place, app: ScriptedApp) -> None:
    await place.person("Ana").uses("/quiz")
    assert app.seen[-1].args == {}


async def test_a_person_in_an_option_is_their_id(place: Place, app: ScriptedApp) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    await ana.uses("/progress", member=ben)
    assert app.seen[-1].args == {"member": ben.user.id}


async def test_a_command_of_two_words(place: Place, app: ScriptedApp) -> None:
    await place.person("Olga", organiser=True).uses("/study setup", zone="Europe/Berlin")
    assert (app.seen[-1].name, app.seen[-1].args) == ("study setup", {"zone": "Europe/Berlin"})


async def test_it_is_told_who_did_it_and_where(place: Place, app: ScriptedApp) -> None:
    ana = place.person("Ana")
    await ana.uses("/quiz")
    origin = app.seen[-1].origin
    assert origin.user == ana.user
    assert origin.display_name == "Ana"
    assert origin.channel == place.channel
    assert origin.message is None


async def test_an_organiser_is_known_and_a_member_is_none(place: Place, app: ScriptedApp) -> None:
    await place.person("Olga", organiser=True).uses("/quiz")
    assert app.seen[-1].origin.is_admin
    await place.person("Ana").uses("/quiz")
    assert not app.seen[-1].origin.is_admin


async def test_the_instant_is_that_of_the_click(place: Place, app: ScriptedApp) -> None:
    ana = place.person("Ana")
    await place.adapter.send(place.channel, Message("s", (Actions((Button("Go", "mp1|go|"),)),)), "key")
    await place.passes(3600)
    await ana.presses("Go")
    assert isinstance(app.seen[-1], ActionInvoked)
    assert app.seen[-1].origin.happened_at == place.now()


async def test_two_clicks_are_two_events(place: Place, app: ScriptedApp) -> None:
    ana = place.person("Ana")
    await place.adapter.send(place.channel, Message("s", (Actions((Button("Go", "mp1|go|"),)),)), "key")
    await ana.presses("Go")
    await ana.presses("Go")
    assert len({interaction.origin.event_id for interaction in app.seen}) == 2


async def test_what_is_being_typed_is_completed_by_the_core(place: Place, app: ScriptedApp) -> None:
    ana = place.person("Ana")
    if not isinstance(ana, Types):
        pytest.skip("this platform completes nothing while a command is typed")
    assert await ana.types("quiz", "topic", "data") == ["data-types"]
    assert app.asked[-1] == ("quiz", "topic", "data", place.channel)
    assert app.seen == []
