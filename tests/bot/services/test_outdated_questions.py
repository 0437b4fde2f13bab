"""Questions that change while they are open: they close with a sentence, and nobody loses anything."""

import pytest

from bot.chat import Transient
from bot.domain.model import PostKind
from bot.domain.questions import shape
from bot.domain.reasons import Ending
from content.model import Status, parse_question
from tests.support.helpers import library_with, post_of, quiz_of, serve
from tests.support.kinds import ALL, KINDS, filled, library_asking, question_of
from tests.support.people import Room, items_of, question_in, shipped_library, words, world_at

pytestmark = pytest.mark.asyncio

CHANGED = "This question was changed while it was open, so it closed early."
KEPT = "Answers that were already given keep their points."
TOO_LATE = "This question was changed after it was posted, so it's closed."


def without_a_wrong_option(question):
    wrong = next(option for option in question.options if not option.correct)
    return question.model_copy(update={"options": tuple(o for o in question.options if o is not wrong)})


def with_one_option_more(question):
    more = question.options[0].model_copy(update={"id": "one-more", "text": "Seven", "correct": False})
    return question.model_copy(update={"options": (*question.options[:4], more)})


def as_another_kind(question):
    without = {"type", "answer", "mistakes", "verify"}
    written = question.model_dump(mode="json", exclude=without) | {"type": "multi"}
    written["options"][0]["correct"] = written["options"][1]["correct"] = True
    return parse_question(written)


def reworded(question):
    said = tuple(o.model_copy(update={"text": f"Rather {o.text}"}) for o in question.options)
    return question.model_copy(update={"options": said, "rev": question.rev + 1})


def retired(question):
    return question.model_copy(update={"status": Status.RETIRED})


async def the_post(world, posted):
    return await world.run(lambda unit: unit.posts.get(posted))


@pytest.mark.parametrize("changed", [without_a_wrong_option, with_one_option_more, as_another_kind])
async def test_a_question_that_offers_something_else_closes_with_a_sentence(study, changed):
    ana, ben, quiz = study.person("Ana"), study.person("Ben"), quiz_of(study)
    number = post_of(quiz)
    await ana.answers(quiz)
    buttons = items_of(quiz.message)
    serve(study, library_with(changed(question_in(study, quiz))))
    await study.passes(minutes=1)
    assert f"{CHANGED} {KEPT}" in words(quiz.message)
    assert [item.label for item in items_of(quiz.message)] == ["Practise this topic"]
    before = study.dump()
    for button in buttons:
        await ben.acts(button.action, on=quiz)
        assert ben.shown().startswith(TOO_LATE), ben.shown()
        await ana.acts(button.action, on=quiz)
        assert ana.sees("You've already answered this one"), ana.shown()
    assert study.dump() == before
    await ana.uses("/leaderboard")
    assert ana.sees("1. **Ana** 3 points")
    assert (await the_post(study, number)).ending is Ending.CHANGED
    assert await study.problems() == ()


async def test_a_retired_question_closes_and_shows_its_answer(study):
    quiz = quiz_of(study)
    button = items_of(quiz.message)[0]
    await study.person("Ana").answers(quiz)
    await study.person("Ben").answers(quiz, right=False)
    serve(study, library_with(retired(question_in(study, quiz))))
    await study.passes(minutes=1)
    shown = words(quiz.message)
    assert f"This question was retired while it was open, so it closed early. {KEPT}" in shown
    assert "2 answers, 50 % right" in shown
    cem = study.person("Cem")
    await cem.acts(button.action, on=quiz)
    assert cem.sees("This question was retired, so it's closed.")


async def test_what_is_only_reworded_stays_open(study):
    ana, quiz = study.person("Ana"), quiz_of(study)
    serve(study, library_with(reworded(question_in(study, quiz))))
    await study.passes(minutes=1)
    await ana.answers(quiz)
    assert ana.sees("✓ Correct")


async def test_a_press_before_the_next_pass_is_told_the_same(study):
    ana, quiz = study.person("Ana"), quiz_of(study)
    serve(study, library_with(without_a_wrong_option(question_in(study, quiz))))
    for button in items_of(quiz.message):
        await ana.presses(button.label, on=quiz)
        assert ana.shown().startswith(TOO_LATE)


