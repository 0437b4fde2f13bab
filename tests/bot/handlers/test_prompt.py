"""Roadmap prompts: marking them done, a sketch, replies in writing."""

import pytest

from bot.chat import NoReply, encode
from tests.support.helpers import PROMPT, facts, first_prompt, library_with, post_of, quiz_of
from tests.support.people import Room, shipped_library, words, world_at

pytestmark = pytest.mark.asyncio


def prompt_of(world):
    return world.newest(PROMPT)


async def test_the_prompt_says_why_what_to_do_and_what_to_talk_about(study):
    prompt = first_prompt("data-types")
    shown = words(prompt_of(study).message)
    for part in (prompt.why_it_matters, prompt.task, prompt.discuss):
        assert part.replace("\\", "") in shown
    assert "Stop 1 of 54 · " in shown
    assert "0 done · 0 replies" in shown
    assert prompt.answer_sketch.replace("\\", "") not in shown


async def test_marking_done_counts_once(study):
    ana = study.person("Ana")
    await ana.presses("Mark done", on=prompt_of(study))
    assert ana.sees("Done! +1 point · day 1 of your streak.")
    assert ana.sees("Today is done ✓ · Still open: the question on Data types.")
    await ana.presses("Mark done", on=prompt_of(study))
    assert ana.sees("You've already marked this as done.")
    await study.run_once()
    assert "1 done · 0 replies" in words(prompt_of(study).message)
    await ana.uses("/leaderboard")
    assert ana.sees("**Ana** 1 point")
    assert await study.problems() == ()


async def test_a_redelivered_mark_changes_nothing(study):
    ana = study.person("Ana")
    await ana.presses("Mark done", on=prompt_of(study))
    first, before = ana.shown(), study.dump()
    await ana.is_delivered_again()
    assert ana.shown() == first
    assert study.dump() == before


async def test_the_sketch_is_for_the_one_who_asks(study):
    ana = study.person("Ana")
    await ana.presses("Show a sample answer", on=prompt_of(study))
    prompt = first_prompt("data-types")
    assert ana.sees(prompt.answer_sketch.replace("\\", ""))
    assert ana.reply.visibility == "private"
    assert study.channel_posts(about="sketch") == []


async def test_replies_are_counted_once_a_member(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.replies("A bool is an int.", to=prompt_of(study))
    assert ana.sees("Done! +2 points · day 1 of your streak.")
    assert ana.sees("Today is done ✓ · Still open: the question on Data types.")
    ana.last = None
    await ana.replies("And None is not.", to=prompt_of(study))
    assert isinstance(ana.reply, NoReply)
    await ben.replies("Tuples can be keys.", to=prompt_of(study))
    await study.run_once()
    assert "0 done · 2 replies" in words(prompt_of(study).message)
    await ana.uses("/leaderboard")
    assert ana.shown().count("2 points") == 2
    assert await study.problems() == ()


async def test_one_reply_is_told_in_the_singular(study):
    await study.person("Ana").replies("Yes.", to=prompt_of(study))
    await study.run_once()
    assert "· 1 reply" in words(prompt_of(study).message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Your reply is empty."),
        (" \n\t ", "Your reply is empty."),
        ("x" * 2001, "Your reply has 2,001 characters. Please shorten it to 2,000."),
    ],
)
async def test_a_reply_without_or_with_too_much_text_is_refused(study, text, said):
    ana = study.person("Ana")
    before = study.dump()
    await ana.replies(text, to=prompt_of(study))
    assert ana.sees(said)
    assert study.dump() == before


async def test_a_reply_can_be_written_in_a_form(study):
    ana = study.person("Ana")
    await ana.presses("Write a reply", on=prompt_of(study))
    await ana.sends(text="A bool is an int.")
    assert ana.sees("Done! +2 points · day 1 of your streak.")
    await ana.presses("Write a reply", on=prompt_of(study))
    await ana.sends(text="And None is not.")
    assert ana.sees("Only your first reply earns points.")
    assert ana.sees("And None is not.")
    assert "None is not" not in study.dump()
    await ana.acts(encode("prompt.mine", p=post_of(prompt_of(study))))
    assert ana.sees("I don't keep what you write under prompts, so I can't show it again.")
    await study.run_once()
    assert "0 done · 1 reply" in words(prompt_of(study).message)
    assert study.channel_posts(about="bool is an int") == []
    assert await study.problems() == ()


@pytest.mark.parametrize(("text", "said"), [(" ", "is empty"), ("x" * 2001, "2,001 characters")])
async def test_a_form_without_or_with_too_much_text_is_shown_again(study, text, said):
    ana = study.person("Ana")
    await ana.presses("Write a reply", on=prompt_of(study))
    await ana.sends(text=text)
    assert said in ana.reply.errors["text"]
    assert ana.reply.form.fields[0].value == text.strip()
    await study.run_once()
    assert "0 done · 0 replies" in words(prompt_of(study).message)


async def test_a_reply_of_just_the_allowed_length_counts(study):
    ana = study.person("Ana")
    await ana.replies(" " + "x" * 2000 + " ", to=prompt_of(study))
    assert ana.sees("Done!")


async def test_talk_under_anything_else_is_left_alone(study):
    ana = study.person("Ana")
    before = facts(study)
    await ana.replies("I think it is B.", to=quiz_of(study))
    assert isinstance(ana.reply, NoReply)
    await ana.uses("/help")
    await ana.replies("Thanks!", to=ana.last)
    assert isinstance(ana.reply, NoReply)
    assert facts(study) == before


async def test_a_reply_to_an_older_prompt_counts_for_today(study):
    old = prompt_of(study)
    await study.days_pass(2)
    assert prompt_of(study) is not old
    ana = study.person("Ana")
    await ana.replies("Late, but here.", to=old)
    assert ana.sees("Done! +2 points · day 1 of your streak.")
    await study.run_once()
    assert "1 reply" in words(old.message)


async def test_a_prompt_that_left_the_pack_has_no_sketch(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        clock = world.clock
    prompts = dict(shipped_library().packs["backend-python"].prompts)
    del prompts["data-types"]
    library = library_with(prompts=prompts)
    async with world_at(tmp_path, room=room, clock=clock, library=library) as world:
        ana = world.person("Ana")
        await ana.presses("Show a sample answer", on=prompt_of(world))
        assert ana.sees("This prompt is no longer part of the roadmap.")


@pytest.mark.parametrize("route", ["prompt.done", "prompt.sketch"])
async def test_a_button_of_no_prompt_is_refused(study, route):
    ana = study.person("Ana")
    for number in (post_of(quiz_of(study)), 999, "x"):
        await ana.acts(encode(route, p=number))
        assert ana.sees("This button no longer works")


async def test_a_prompt_of_another_workspace_is_out_of_reach(study):
    eve = study.person("Eve", workspace="elsewhere")
    await eve.acts(encode("prompt.done", p=post_of(prompt_of(study))))
    assert eve.sees("This button no longer works")
