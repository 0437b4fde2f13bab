"""Practice never serves, nor tells the key of, a question that a group of the member is asking."""

import itertools
from dataclasses import replace

import pytest

from bot.chat import decode, encode
from bot.domain.model import Met, PostState
from bot.domain.selection import KeptBack, choose_practice, with_twins
from bot.library import Library
from content.model import Status
from tests.support.helpers import pack_like, quiz_of
from tests.support.people import items_of, question_in, shipped_library, world_at

pytestmark = pytest.mark.asyncio


KEPT = "so practice waits until"


def shipped():
    return shipped_library().packs["backend-python"]


def small_pack(*topics, questions=4):
    """The shipped pack with few topics, so that the group and practice meet often."""
    wanted = topics or tuple(topic.id for topic in shipped().topics[:3])
    kept = {topic: found[:questions] for topic, found in shipped().questions.items() if topic in wanted}
    return Library({"backend-python": pack_like(shipped(), questions=kept)})


async def waiting(world):
    """Question ids that are planned or open in any group."""

    async def look(unit):
        groups = [group.id for group in await unit.groups.all()]
        return {question for _, question in await unit.posts.waiting_questions(groups)}

    return await world.run(look)


def is_practice(person):
    return "Practice · " in person.shown()


async def test_today_s_question_is_not_served_by_its_topic(study):
    question = question_in(study, quiz_of(study))
    topic = shipped().topic_of(question.id)
    ana = study.person("Ana")
    for _ in range(12):
        await ana.uses("/quiz", topic=topic.id)
        assert question_in(study, ana.last) != question
        await ana.answers(ana.last)
        study.clock.advance(seconds=10)


async def test_practice_at_large_leaves_out_what_the_group_is_likely_to_ask_in_a_week(study):
    ana = study.person("Ana")
    practised = set()
    for _ in range(20):
        await ana.uses("/quiz")
        practised.add(question_in(study, ana.last).id)
        await ana.answers(ana.last)
        study.clock.advance(seconds=10)
    asked = set()
    for _ in range(5):
        asked.add(question_in(study, quiz_of(study)).id)
        await study.days_pass(1)
    assert not practised & asked


async def test_a_topic_whose_only_question_is_open_says_so_and_offers_another_topic(tmp_path):
    async with world_at(tmp_path, library=small_pack(questions=1)) as world:
        await world.founds()
        await world.passes(minutes=31)
        question = question_in(world, quiz_of(world))
        topic = shipped().topic_of(question.id)
        ana = world.person("Ana")
        await ana.uses("/quiz", topic=topic.id)
        assert ana.sees(f"Every question on {topic.title} is a study group's to answer at the moment")
        (offer,) = items_of(ana.last.message)
        await ana.presses(offer.label)
        assert is_practice(ana)
        assert question_in(world, ana.last) != question


async def test_where_everything_is_open_practice_waits(tmp_path):
    async with world_at(tmp_path, library=small_pack("data-types", questions=1)) as world:
        await world.founds()
        await world.passes(minutes=31)
        ana = world.person("Ana")
        await ana.uses("/quiz")
        assert ana.sees(KEPT)
        await ana.presses("Another question")
        assert ana.sees(KEPT)


async def test_a_channel_counts_before_one_has_joined_its_group(study):
    question = question_in(study, quiz_of(study))
    topic = shipped().topic_of(question.id)
    for person in (study.person("Eve"), study.person("Eve", channel="lounge")):
        for _ in range(6):
            await person.uses("/quiz", topic=topic.id)
            assert question_in(study, person.last) != question


async def test_every_group_of_the_member_counts_wherever_they_practise(study):
    await study.founds("second", workspace="elsewhere")
    await study.slots_pass(days=3)
    there = study.person("Olga", organiser=True, channel="second", workspace="elsewhere")
    await there.uses("/study post-now", kind="quiz")
    await study.run_once()
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    alone = study.person("Ana", direct=True)
    open_here = question_in(study, quiz_of(study))
    for _ in range(8):
        await alone.uses("/quiz", topic=shipped().topic_of(open_here.id).id)
        assert question_in(study, alone.last) != open_here


async def practised_before_it_opens(world):
    """Ana practises the very question that the group then asks; returns it and the topic."""
    ana = world.person("Ana", direct=True)
    coming = {}
    for topic in shipped().topics[:2]:
        for _ in range(4):
            await ana.uses("/quiz", topic=topic.id)
            coming[question_in(world, ana.last).id] = ana.last
    await world.founds()
    await world.passes(minutes=31)
    question = question_in(world, quiz_of(world))
    return ana, question, coming[question.id]


@pytest.mark.parametrize("label", ["Hint", "answer", "wrong answer"])
async def test_old_practice_of_the_open_question_gives_nothing_away(world, label):
    ana, question, practice = await practised_before_it_opens(world)
    ana = world.person("Ana")
    before = world.dump().count('INTO "answer"')
    if label == "Hint":
        await ana.presses("Hint", on=practice)
    else:
        await ana.answers(practice, right=label == "answer")
    assert ana.sees(KEPT), ana.shown()
    assert question.explanation not in ana.shown()
    assert world.dump().count('INTO "answer"') == before
    await world.days_pass(1)
    await ana.answers(practice)
    assert ana.sees("✓ Correct")


