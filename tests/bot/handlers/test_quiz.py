"""Practice: a question now, for one member alone, with hints, in a channel or a direct conversation."""

import pytest

from bot.chat import decode, encode
from bot.library import Library
from tests.support.helpers import library_with, pack_like, quiz_of
from tests.support.people import Room, items_of, question_in, shipped_library, words, world_at

pytestmark = pytest.mark.asyncio


def practice_of(person):
    return decode(items_of(person.last.message)[0].action).params["d"]


async def test_a_practice_question_is_for_one_alone(study):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    assert ana.sees("Practice · ")
    assert ana.sees("only you can see this")
    assert ana.reply.visibility == "private"
    assert study.channel_posts(about="Practice") == []


@pytest.mark.parametrize(("right", "title"), [(True, "✓ Correct"), (False, "✗ Not quite")])
async def test_an_answer_counts_for_the_streak_but_earns_no_points(study, right, title):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    await ana.answers(ana.last, right=right)
    assert ana.sees(title)
    assert ana.sees("Streak: 1 day")
    assert ana.sees("[Next question]")
    await ana.uses("/leaderboard")
    assert ana.sees("No points yet this week.")
    assert await study.problems() == ()


@pytest.mark.parametrize("typed", ["csrf", "CSRF", "Cross-site request forgery (CSRF)"])
async def test_a_topic_is_found_by_id_title_or_the_words_of_the_article(study, typed):
    pack = study.library.packs["backend-python"]
    ana = study.person("Ana")
    await ana.uses("/quiz", topic=typed if typed != "CSRF" else pack.topic("csrf").article_term)
    assert question_in(study, ana.last) in pack.questions["csrf"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("databasis", "There is no topic “databasis” on this roadmap. Did you mean “Databases”?"),
        ("**x** <@1>", "There is no topic “**x** <@1>” on this roadmap. Find the topics with /roadmap."),
    ],
)
async def test_an_unknown_topic_is_answered_with_the_nearest(study, typed, said):
    ana = study.person("Ana")
    await ana.uses("/quiz", topic=typed)
    assert ana.sees(said)


async def test_who_practises_in_a_groups_channel_is_of_the_group(study):
    ana, olga = study.person("Ana"), study.person("Olga", organiser=True)
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    await study.passes(minutes=1)
    await olga.uses("/study post-now", kind="recap")
    await study.run_once()
    assert "Took part: 1 member" in words(study.newest("The week in review").message)


async def test_topics_are_suggested_while_typing(study):
    ana = study.person("Ana")
    titles = [choice.label for choice in await ana.completes("quiz", "topic", "data")]
    assert titles[0] == "Data types"
    assert all("data" in title.casefold() for title in titles)
    assert len(await ana.completes("quiz", "topic", "")) == 25


async def test_where_there_is_no_group_the_first_pack_is_practised(world):
    ana = world.person("Ana", channel="elsewhere")
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    assert ana.sees("✓ Correct")
    assert ana.sees("Today is done ✓")
    assert await ana.completes("quiz", "topic", "django")
    assert await world.problems() == ()


async def test_questions_come_least_answered_first(study):
    ana = study.person("Ana")
    asked = []
    for _ in range(4):
        await ana.uses("/quiz", topic="http")
        asked.append(question_in(study, ana.last).id)
        await ana.answers(ana.last)
    known = study.library.packs["backend-python"].questions["http"]
    assert len(set(asked)) == min(4, len(known))


async def test_hints_come_one_by_one_under_the_question(study):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    question, served = question_in(study, ana.last), ana.last
    assert question.hints[0] not in words(served.message)
    await ana.presses("Hint")
    assert f"**Hint:** {question.hints[0]}".replace("\\", "") in words(served.message)
    assert question.hints[1] not in words(served.message)
    await ana.presses("Hint")
    assert question.hints[1].replace("\\", "") in words(served.message)
    assert "[Hint]" not in words(served.message)
    await ana.answers(served)
    assert ana.sees("✓ Correct")


async def test_a_forged_number_of_hints_shows_those_there_are(study):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    question = question_in(study, ana.last)
    await ana.presses("Hint")
    on = ana.last
    await ana._do(
        type(ana.did)(ana._origin(on), study.signed(encode("practice.hint", d=practice_of(ana), n=99)))
    )
    assert question.hints[1].replace("\\", "") in words(on.message)


