"""The one door: what nobody serves, what is asked for wrongly, who may not, and what is delivered twice."""

import asyncio

import pytest

from bot.chat import CommandInvoked, Latency, ReplyPolicy, Send, Visibility
from tests.support.helpers import posts_project, quiz_of
from tests.support.people import world_at
from tests.support.questions import key_letter
from tests.support.room import words

pytestmark = pytest.mark.asyncio

ORGANISER_ONLY = "Only organisers can do that here."


@pytest.mark.parametrize(
    "action",
    [
        "",
        "nonsense",
        "mp1|quiz.answer|o=a;p=x",
        "mp1|quiz.answer|o=a;p=" + "9" * 19,
        "mp1|",
        "mp1|no.such|",
        "mp2|quiz.answer|o=a;p=1",
        "mp1|quiz.answer|o=a;p=1" + "0" * 99,
    ],
)
async def test_a_button_that_nobody_knows_is_explained_and_changes_nothing(study, action):
    ana, before = study.person("Ana"), study.dump()
    await ana.acts(action)
    assert ana.sees("This button no longer works. Try /help.")
    assert ana.reply.visibility is Visibility.PRIVATE
    assert study.dump() == before


async def test_words_under_a_post_need_somebody_to_serve_them(study):
    study.application.app._routes.on_reply = None
    ana = study.person("Ana")
    await ana.replies("Hello", to=quiz_of(study))
    assert ana.sees("no longer works")


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("/dance", {}, "There is no command /dance. Use /help to see what I can do."),
        ("/" + "x" * 99, {}, f"There is no command /{'x' * 59}…. Use /help"),
        ("/quiz", {"colour": "red"}, "I don't know the option “colour”. Usage: /quiz [topic]"),
        ("/quiz", {"topic": "x" * 201}, "Please shorten “topic” to 200 characters or fewer."),
        ("/leaderboard", {"period": "year"}, "Please choose week, month or all for “period”."),
        (
            "/study schedule",
            {},
            "Please add “kind” (what to schedule). Usage: /study schedule kind [time] [days] [zone]",
        ),
        ("/study schedule", {"kind": " "}, "Please add “kind”"),
        (
            "/study schedule",
            {"kind": "party"},
            "Please choose prompt, quiz, challenge or recap for “kind”.",
        ),
    ],
)
async def test_a_command_used_wrongly_is_explained_and_changes_nothing(study, command, options, sentence):
    olga, before = study.person("Olga", organiser=True), study.dump()
    await olga.uses(command, **options)
    assert olga.sees(sentence), olga.shown()
    assert study.dump() == before


@pytest.mark.parametrize("given", ["month", "MONTH", "This month", " month "])
async def test_a_choice_is_understood_by_its_value_or_label_in_any_case(study, given):
    ana = study.person("Ana")
    await ana.uses("/leaderboard", period=given)
    assert ana.sees("Leaderboard · This month"), ana.shown()


@pytest.mark.parametrize(
    ("bare", "whole"), [("/study", "/study status"), ("/challenge", "/challenge show")]
)
async def test_a_bare_command_does_what_its_first_subcommand_does(study, bare, whole):
    olga = study.person("Olga", organiser=True)
    await olga.uses(whole)
    expected = olga.shown()
    await olga.uses(bare)
    assert olga.shown() == expected
    assert not olga.sees("There is no command")


async def test_a_member_may_not_do_what_is_an_organisers(study):
    ana, olga, before = study.person("Ana"), study.person("Olga", organiser=True), study.dump()
    await ana.uses("/study pause")
    assert ana.sees(ORGANISER_ONLY)
    await ana.uses("/study")
    assert ana.sees(ORGANISER_ONLY)
    await ana.acts("mp1|study.pause|")
    assert ana.sees(ORGANISER_ONLY)
    await ana.forges_form(study.signed("mp1|study.schedule|k=quiz"), time="off")
    assert ana.sees(ORGANISER_ONLY)
    assert study.dump() == before
    await olga.uses("/study schedule", kind="quiz")
    ana.form = olga.form
    await ana.sends(time="off")
    assert ana.sees(ORGANISER_ONLY)


ACTS = {
    "answer": lambda world, ana, olga: ana.answers(quiz_of(world)),
    "practice": lambda world, ana, olga: ana.uses("/quiz"),
    "done": lambda world, ana, olga: ana.presses("Mark done"),
    "join": lambda world, ana, olga: ana.uses("/challenge join"),
    "share": lambda world, ana, olga: ana.uses(
        "/challenge submit", link="https://example.org/x", learned="Much."
    ),
    "preferences": lambda world, ana, olga: ana.uses("/preferences", zone="Asia/Tokyo", rest="sun"),
    "help": lambda world, ana, olga: ana.uses("/help"),
    "set-up": lambda world, ana, olga: olga.uses(
        "/study setup", pack="backend-python", zone="UTC", time="10:00", days="daily"
    ),
    "pause": lambda world, ana, olga: olga.acts("mp1|study.pause|"),
    "post-now": lambda world, ana, olga: olga.uses("/study post-now", kind="quiz"),
}


