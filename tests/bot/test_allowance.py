"""Nobody does so much that others wait: what one person may do in a time, and what they are told."""

import asyncio
import re

import pytest

from bot.allowance import A_DAY, AT_ONCE
from bot.chat import FormErrors, FormSubmitted, NoReply, Send, Visibility
from tests.support.helpers import PROMPT, posts_project, quiz_of
from tests.support.people import world_at
from tests.support.room import words

pytestmark = pytest.mark.asyncio

SLOWLY = "Slowly, please. Try again in 5 seconds."


@pytest.fixture
def units(study):
    """The units of work that were asked for, as ``read`` and ``run``."""
    asked, database = [], study.application.database
    run = database.run

    def runs(use_case, *, writes=True):
        asked.append("run" if writes else "read")
        return run(use_case, writes=writes)

    database.run = runs
    return asked


async def uses_up(person):
    """Do as much as may be done at once."""
    for _ in range(AT_ONCE):
        await person.uses("/help")
        assert not person.sees("Slowly"), person.shown()


async def test_whoever_is_too_fast_is_told_when_to_try_again_in_private_and_no_unit_is_opened(study, units):
    eve = study.person("Eve")
    await uses_up(eve)
    units.clear()
    for _ in range(1000):
        await eve.uses("/progress")
        assert eve.shown() == SLOWLY
        assert isinstance(eve.reply, Send)
        assert eve.reply.visibility is Visibility.PRIVATE
    assert units == []
    study.clock.advance(seconds=5)
    for _ in range(5):
        await eve.uses("/help")
        assert not eve.sees("Slowly")
    await eve.uses("/help")
    assert eve.shown() == SLOWLY


async def test_during_a_flood_everybody_else_is_served(study):
    eve, others = study.person("Eve"), [study.person(f"Member {n}") for n in range(30)]
    flood = [asyncio.create_task(study.person("Eve").uses("/progress")) for _ in range(1000)]
    await asyncio.gather(*(who.answers(quiz_of(study)) for who in others))
    await asyncio.gather(*flood)
    assert all(who.sees("Correct") for who in others)
    await eve.uses("/help")
    assert eve.shown() == SLOWLY


async def test_of_one_persons_acts_one_is_served_at_a_time_so_that_others_stand_between_them(study):
    app = study.application.app
    served, look = [], app._look

    async def looks(call, commands):
        served.append(call.origin.user.id)
        return await look(call, commands)

    app._look = looks
    eves = [study.person("Eve").uses("/progress") for _ in range(AT_ONCE)]
    others = [study.person(f"Member {number}").uses("/progress") for number in range(10)]
    await asyncio.gather(*eves, *others)
    assert served[0] == "eve"
    assert set(served[1:11]) == {f"member {number}" for number in range(10)}
    assert served.count("eve") == AT_ONCE
    assert len(app._turns) == 0


async def test_three_hundred_who_answer_at_once_and_practise_never_meet_it(study):
    question = quiz_of(study)

    async def takes_part(number):
        who = study.person(f"Member {number}")
        await who.answers(question)
        assert who.sees("Correct"), who.shown()
        for typed in ("/progress", "/leaderboard", "/streak", "/quiz"):
            await who.uses(typed)
            assert not who.sees("Slowly")
        await who.answers(who.last)
        assert who.sees("Correct"), who.shown()

    await asyncio.gather(*(takes_part(number) for number in range(300)))


async def test_half_an_hour_of_quick_practice_never_meets_it(study):
    ana = study.person("Ana")
    for _ in range(100):
        await ana.uses("/quiz")
        assert not ana.sees("Slowly")
        study.clock.advance(seconds=9)
        await ana.answers(ana.last)
        assert not ana.sees("Slowly")
        study.clock.advance(seconds=9)


async def test_what_a_day_may_hold_is_bounded_too_and_the_sentence_counts_minutes(study):
    eve, acts = study.person("Eve"), study.application.app.allowance.acts
    done = 0
    while not acts.take(eve.user, study.clock.now().timestamp()):
        done += 1
        study.clock.advance(seconds=1)
    assert A_DAY <= done <= A_DAY * 1.05
    await eve.uses("/help")
    assert eve.shown() == "Slowly, please. Try again in 4 minutes."
    study.clock.advance(days=1)
    await eve.uses("/help")
    assert not eve.sees("Slowly")


async def test_a_clock_that_is_put_back_keeps_nobody_out(study):
    ana = study.person("Ana")
    await uses_up(ana)
    study.clock.advance(days=-2)
    await ana.uses("/help")
    assert not ana.sees("Slowly")


@pytest.mark.parametrize("how", ["command", "button", "menu", "old button", "unknown", "forged"])
async def test_every_kind_of_act_counts(study, how):
    eve, question = study.person("Eve"), quiz_of(study)
    await eve.uses("/roadmap")
    acts = {
        "command": lambda: eve.uses("/streak"),
        "button": lambda: eve.answers(question),
        "menu": lambda: eve.chooses("1. "),
        "unknown": lambda: eve.uses("/dance"),
        "old button": lambda: eve.acts("mp1|progress.mine|"),
        "forged": lambda: eve.forges("mp1|no.such|"),
    }
    before = study.dump()
    for _ in range(AT_ONCE - 1):
        await study.person("Eve").uses("/help")
    await acts[how]()
    assert eve.shown() == SLOWLY
    assert study.dump() == before
    ana = study.person("Ana")
    await ana.answers(question)
    assert ana.sees("Correct")


