"""Routes that say that they only read change no table, and every route says whether it reads."""

import dataclasses

import pytest
import pytest_asyncio

from bot.chat import UserRef, decode
from bot.handlers import all_routes
from bot.ports import WritesAfterAll
from bot.routing import Writes
from tests.support.helpers import CHALLENGE, PROMPT, post_of, quiz_of
from tests.support.people import items_of

pytestmark = pytest.mark.asyncio

ALL = all_routes()

COMMANDS_THAT_WRITE = {
    "challenge join",
    "challenge remove",
    "leave",
    "privacy boards",
    "quiz",
    "study mention",
    "study move",
    "study organiser",
    "study pause",
    "study post-now",
    "study resume",
    "study reward",
    "study schedule",
    "study zone",
}
ACTIONS_THAT_WRITE = {
    "challenge.built",
    "challenge.join",
    "challenge.remove",
    "practice.answer",
    "practice.skip",
    "preferences.save",
    "privacy.boards",
    "privacy.forget",
    "prompt.done",
    "prompt.written",
    "quiz.again",
    "quiz.answer",
    "quiz.topic",
    "reminder.off",
    "study.pause",
    "study.post_now",
    "study.resume",
    "study.schedule",
    "study.setup",
}
COMMANDS_THAT_READ = {
    "challenge list": {},
    "challenge show": {},
    "challenge submit": {},
    "help": {},
    "privacy export": {},
    "privacy forget": {},
    "privacy show": {},
    "leaderboard": {"period": "all"},
    "next": {},
    "preferences": {},
    "progress": {"member": "ben"},
    "roadmap": {"step": "1"},
    "streak": {},
    "study log": {},
    "study organisers": {},
    "study setup": {},
    "study skip": {},
    "study status": {},
}
ACTIONS_THAT_READ = {
    "challenge.details": "c={challenge}",
    "challenge.file": "c={challenge};n=1;part=1",
    "challenge.files": "c={challenge}",
    "challenge.list": "c={challenge}",
    "challenge.show": "",
    "challenge.submit": "",
    "practice.hint": "d={practice};n=1",
    "practice.open": "d={practice}",
    "leaderboard.show": "period=month",
    "preferences.open": "",
    "privacy.ask": "",
    "privacy.export": "",
    "privacy.keep": "",
    "privacy.part": "n=1",
    "progress.mine": "",
    "prompt.mine": "p={prompt}",
    "prompt.sketch": "p={prompt}",
    "prompt.write": "p={prompt}",
    "quiz.open": "p={quiz}",
    "reminder.question": "p={quiz}",
    "roadmap.step": "",
    "study.log": "b=1;g={group}",
}


async def test_every_route_is_known_to_read_or_to_write():
    reading = {name for name, route in ALL.of_commands.items() if route.writes is not Writes.ALWAYS}
    assert reading == set(COMMANDS_THAT_READ)
    assert set(ALL.of_commands) - reading == COMMANDS_THAT_WRITE
    reading = {name for name, route in ALL.of_actions.items() if route.writes is not Writes.ALWAYS}
    assert reading == set(ACTIONS_THAT_READ)
    assert set(ALL.of_actions) - reading == ACTIONS_THAT_WRITE
    for name, route in ALL.of_commands.items():
        if route.writes is Writes.WITH_OPTIONS:
            assert not COMMANDS_THAT_READ[name], "the bare command is what reads"


@pytest_asyncio.fixture
async def filled(study):
    """A group with members, a practice question, a reply, a share and a question that was closed."""
    await study.days_pass(1)
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study post-now", kind="challenge")
    await study.run_once()
    for name in ("Ana", "Ben"):
        who = study.person(name, zone="Europe/Rome")
        await who.answers(quiz_of(study))
        await who.replies("Something that I found out.", to=study.newest(PROMPT))
        await who.uses("/challenge submit", link="https://example.org/x", learned=f"Much, says {name}")
        await who.uses("/quiz", topic="http")
    await study.run_once()
    return study


def somebody(study, who):
    known = who in ("Ana", "Olga")
    return study.person(
        "Nobody" if who.startswith("Nobody") else who,
        zone="Europe/Rome" if known else "Asia/Tokyo",
        organiser=who == "Olga",
        direct=who == "Nobody alone",
        channel="lounge" if who == "Nobody elsewhere" else "study",
    )


def ids_in(study):
    """Parameter values that buttons carry: ids of posts, of the group and of its project."""
    project = items_of(study.newest(CHALLENGE).message)[0].action
    posts = {"prompt": post_of(study.newest(PROMPT)), "quiz": post_of(quiz_of(study))}
    return posts | {"practice": 1, "group": 1, "challenge": decode(project).params["c"]}


WHO = ("Ana", "Olga", "Nobody", "Nobody alone", "Nobody elsewhere")


