"""Commands that the palette offers."""

from __future__ import annotations

import pytest

from adapters.playground import palette
from adapters.playground.config import PEOPLE, channel_ref
from tests.adapters.playground.fakes import COMMANDS, FakeApp

MAYA, ANA = PEOPLE[:2]


async def offer(text, who=ANA):
    app = FakeApp()

    async def complete(command, option, typed):
        return await app.complete(command.name, option.name, typed, channel_ref("backend"), ANA)

    return await palette.offer(text, who, COMMANDS, PEOPLE, complete)


def inserts(offered):
    return [suggestion.insert for suggestion in offered.suggestions]


@pytest.mark.asyncio
async def test_a_slash_lists_the_commands_but_no_hidden_one():
    labels = [suggestion.label for suggestion in (await offer("/")).suggestions]
    assert "/quiz [topic]" in labels
    assert not [label for label in labels if label.startswith(("/answer", "/study"))]


@pytest.mark.asyncio
async def test_an_organiser_is_offered_what_organisers_may_do():
    assert inserts(await offer("/stu", MAYA)) == ["/study setup ", "/study schedule "]
    assert inserts(await offer("/study se", MAYA)) == ["/study setup "]


@pytest.mark.asyncio
async def test_a_command_offers_values_of_its_first_option_and_the_option_by_name():
    offered = await offer("/quiz ")
    assert inserts(offered) == [
        "/quiz topic:http ",
        '/quiz topic:"http caching" ',
        "/quiz topic:sql ",
        "/quiz topic:",
    ]
    assert (offered.usage, offered.complete) == ("/quiz [topic]", True)


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["/quiz sq", "/quiz topic:sq", "/quiz topic: sq", '/quiz topic:"sq'])
async def test_the_core_completes_what_is_being_typed(text):
    assert inserts(await offer(text)) == ["/quiz topic:sql "]


@pytest.mark.asyncio
async def test_an_option_just_named_offers_its_values():
    assert inserts(await offer("/study schedule kind:", MAYA)) == [
        "/study schedule kind:quiz ",
        "/study schedule kind:prompt ",
    ]


@pytest.mark.asyncio
async def test_what_is_filled_is_not_offered_again():
    assert inserts(await offer("/study schedule kind:quiz ", MAYA)) == ["/study schedule kind:quiz time:"]
    assert inserts(await offer("/quiz topic:http ")) == []


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["/progress @b", "/progress member:b", "/progress b"])
async def test_members_are_offered_by_name(text):
    assert inserts(await offer(text)) == ["/progress member:@Ben "]


@pytest.mark.asyncio
async def test_it_says_when_the_command_may_be_sent():
    assert (await offer("/announce ")).complete is False
    assert (await offer("/announce hello")).complete is True
