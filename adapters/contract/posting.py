"""Posting: once for a key, changed in place, to one person, and failing in one of four kinds."""

from __future__ import annotations

import pytest

from adapters.contract.app import said
from adapters.contract.looking import reads, received, seen
from adapters.contract.place import Place, Roles
from bot.chat import Forbidden, Gone, MessageRef, Rejected, Transient

pytestmark = pytest.mark.asyncio

KINDS = {kind.__name__: kind for kind in (Forbidden, Gone, Rejected, Transient)}


async def test_a_post_is_seen_by_all_in_its_channel(place: Place) -> None:
    ref = await place.adapter.send(place.channel, said("Good morning."), "key")
    assert ref.channel == place.channel
    for name in ("Ana", "Ben"):
        (words,) = await seen(place.person(name))
        assert "Good morning." in words


async def test_two_posts_under_one_key_are_one(place: Place) -> None:
    first = await place.adapter.send(place.channel, said("Once."), "key")
    second = await place.adapter.send(place.channel, said("Once."), "key")
    assert first == second
    assert len(await seen(place.person("Ana"))) == 1


async def test_two_keys_are_two_posts(place: Place) -> None:
    refs = [await place.adapter.send(place.channel, said("Again."), key) for key in ("a", "b")]
    assert len(set(refs)) == len(await seen(place.person("Ana"))) == 2


async def test_a_post_is_changed_in_place(place: Place) -> None:
    ref = await place.adapter.send(place.channel, said("Before."), "key")
    await place.adapter.edit(ref, said("After."))
    (words,) = await seen(place.person("Ana"))
    assert "After." in words
    assert "Before." not in words


async def test_a_direct_post_is_for_one_person_and_once_for_a_key(place: Place) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    refs = [await place.adapter.direct(ana.user, said("A word with you."), "key") for _ in range(2)]
    assert refs[0] == refs[1]
    assert refs[0].channel.direct
    (words,) = await received(ana)
    assert "A word with you." in words
    assert not await received(ben)
    assert not await reads(ben, "A word with you.")


async def test_a_direct_post_is_changed_in_place(place: Place) -> None:
    ana = place.person("Ana")
    ref = await place.adapter.direct(ana.user, said("Before."), "key")
    await place.adapter.edit(ref, said("After."))
    (words,) = await received(ana)
    assert "After." in words


async def test_a_channel_that_is_not_there_is_gone(place: Place) -> None:
    with pytest.raises(Gone):
        await place.adapter.send(place.unknown, said("Hello?"), "key")
    assert not await seen(place.person("Ana"))


@pytest.mark.parametrize("number", ["1477938511872000099", "none", "", "²", "../x"])
async def test_a_message_that_is_not_there_is_gone(place: Place, number: str) -> None:
    with pytest.raises(Gone):
        await place.adapter.edit(MessageRef(place.channel, number), said("Hello?"))


@pytest.mark.parametrize("kind", KINDS)
async def test_what_the_platform_refuses_is_told_by_its_kind(place: Place, kind: str) -> None:
    if not place.refuse(kind):
        pytest.skip("this platform refuses nothing in this way")
    with pytest.raises(KINDS[kind]) as caught:
        await place.adapter.send(place.channel, said("Hello?"), "key")
    assert type(caught.value) is KINDS[kind]
    assert str(caught.value)
    await place.adapter.send(place.channel, said("Hello!"), "key")
    assert len(await seen(place.person("Ana"))) == 1


async def test_a_role_is_entered_and_left_however_often_it_is_said(place: Place) -> None:
    ana = place.person("Ana")
    if not place.adapter.capabilities.roles:
        with pytest.raises(Rejected):
            await place.adapter.grant_role(place.channel, ana.user, "1")
        with pytest.raises(Rejected):
            await place.adapter.revoke_role(place.channel, ana.user, "1")
        return
    assert isinstance(place, Roles)
    role = place.role()
    for change, held in ((place.adapter.grant_role, True), (place.adapter.revoke_role, False)):
        for _ in range(2):
            await change(place.channel, ana.user, role)
            assert place.holds(role, ana) is held


async def test_nothing_is_posted_after_the_end(place: Place) -> None:
    await place.adapter.stop()
    with pytest.raises(Transient):
        await place.adapter.send(place.channel, said("Hello?"), "key")