async def act(world, name):
    """Do one thing; returns the person who did it."""
    if name == "share":
        await posts_project(world)
    ana = world.person("Ana")
    olga = world.person("Olga", organiser=True, channel="second" if name == "set-up" else "study")
    await ACTS[name](world, ana, olga)
    return next(person for person in (ana, olga) if person.did)


@pytest.mark.parametrize("name", ACTS)
async def test_what_is_delivered_twice_gets_the_same_reply_and_is_done_once(study, name):
    person = await act(study, name)
    reply, before = person.reply, study.dump()
    await person.is_delivered_again()
    assert person.reply == reply
    assert study.dump() == before


@pytest.mark.parametrize("name", ACTS)
async def test_what_is_delivered_again_after_a_restart_is_done_once(study, name, tmp_path):
    person = await act(study, name)
    before = study.dump()
    await study.application.database.close()
    async with world_at(tmp_path, clock=study.clock, room=study.room) as restarted:
        person.world = restarted
        await person.is_delivered_again()
        assert isinstance(person.reply, Send)
        assert not person.sees("Something went wrong"), person.shown()
        assert restarted.dump() == before


async def test_only_so_many_replies_are_remembered(study):
    ana = study.person("Ana")
    await ana.uses("/challenge join")
    joined, reply = ana.did, ana.reply
    for number in range(256):
        await study.person(f"Member {number}").uses("/challenge join")
    ana.did = joined
    await ana.is_delivered_again()
    assert ana.reply != reply
    assert ana.sees("You've already joined")


async def test_served_is_told_of_what_was_committed_and_not_of_what_was_refused(study):
    told = []
    study.application.app.served = lambda: told.append(1)
    ana = study.person("Ana")
    await ana.uses("/dance")
    assert not told
    await ana.uses("/help")
    assert not told, "nothing is committed where nothing is written"
    await ana.uses("/challenge join")
    assert told == [1]


@pytest.mark.parametrize(
    ("command", "options", "policy"),
    [
        ("help", {}, ReplyPolicy()),
        ("study", {}, ReplyPolicy()),
        ("study setup", {}, ReplyPolicy(Visibility.PRIVATE, Latency.OPENS_FORM)),
        ("press", {"action": "mp1|challenge.submit|"}, ReplyPolicy(Visibility.PRIVATE, Latency.OPENS_FORM)),
        ("press", {"action": "nonsense"}, ReplyPolicy()),
        ("fill", {"action": "mp1|study.setup|", "values": '"'}, ReplyPolicy()),
        ("dance", {}, ReplyPolicy()),
    ],
)
async def test_how_a_reply_will_come_is_known_before_it_does(world, command, options, policy):
    olga = world.person("Olga", organiser=True)
    await olga.uses("/help")
    options = {
        name: world.signed(text) if text.startswith("mp1") else text for name, text in options.items()
    }
    assert world.application.app.reply_policy(CommandInvoked(olga.did.origin, command, options)) == policy


async def test_who_may_not_open_a_form_is_told_so_in_private(world):
    ana = world.person("Ana")
    await ana.uses("/help")
    policy = world.application.app.reply_policy(CommandInvoked(ana.did.origin, "study setup", {}))
    assert policy.visibility is Visibility.PRIVATE
    await ana.uses("/study setup")
    assert ana.sees(ORGANISER_ONLY)


async def test_a_practice_question_delivered_again_after_a_restart_has_living_buttons(tmp_path):
    async with world_at(tmp_path) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz")
        first, did, clock, room = words(ana.last.message), ana.did, world.clock, world.room
    async with world_at(tmp_path, clock=clock, room=room) as world:
        ana = world.person("Ana")
        ana.did = did
        await ana.is_delivered_again()
        assert words(ana.last.message) == first
        await ana.presses(key_letter(world, ana.last), on=ana.last)
        assert ana.sees("Correct")


async def test_one_event_id_of_two_places_is_two_events(tmp_path):
    async with world_at(tmp_path) as world:
        ana = world.person("Ana", workspace="one")
        ben = world.person("Ben", workspace="two")
        world.room.event_id = lambda: "same"
        await ana.uses("/quiz")
        await ben.uses("/quiz")
        world.room.event_id = lambda: "later"
        await ben.presses(key_letter(world, ben.last), on=ben.last)
        assert ben.sees("Correct")


async def test_two_copies_at_once_are_one_event(tmp_path):
    async with world_at(tmp_path) as world:
        ana, twin = world.person("Ana"), world.person("Ana")
        world.room.event_id = lambda: "same"
        await asyncio.gather(ana.uses("/quiz"), twin.uses("/quiz"))
        assert words(ana.last.message) == words(twin.last.message)