async def test_a_practice_question_is_answered_once(study):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    served = ana.last
    await ana.answers(served)
    before = study.dump()
    await ana.answers(served, right=False)
    assert ana.sees("You've already answered this one. Use /quiz for another question.")
    assert study.dump() == before


async def test_a_redelivered_answer_is_answered_again_also_after_a_restart(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz")
        await ana.answers(ana.last)
        first, clock, did, before = ana.shown(), world.clock, ana.did, world.dump()
    async with world_at(tmp_path, room=room, clock=clock) as world:
        ana = world.person("Ana")
        ana.did = did
        await ana.is_delivered_again()
        assert ana.shown() == first
        assert world.dump() == before


@pytest.mark.parametrize("route", ["practice.answer", "practice.hint"])
async def test_the_question_of_somebody_else_is_refused(study, route):
    ana, eve = study.person("Ana"), study.person("Eve")
    await ana.uses("/quiz")
    option = decode(items_of(ana.last.message)[0].action).params["o"]
    await eve.uses("/help")
    await eve.acts(encode(route, d=practice_of(ana), o=option, n=1))
    assert eve.sees("This button no longer works")
    await ana.answers(ana.last)
    assert ana.sees("✓ Correct")


@pytest.mark.parametrize("number", ["999", "", "x"])
async def test_an_unknown_practice_question_is_refused(study, number):
    ana = study.person("Ana")
    await ana.acts(encode("practice.answer", d=number, o="a"))
    assert ana.sees("This button no longer works")


async def test_an_option_that_is_none_is_refused(study):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    await ana.acts(encode("practice.answer", d=practice_of(ana), o="none-of-them"))
    assert ana.sees("That isn't one of the options")


async def test_the_reveal_leads_to_practice_on_its_topic(study):
    ana, quiz = study.person("Ana"), quiz_of(study)
    topic = study.library.packs["backend-python"].topic_of(question_in(study, quiz).id)
    await study.passes(days=1)
    await ana.presses("Practise this topic", on=quiz)
    assert ana.sees(f"Practice · {topic.title}")


async def test_the_next_question_follows_the_verdict(study):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    first = question_in(study, ana.last)
    await ana.answers(ana.last)
    await ana.presses("Next question")
    assert question_in(study, ana.last) != first


async def test_a_button_for_a_topic_that_is_gone_is_refused(study):
    ana = study.person("Ana")
    await ana.acts(encode("quiz.topic", t="cobol"))
    assert ana.sees("This button no longer works")


async def test_a_topic_without_questions_is_told_in_a_sentence(tmp_path):
    pack = shipped_library().packs["backend-python"]
    library = library_with(questions={k: v for k, v in pack.questions.items() if k != "http"})
    async with world_at(tmp_path, library=library) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz", topic="http")
        assert ana.sees("There are no questions on this topic yet.")


async def test_in_a_direct_conversation_the_newest_group_of_the_person_counts(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    alone = study.person("Ana", direct=True)
    await alone.uses("/quiz")
    await alone.answers(alone.last)
    assert alone.sees("Still open: the prompt on Data types.")
    stranger = study.person("Eve", direct=True)
    await stranger.uses("/leaderboard")
    assert stranger.sees("You aren't in a study group yet.")


async def test_without_any_pack_the_operator_is_pointed_at(tmp_path):
    async with world_at(tmp_path, library=Library({})) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz")
        assert ana.sees("No roadmap is installed yet.")
        assert await ana.completes("quiz", "topic", "") == ()
        assert await ana.completes("roadmap", "step", "") == ()


async def test_a_pack_that_is_no_longer_installed_is_named(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        clock, room = world.clock, world.room
    pack = shipped_library().packs["backend-python"]
    other = pack_like(pack, info=pack.info.model_copy(update={"id": "other"}))
    library = Library({"other": other})
    async with world_at(tmp_path, clock=clock, room=room, library=library) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz")
        assert ana.sees("This group's roadmap, backend-python, is no longer installed.")
        assert ana.sees("The operator needs to install it again")


async def test_a_button_of_practice_names_no_post(study):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    for item in items_of(ana.last.message):
        assert "p" not in decode(item.action).params