async def test_a_form_stays_open_with_what_was_typed(study):
    eve = study.person("Eve")
    await posts_project(study)
    await eve.uses("/challenge submit")
    for _ in range(AT_ONCE):
        await study.person("Eve").uses("/help")
    form = eve.form
    typed = {"link": "https://example.org/x", "learned": "That it takes long. " * 10}
    await eve.sends(**typed)
    assert isinstance(eve.reply, FormErrors)
    assert eve.errors == {"": SLOWLY}
    assert {f.name: f.value for f in eve.form.fields} == typed
    assert eve.form.action == form.action
    study.clock.advance(seconds=5)
    await eve.sends(**typed)
    assert eve.sees("Shared with the group"), eve.shown()


async def test_where_a_form_cannot_stay_open_its_words_are_shown_again(study):
    from adapters.discord.limits import CAPABILITIES as DISCORD

    eve = study.person("Eve")
    await posts_project(study)
    await eve.uses("/challenge submit")
    typed = {"link": "https://example.org", "learned": "Long words. " * 20}
    sent = FormSubmitted(eve._origin(), eve.form.action, typed)
    for _ in range(AT_ONCE):
        await study.person("Eve").uses("/help")
    reply = await study.application.app.handle(sent, DISCORD)
    assert isinstance(reply, Send)
    assert reply.message.summary == SLOWLY
    assert "Long words. Long words." in words(reply.message)


async def test_a_page_that_is_opened_again_and_again_stays_as_it_is(study):
    eve = study.person("Eve", direct=True)
    for _ in range(AT_ONCE):
        await eve.opens_home()
        assert isinstance(eve.reply, Send)
    for _ in range(1000):
        await eve.opens_home()
        assert isinstance(eve.reply, NoReply)


async def test_suggestions_are_counted_apart_and_stop_without_a_word(study, units):
    eve = study.person("Eve")
    for _ in range(40):
        assert await eve.completes("quiz", "topic", "h")
    units.clear()
    assert [await eve.completes("quiz", "topic", "h") for _ in range(1000)] == [()] * 1000
    assert units == []
    await eve.uses("/quiz")
    assert not eve.sees("Slowly"), "typing fast costs no act"
    assert await study.person("Ana").completes("quiz", "topic", "h")
    study.clock.advance(seconds=1)
    assert await eve.completes("quiz", "topic", "h")


async def test_talk_in_threads_costs_a_look_and_no_row_and_many_words_not_even_that(study, units):
    eve, question = study.person("Eve"), quiz_of(study)
    before = study.dump()
    for number in range(60):
        await eve.replies(f"What I think, part {number}", to=question)
        assert isinstance(eve.reply, NoReply)
    assert units == ["read"] * 60
    units.clear()
    for number in range(1000):
        await eve.replies(f"And another thing, {number}", to=question)
        assert isinstance(eve.reply, NoReply)
    assert units == []
    assert study.dump() == before
    await eve.uses("/help")
    assert not eve.sees("Slowly"), "who only talks does nothing with Milepost"


async def test_replies_to_a_prompt_count_as_acts(study):
    eve, prompt = study.person("Eve"), study.newest(PROMPT)
    await eve.replies("A reply.", to=prompt)
    assert eve.sees("Done!"), eve.shown()
    for _ in range(AT_ONCE - 1):
        await study.person("Eve").uses("/help")
    await eve.replies("Another one.", to=prompt)
    assert eve.shown() == SLOWLY


async def test_one_person_in_many_groups_has_one_allowance_and_in_two_workspaces_two(tmp_path):
    async with world_at(tmp_path) as world:
        for number in range(3):
            await world.founds(channel=f"study-{number}")
        for number in range(AT_ONCE):
            await world.person("Eve", channel=f"study-{number % 3}").uses("/progress")
        for channel in ("study-0", "study-1", "lounge"):
            eve = world.person("Eve", channel=channel)
            await eve.uses("/progress")
            assert eve.shown() == SLOWLY
        eve = world.person("Eve", direct=True)
        await eve.uses("/progress")
        assert eve.shown() == SLOWLY
        elsewhere = world.person("Eve", workspace="another")
        await elsewhere.uses("/help")
        assert not elsewhere.sees("Slowly"), "an id of another workspace is another person's"


async def test_who_was_forgotten_for_others_starts_with_a_full_bucket_and_memory_is_bounded(study):
    acts = study.application.app.allowance.acts
    await uses_up(study.person("Eve"))
    for number in range(12_000):
        acts.take(study.person(f"Id {number}").user, 0.0)
    assert len(acts) == 10_000
    eve = study.person("Eve")
    await eve.uses("/help")
    assert not eve.sees("Slowly")


async def test_the_sentence_is_plain():
    from bot.allowance import slowly

    told = [slowly(seconds) for seconds in (0.2, 1, 4.1, 90, 91, 216, 3600)]
    assert all(
        re.fullmatch(r"Slowly, please\. Try again in \d+ (seconds?|minutes)\.", each) for each in told
    )
    assert told[0] == "Slowly, please. Try again in 1 second."
    assert told[4] == "Slowly, please. Try again in 2 minutes."