@pytest.mark.parametrize("who", WHO)
async def test_no_reading_command_changes_a_row_whoever_uses_it(filled, who):
    before = filled.dump()
    for name, options in COMMANDS_THAT_READ.items():
        person = somebody(filled, who)
        await person.uses(f"/{name}", **options)
        assert not person.sees("Something went wrong"), (name, person.shown())
        assert not person.sees("Slowly"), name
        await person.is_delivered_again()
        filled.clock.advance(seconds=5)
        assert filled.dump() == before, name
    assert await filled.problems() == ()


@pytest.mark.parametrize("who", WHO)
async def test_no_reading_button_changes_a_row_whoever_presses_it(filled, who):
    before = filled.dump()
    ids = ids_in(filled)
    for name, parameters in ACTIONS_THAT_READ.items():
        person, choice = somebody(filled, who), ("1",) if name == "roadmap.step" else ()
        await person.acts(f"mp1|{name}|{parameters.format(**ids)}", *choice)
        assert not person.sees("Something went wrong"), (name, person.shown())
        assert not person.sees("Slowly"), name
        await person.is_delivered_again()
        filled.clock.advance(seconds=5)
        assert filled.dump() == before, name


@pytest.mark.parametrize("who", WHO)
async def test_a_page_that_is_opened_changes_no_row(filled, who):
    assert ALL.on_home is not None
    assert ALL.on_home.writes is Writes.NEVER
    before = filled.dump()
    await somebody(filled, who).opens_home()
    assert filled.dump() == before


async def test_the_buttons_really_lead_somewhere(filled):
    """Guard the test above: a refused action reads nothing, so it would prove little."""
    ids = ids_in(filled)
    for name, parameters in ACTIONS_THAT_READ.items():
        ana, choice = somebody(filled, "Ana"), ("1",) if name == "roadmap.step" else ()
        await ana.acts(f"mp1|{name}|{parameters.format(**ids)}", *choice)
        assert not ana.sees("no longer works"), name
        filled.clock.advance(seconds=5)


async def test_a_new_name_is_taken_over_by_whoever_only_reads_and_then_nothing_more_is_written(filled):
    anabel = dataclasses.replace(somebody(filled, "Ana"), name="Anabel")
    await anabel.uses("/leaderboard")
    assert anabel.sees("Anabel")
    before = filled.dump()
    await anabel.uses("/leaderboard")
    await anabel.uses("/help")
    assert filled.dump() == before
    events = [line for line in before.splitlines() if 'INTO "event' in line or 'INTO "events"' in line]
    assert not any("event-" in line and "leaderboard" in line for line in events)


async def test_a_long_absence_is_looked_up_once_and_kept(filled):
    ana = somebody(filled, "Ana")
    await filled.days_pass(20)
    await ana.uses("/streak")
    shown, before = ana.shown(), filled.dump()
    await ana.uses("/streak")
    assert (ana.shown(), filled.dump()) == (shown, before)
    assert await filled.problems() == ()


async def test_what_a_reading_command_shows_is_right_also_when_it_is_delivered_again(filled):
    ana = somebody(filled, "Ana")
    await ana.uses("/challenge show")
    assert ana.sees("2 built"), ana.shown()
    again = ana.did
    cid = somebody(filled, "Cid")
    await cid.uses("/challenge submit", link="https://example.org/y", learned="Enough")
    ana.did = again
    await ana.is_delivered_again()
    assert ana.sees("3 built"), ana.shown()


@pytest.mark.parametrize("typed", ["/help", "/progress", "/streak", "/leaderboard", "/roadmap", "/next"])
async def test_nobody_becomes_a_member_by_looking(study, typed):
    await study.person("Nobody", zone="Asia/Tokyo").uses(typed)

    async def ask(unit):
        return await unit.members.find(UserRef("room", "w", "nobody"))

    assert await study.run(ask) is None


async def test_a_visitor_sees_their_own_zone_and_no_progress_and_is_a_member_once_they_act(study):
    nora = study.person("Nora", zone="Asia/Tokyo")
    await nora.uses("/preferences")
    assert nora.sees("Asia/Tokyo")
    await nora.uses("/progress")
    assert nora.sees("Your progress"), nora.shown()
    await nora.uses("/progress", member="nora")
    assert nora.sees("Your progress"), nora.shown()
    await nora.uses("/leaderboard")
    assert not nora.sees("Nora")
    await nora.answers(quiz_of(study))
    await nora.uses("/leaderboard")
    assert nora.sees("Nora")


async def test_a_unit_that_only_reads_keeps_nothing_when_it_writes(study):
    async def writes(unit):
        unit.events.record("never", study.clock.now())

    before = study.dump()
    with pytest.raises(WritesAfterAll):
        await study.application.database.read(writes)
    assert study.dump() == before