async def test_an_event_delivered_again_tells_no_key_of_a_question_that_has_opened_since(world):
    ana = world.person("Ana", direct=True)
    told = {}
    for topic in shipped().topics[:2]:
        for _ in range(4):
            await ana.uses("/quiz", topic=topic.id)
            question = question_in(world, ana.last).id
            served = ana.did
            await ana.answers(ana.last)
            told[question] = (served, ana.did)
    await world.founds()
    await world.passes(minutes=31)
    question = question_in(world, quiz_of(world))
    here = world.person("Ana")
    await here.uses("/challenge join")
    for event in told[question.id]:
        ana.did = event
        await ana.is_delivered_again()
        assert ana.sees(KEPT), ana.shown()


async def test_the_verdict_of_an_old_post_is_not_told_again_while_the_question_is_open(tmp_path):
    async with world_at(tmp_path, library=small_pack("data-types", questions=1)) as world:
        await world.founds()
        await world.passes(minutes=31)
        ana, old = world.person("Ana"), quiz_of(world)
        await ana.answers(old, right=False)
        verdict = ana.did
        await world.days_pass(1)
        if quiz_of(world) == old:
            pytest.skip("the group is not asked its only question again")
        ana.did = verdict
        await ana.is_delivered_again()
        assert ana.sees("This question is closed.")
        await ana.acts(verdict.action)
        assert ana.sees("This question is closed.")


async def test_what_has_not_come_yet_cannot_be_answered_nor_looked_at(study):
    quiz = quiz_of(study)
    number = int(decode(items_of(quiz.message)[0].action).params["p"])

    async def take_back(unit):
        sent = await unit.posts.get(number)
        await unit.posts.save(replace(sent, state=PostState.PLANNED, message=None, sent_at=None))

    await study.run(take_back)
    ana = study.person("Ana")
    key = question_in(study, quiz).key.id
    for action in (encode("quiz.answer", p=number, o=key), encode("reminder.question", p=number)):
        await ana.acts(action)
        assert not ana.sees(question_in(study, quiz).stem)
        assert not ana.sees("Correct")


async def test_quiz_again_offers_another_question_and_so_does_skip(study):
    ana = study.person("Ana")
    seen = []
    served = [each for each in shipped().questions["http"] if each.status is Status.ACTIVE]
    await ana.uses("/quiz", topic="http")
    for turn in range(len(served) + 2):
        seen.append(question_in(study, ana.last).id)
        await (ana.presses("Skip", on=ana.last) if turn % 2 else ana.uses("/quiz", topic="http"))
        assert shipped().topic_of(question_in(study, ana.last).id).id == "http"
    assert all(one != other for one, other in itertools.pairwise(seen))
    assert set(seen) == {each.id for each in served}


async def test_skip_puts_the_next_question_in_the_place_of_the_old_one(study):
    ana = study.person("Ana")
    await ana.uses("/quiz")
    served, first = ana.last, question_in(study, ana.last)
    await ana.presses("Hint")
    await ana.presses("Skip", on=served)
    assert question_in(study, served) != first
    assert await study.problems() == ()


async def test_a_question_can_be_tried_again_from_a_button(study):
    ana = study.person("Ana")
    old = question_in(study, quiz_of(study))
    await ana.acts(encode("quiz.again", q=old.id))
    assert ana.sees(KEPT)
    await study.days_pass(1)
    await ana.acts(encode("quiz.again", q=old.id))
    assert question_in(study, ana.last) == old
    await ana.is_delivered_again()
    await ana.answers(ana.last)
    assert ana.sees("✓ Correct")
    await ana.acts(encode("quiz.again", q="nothing"))
    assert not is_practice(ana)


@pytest.mark.parametrize("twin", ["replaces", "is replaced", "same words"])
async def test_a_twin_of_the_open_question_is_kept_back_too(tmp_path, twin):
    first, second, *_ = [each for each in shipped().questions["data-types"] if not each.replaces]
    other = {
        "replaces": second.model_copy(update={"replaces": first.id}),
        "is replaced": second,
        "same words": second.model_copy(update={"stem": first.stem, "code": first.code}),
    }[twin]
    one = first.model_copy(update={"replaces": second.id}) if twin == "is replaced" else first
    one = one.model_copy(update={"status": Status.RETIRED})
    pack = pack_like(shipped(), questions={"data-types": (one, other)})
    assert with_twins(pack, [one]) == {one.id, other.id}
    assert choose_practice(pack, None, {}, KeptBack(with_twins(pack, [one]))) is None
    assert with_twins(shipped(), [first]) == {first.id}


async def test_practice_rotates_and_takes_what_is_coming_only_as_a_last_resort():
    pack = shipped()
    questions = [question.id for question in pack.questions["http"]]
    met = {questions[0]: Met(1, 9), **{question: Met(5, 1) for question in questions[1:]}}
    assert choose_practice(pack, "http", met).id != questions[0]
    alone = KeptBack(soon=frozenset(questions[1:]))
    assert choose_practice(pack, "http", met, alone).id == questions[0]
    everything = KeptBack(soon=frozenset(questions))
    assert choose_practice(pack, "http", {}, everything).id in questions
    assert choose_practice(pack, "http", {}, KeptBack(asked=frozenset(questions))) is None
