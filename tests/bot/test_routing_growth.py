"""Growth of the database by one act of each writing route, repeated at its largest."""

from pathlib import Path

import pytest

from bot.chat import ChannelRef
from bot.handlers import all_routes
from bot.routing import Writes
from tests.support.helpers import PROMPT, post_of, posts_project

pytestmark = pytest.mark.asyncio

DOCS = Path(__file__).parents[2] / "docs" / "operators.md"
MOST_OF_A_MEMBER, MOST_OF_AN_ORGANISER = 360, 2_200
"""Bytes of an act, as the SQL text that makes its rows: both are promised in docs/operators.md."""

NAME = "😀" * 60
ROUNDS = 6


async def join(study, who, n):
    await who.uses("/leave" if n % 2 else "/challenge join")


async def removes(study, who, n):
    await who.uses("/challenge submit", link=f"https://example.org/{n}", learned="😀" * 400)
    await who.uses("/challenge remove")


async def practise(study, who, n):
    await who.uses("/quiz")
    await who.answers(who.last)


async def set_preferences(study, who, n):
    await who.uses("/preferences", zone=("Asia/Tokyo", "America/Argentina/ComodRivadavia")[n % 2])


async def boards(study, who, n):
    await who.uses("/privacy boards", name=("shown", "hidden")[n % 2])


async def done(study, who, n):
    await who.acts(f"mp1|prompt.done|p={post_of(study.newest(PROMPT))}", on=study.newest(PROMPT))


async def writes(study, who, n):
    await who.replies("😀" * 1000, to=study.newest(PROMPT))


async def call(study, who, n):
    await who.uses("/study mention", role="9" * 98 + f"{n:02}", names={"role": NAME})


async def reward(study, who, n):
    await who.uses("/study reward", role="9" * 98 + f"{n:02}", days="365", names={"role": NAME})


async def organiser(study, who, n):
    allow = "no" if n % 2 else "yes"
    await who.uses("/study organiser", member="1" * 20, allow=allow, names={"member": NAME})


async def pause(study, who, n):
    await who.uses("/study pause", until=("27 December", "28 December")[n % 2])


async def resume(study, who, n):
    await who.uses("/study pause" if n % 2 else "/study resume")


async def post_now(study, who, n):
    await who.uses("/study post-now", kind="recap")


async def schedule(study, who, n):
    zone = ("Asia/Tokyo", "America/Argentina/ComodRivadavia")[n % 2]
    await who.uses("/study schedule", kind="challenge", time=f"10:{n:02}", days="daily", zone=zone)


async def zone(study, who, n):
    await who.uses("/study zone", zone=("Asia/Tokyo", "America/Argentina/ComodRivadavia")[n % 2])


async def skip(study, who, n):
    dates = ", ".join(f"{day} {month}" for month in MONTHS for day in range(1, 29, 3))
    await who.uses("/study skip", **{"remove" if n % 2 else "add": dates})


async def move(study, who, n):
    there, here = ("second", "study")[n % 2], ("study", "second")[n % 2]
    who.channel = ChannelRef(study.room.platform, "w", here)
    target = ChannelRef(study.room.platform, "w", there)
    await who.uses("/study move", channel=there, channels={"channel": target})


MONTHS = ("apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MEMBERS = {
    join: {"challenge join", "challenge.join", "leave"},
    removes: {"challenge remove", "challenge.remove"},
    practise: {"quiz", "quiz.again", "quiz.topic", "quiz.answer", "practice.answer", "practice.skip"},
    set_preferences: {"preferences", "preferences.save", "reminder.off"},
    boards: {"privacy boards", "privacy.boards"},
    done: {"prompt.done"},
    writes: {"prompt.written"},
}
ORGANISERS = {
    call: {"study mention"},
    reward: {"study reward"},
    organiser: {"study organiser"},
    pause: {"study pause", "study.pause"},
    resume: {"study resume", "study.resume"},
    post_now: {"study post-now", "study.post_now"},
    schedule: {"study schedule", "study.schedule"},
    zone: {"study zone"},
    skip: {"study skip"},
    move: {"study move"},
}
OF_TWO_ACTS = (practise, removes)
ONCE = {
    "challenge submit", "challenge.built",  # 20 versions are kept: tests/bot/test_shares.py
    "privacy.forget",  # takes away
    "study setup", "study.setup",  # a channel has one group
}  # fmt: skip


async def test_every_route_that_writes_is_measured():
    routes = all_routes()
    writing = {
        name
        for name, route in {**routes.of_commands, **routes.of_actions}.items()
        if route.writes is not Writes.NEVER
    }
    measured = set().union(*MEMBERS.values(), *ORGANISERS.values())
    assert measured | ONCE == writing, "say how the route is done again and again at its largest"


async def test_the_docs_promise_what_is_measured_here():
    told = DOCS.read_text("utf-8")
    assert f"{MOST_OF_A_MEMBER} bytes" in told
    assert f"{MOST_OF_AN_ORGANISER:,} bytes" in told


async def growth_of(study, act, who):
    """Bytes of SQL that an act adds in the end, beyond what the first ones made."""
    sizes = []
    for number in range(2 * ROUNDS):
        study.clock.advance(seconds=61)
        await act(study, who, number)
        assert not who.sees("Something went wrong"), who.shown()
        assert not who.sees("Slowly"), who.shown()
        sizes.append(len(study.dump().encode()))
    return (sizes[-1] - sizes[ROUNDS - 1]) / ROUNDS / (2 if act in OF_TWO_ACTS else 1)


@pytest.mark.parametrize("act", MEMBERS, ids=lambda act: act.__name__)
async def test_a_member_adds_little_by_an_act_that_can_be_done_again_and_again(study, act):
    await posts_project(study)
    eve = study.person("Eve")
    eve.name = NAME
    await practise(study, eve, 0)
    grown = await growth_of(study, act, eve)
    assert grown <= MOST_OF_A_MEMBER


@pytest.mark.parametrize("act", ORGANISERS, ids=lambda act: act.__name__)
async def test_an_organiser_adds_little_by_an_act_that_can_be_done_again_and_again(study, act):
    olga = study.person("Olga", organiser=True)
    olga.name = NAME
    before = study.dump()
    grown = await growth_of(study, act, olga)
    assert study.dump() != before, olga.shown()
    assert grown <= (MOST_OF_AN_ORGANISER if act in (call, reward) else 750), (
        "only roles have long names twice"
    )