async def test_it_closes_once_however_often_packs_are_read_again(study):
    quiz = quiz_of(study)
    number = post_of(quiz)
    library = library_with(without_a_wrong_option(question_in(study, quiz)))
    serve(study, library)
    await study.passes(minutes=1)
    closed = await the_post(study, number)
    serve(study, library)
    await study.passes(minutes=1)
    assert await the_post(study, number) == closed
    serve(study, study.library)  # the change is taken back: closed is closed
    await study.passes(minutes=1)
    assert await the_post(study, number) == closed
    assert CHANGED in words(quiz.message)


@pytest.mark.parametrize("ends", [without_a_wrong_option, retired])
async def test_what_changed_while_milepost_was_down_is_found_at_the_start(tmp_path, ends):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz, clock = quiz_of(world), world.clock
        library = library_with(ends(question_in(world, quiz)))
    async with world_at(tmp_path, room=room, clock=clock, library=library) as world:
        await world.passes(minutes=1)
        assert "so it closed early" in words(quiz.message)


async def test_a_question_whose_time_is_over_closes_as_ever(study):
    quiz = quiz_of(study)
    number = post_of(quiz)
    serve(study, library_with(without_a_wrong_option(question_in(study, quiz))))
    await study.passes(days=1)
    assert (await the_post(study, number)).ending is None
    assert CHANGED not in words(quiz.message)


async def test_the_next_question_comes_as_planned(study):
    quiz = quiz_of(study)
    serve(study, library_with(retired(question_in(study, quiz))))
    await study.passes(minutes=1)
    await study.passes(days=1)
    assert quiz_of(study) is not quiz
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    assert ana.sees("✓ Correct")


@pytest.mark.parametrize("cut_short", [True, False])
async def test_who_had_not_answered_by_then_misses_no_day(world, cut_short):
    olga, ana = await world.founds(days="daily"), world.person("Ana")
    await olga.uses("/study schedule", kind="prompt", time="off")
    await world.slots_pass(hours=2)
    await ana.answers(quiz_of(world))
    await world.slots_pass(days=1)
    quiz = quiz_of(world)
    await world.slots_pass(hours=21)
    if cut_short:
        serve(world, library_with(retired(question_in(world, quiz))))
        await world.passes(minutes=1)
    await world.slots_pass(days=1)
    await ana.uses("/streak")
    day = next(line for line in ana.shown().splitlines() if "Tue 3 Mar" in line)
    assert ("❄ covered by a freeze" in day) is not cut_short, ana.shown()
    assert await world.problems() == ()


async def test_a_question_that_is_retired_before_it_was_sent_is_not_asked(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        room.refusals = [Transient("down", retry_after=1)] * 2
        await world.passes(minutes=31)
        clock = world.clock
        post = (await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 1)))[0]
        question = world.library.question("backend-python", post.content_id)
        room.refusals = []
    library = library_with(retired(question))
    async with world_at(tmp_path, room=room, clock=clock, library=library) as world:
        await world.passes(minutes=1)
        assert not world.channel_posts(about="Question of the day")


@pytest.mark.parametrize("kind", ALL)
async def test_every_kind_knows_what_it_offers(kind):
    question = question_of(kind) if kind in KINDS else None
    if question is None:
        question = next(q for q in every_question() if q.type == kind)
    other_words = question.model_copy(update={"stem": "Something else is asked here.", "rev": 9})
    assert shape(other_words) == shape(question)
    if (fewer := _with_less(question)) is not None:
        assert shape(fewer) != shape(question)


def every_question():
    pack = shipped_library(every_kind=True).packs["backend-python"]
    return [question for found in pack.questions.values() for question in found]


def _with_less(question):
    for part in ("options", "items", "pairs"):
        if getattr(question, part, None):
            return question.model_copy(update={part: getattr(question, part)[:-1]})
    return None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "line"])
async def test_a_form_that_was_open_is_told_so_too(tmp_path, kind):
    question = question_of(kind)
    async with world_at(tmp_path, library=library_asking(question)) as world:
        await world.founds()
        await world.slots_pass(days=1)
        ana, quiz = world.person("Ana"), quiz_of(world)
        await ana.presses("Answer", on=quiz)
        values = filled(question, ana.form)
        other = question_of("line", id=question.id)
        serve(world, library_asking(other))
        await ana.sends(**values)
        assert ana.shown().startswith(TOO_LATE), ana.shown()
        await ana.presses("Answer", on=quiz)
        assert ana.shown().startswith(TOO_LATE), ana.shown()
