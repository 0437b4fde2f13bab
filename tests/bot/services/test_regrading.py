"""A corrected key: answers are graded again, nobody loses points, and the group is told once."""

import logging

import pytest

from bot.domain.model import PostKind
from bot.domain.regrading import regrade
from bot.services.regrading import AGAIN_FOR
from bot.views.common import plain
from tests.support.corrected import (
    NOTE,
    NOTICE,
    Scene,
    chooses,
    corrected,
    notices,
    points,
    scene_in,
    two_groups,
)
from tests.support.helpers import RECAP, library_with, quiz_of, serve
from tests.support.kinds import library_asking, question_of
from tests.support.people import Room, question_in, words, world_at

pytestmark = pytest.mark.asyncio


async def test_those_who_are_right_by_the_corrected_key_get_their_points_and_nobody_loses_any(study):
    scene = await scene_in(study)
    assert await points(study) == {"Ana": (3, 1, 1), "Ben": (1, 1, 0), "Cem": (1, 1, 0)}
    await scene.is_corrected()
    assert await points(study) == {"Ana": (3, 1, 1), "Ben": (3, 1, 1), "Cem": (1, 1, 0)}
    shown = words(scene.quiz.message)
    assert f"{NOTE} 1 answer now counts as right, and nobody loses points." in shown
    right = next(o for o in scene.question.options if o.id == scene.others[0])
    assert next(line for line in shown.splitlines() if line.startswith("✓")).endswith(right.text)
    for name, share in (("Ana", "100 %"), ("Ben", "100 %"), ("Cem", "0 %")):
        person = study.person(name)
        await person.uses("/progress")
        assert person.sees(f"Questions answered: 1, {share} right"), person.shown()
    assert await study.problems() == ()


async def test_the_group_is_told_in_one_sentence_that_mentions_nobody(study):
    scene = await scene_in(study)
    await study.person("Olga", organiser=True).uses("/study mention", role="r1", names={"role": "Learners"})
    await scene.is_corrected()
    (said,) = notices(study)
    assert said.startswith("The answer key of “")
    right = next(o for o in scene.question.options if o.id == scene.others[0])
    assert f"was corrected: the answer is “{plain(right.text)}”." in said
    assert "1 answer now counts as right, and nobody loses points." in said
    (posted,) = study.channel_posts(about=NOTICE)
    assert not posted.message.mention_role
    await study.passes(minutes=5)
    assert len(notices(study)) == 1


async def test_reading_the_same_packs_again_changes_nothing(study):
    scene = await scene_in(study)
    await scene.is_corrected()
    before, told = study.dump(), len(study.room.posted)
    for _ in range(2):
        study.application.scheduler.packs_changed()
        await study.run_once()
    assert study.dump() == before
    assert len(study.room.posted) == told


async def test_a_key_that_was_corrected_while_milepost_was_down_is_found_at_the_start(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        scene = await scene_in(world)
        clock = world.clock
    library = library_with(corrected(scene.question, scene.others[0]))
    for _ in range(2):
        async with world_at(tmp_path, room=room, clock=clock, library=library) as world:
            await world.run_once()
            assert (await points(world))["Ben"] == (3, 1, 1)
            assert len(notices(world)) == 1
            assert await world.problems() == ()


async def test_a_key_can_be_corrected_a_second_time(study):
    scene = await scene_in(study)
    await scene.is_corrected()
    await scene.is_corrected(scene.others[1], rev=2)
    assert await points(study) == {"Ana": (3, 1, 1), "Ben": (3, 1, 1), "Cem": (3, 1, 1)}
    assert f"{NOTE} 2 answers now count as right, and nobody loses points." in words(scene.quiz.message)
    await scene.is_corrected(scene.key, rev=3)  # it was right at first
    assert await points(study) == {"Ana": (3, 1, 1), "Ben": (3, 1, 1), "Cem": (3, 1, 1)}
    assert len(notices(study)) == 3
    assert "Nobody's points change." in notices(study)[-1]
    assert await study.problems() == ()


async def test_a_key_that_changed_without_a_new_revision_is_a_correction_too(study):
    scene = await scene_in(study)
    await scene.is_corrected(rev=0)
    assert (await points(study))["Ben"] == (3, 1, 1)
    assert len(notices(study)) == 1


async def test_an_older_revision_changes_no_grade(study, caplog):
    scene = await scene_in(study)
    await scene.is_corrected()
    await scene.is_corrected(scene.others[1], rev=-1)
    assert (await points(study))["Cem"] == (1, 1, 0)
    assert "they keep their grades" in caplog.text
    assert len(notices(study)) == 1


async def test_other_words_change_no_grade_and_are_not_told(study, caplog):
    scene = await scene_in(study)
    said = tuple(o.model_copy(update={"text": f"Rather {o.text}"}) for o in scene.question.options)
    reworded = scene.question.model_copy(update={"options": said, "rev": 7, "explanation": "Since then."})
    serve(study, library_with(reworded))
    await study.passes(minutes=1)
    assert notices(study) == []
    assert "was corrected" not in caplog.text


async def test_nothing_is_told_while_the_question_is_open_and_its_end_says_it(study):
    scene = await scene_in(study, closed=False)
    await study.run_once()
    shown = words(scene.quiz.message)
    await scene.is_corrected()
    assert notices(study) == []
    assert words(scene.quiz.message) == shown
    ben = study.person("Ben")
    await ben.uses("/leaderboard")
    assert ben.sees("3 more points of yours join the board")
    dan = study.person("Dan")
    await chooses(dan, scene.quiz, scene.others[0])
    assert dan.sees("✓ Correct")
    await study.passes(days=1)
    assert f"{NOTE} 1 answer now counts as right, and nobody loses points." in words(scene.quiz.message)
    assert notices(study) == []
    found = await points(study)
    assert found == {"Ana": (3, 1, 1), "Ben": (3, 1, 1), "Cem": (1, 1, 0), "Dan": (3, 1, 1)}
    assert await study.problems() == ()


async def test_the_only_answer_stays_private(study):
    scene = Scene(study)
    await chooses(study.person("Ben"), scene.quiz, scene.others[0])
    await study.passes(days=1)
    await scene.is_corrected()
    private = "An answer that it makes right now counts as right, and nobody loses points."
    assert private in words(scene.quiz.message)
    assert private in notices(study)[0]
    assert (await points(study))["Ben"] == (3, 1, 1)


async def test_who_was_asked_in_another_group_is_told_there(tmp_path):
    async with world_at(tmp_path) as world:
        scenes = await two_groups(world)
        await chooses(world.person("Ben", channel="other"), scenes[1].quiz, scenes[0].key)
        await world.passes(days=1)
        await scenes[0].is_corrected()
        assert "1 answer now counts" in notices(world)[0]
        assert len(notices(world, "other")) == 1
        assert await world.problems() == ()


async def test_practice_counts_as_right_too_and_tells_nobody(study):
    ana = study.person("Ana")
    await ana.uses("/quiz", topic="http")
    practice, question = ana.last, question_in(study, ana.last)
    wrong = next(option.id for option in question.options if not option.correct)
    await chooses(ana, practice, wrong)
    serve(study, library_with(corrected(question, wrong)))
    await study.passes(minutes=1)
    await ana.uses("/progress")
    assert ana.sees("Questions answered: 1, 100 % right")
    assert notices(study) == []
    assert await study.problems() == ()


async def test_a_second_press_tells_how_the_first_counts_by_now(study):
    scene = await scene_in(study, closed=False)
    await scene.is_corrected()
    ana, ben = study.person("Ana"), study.person("Ben")
    await chooses(ana, scene.quiz, scene.key)
    assert ana.sees("which counts as right. Only the first answer counts.")
    await chooses(ben, scene.quiz, scene.key)
    assert ben.sees(", right. Only the first answer counts.")


async def test_who_was_forgotten_is_counted_without_a_name(study):
    scene = await scene_in(study)
    ben = study.person("Ben")
    await study.run(lambda unit: unit.persons.forget(ben.user, study.clock.now()))
    await scene.is_corrected()
    assert "1 answer now counts as right" in notices(study)[0]
    assert await points(study) == {"Ana": (3, 1, 1), "Cem": (1, 1, 0)}
    await study.person("Olga", organiser=True).uses("/study post-now", kind="recap")
    await study.run_once()
    assert "67 % right" in words(study.newest(RECAP).message)
    assert await study.problems() == ()


async def test_a_recap_that_comes_later_counts_the_corrected_grades(study):
    scene = await scene_in(study)
    await scene.is_corrected()
    await study.person("Olga", organiser=True).uses("/study post-now", kind="recap")
    await study.run_once()
    shown = words(study.newest(RECAP).message)
    assert "67 % right" in shown
    assert shown.count("3 points") == 2


async def test_a_pause_holds_the_notice(study):
    scene = await scene_in(study)
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study pause")
    await scene.is_corrected()
    assert notices(study) == []
    assert (await points(study))["Ben"] == (3, 1, 1)
    await olga.uses("/study resume")
    await study.passes(minutes=1)
    assert len(notices(study)) == 1


async def test_the_operator_reads_what_was_done_and_no_words_of_members(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    question = question_of("short")
    async with world_at(tmp_path, library=library_asking(question)) as world:
        await world.founds(days="daily")
        await world.slots_pass(days=1)
        ana, ben, quiz = world.person("Ana"), world.person("Ben"), quiz_of(world)
        for person, said in ((ana, "tuplelike"), (ben, "mutable")):
            await person.presses("Answer", on=quiz)
            await person.sends(answer=said)
        accepts = question.answer.model_copy(update={"accept": ("mutable", "tuplelike")})
        serve(
            world, library_asking(question.model_copy(update={"answer": accepts, "rev": question.rev + 1}))
        )
        await world.passes(minutes=1)
        (line,) = [each for each in caplog.messages if "was corrected" in each]
        assert f"the key of {question.id} in backend-python was corrected (rev {question.rev} to " in line
        assert "1 answers have another score, 1 of them are right now; 1 groups were asked it" in line
        assert "tuplelike" not in caplog.text
        await ana.uses("/progress")
        assert ana.sees("100 % right")


async def test_a_part_of_the_points_is_made_whole(tmp_path):
    question = question_of("multi")
    async with world_at(tmp_path, library=library_asking(question)) as world:
        await world.founds(days="daily")
        await world.slots_pass(days=1)
        quiz = quiz_of(world)
        for name, letters in (("Ana", ("One",)), ("Ben", ("One", "Three"))):
            person = world.person(name)
            await person.presses("Answer", on=quiz)
            field = person.form.fields[0]
            chosen = [o.value for o in field.options if o.label.split(": ")[1] in letters]
            await person.sends(answer=", ".join(chosen))
        before = (await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 9)))[0]
        only_one = tuple(o.model_copy(update={"correct": o.id != "three"}) for o in question.options)
        serve(
            world,
            library_asking(question.model_copy(update={"options": only_one, "rev": question.rev + 1})),
        )
        await world.passes(minutes=1)
        # Of One and Three, Two is the other half by now: whoever chose both keeps all points.
        assert await world.run(lambda unit: answers_to(unit, before.id)) == {"Ana": (0.5, 2), "Ben": (1, 3)}
        all_three = tuple(o.model_copy(update={"correct": True}) for o in question.options)
        serve(
            world,
            library_asking(question.model_copy(update={"options": all_three, "rev": question.rev + 2})),
        )
        await world.passes(minutes=1)
        assert await world.run(lambda unit: answers_to(unit, before.id)) == {"Ana": (0.5, 2), "Ben": (1, 3)}
        just_one = tuple(o.model_copy(update={"correct": o.id == "one"}) for o in question.options)
        serve(
            world,
            library_asking(question.model_copy(update={"options": just_one, "rev": question.rev + 3})),
        )
        await world.passes(minutes=1)
        assert await world.run(lambda unit: answers_to(unit, before.id)) == {"Ana": (1, 3), "Ben": (1, 3)}
        assert await world.problems() == ()


async def answers_to(unit, post_id):
    found = {}
    for member_id in (1, 2, 3):
        if answer := await unit.learning.answer_to_post(post_id, member_id):
            found[await unit.members.name_in(1, member_id)] = (answer.score, answer.points)
    return found


async def test_a_question_that_cannot_be_graded_keeps_no_other_one_waiting(study, monkeypatch, caplog):
    scene = await scene_in(study)

    def breaks(*_):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr("bot.services.regrading.regrade", breaks)
        await scene.is_corrected()
    assert "can't be graded again" in caplog.text
    assert quiz_of(study) is not scene.quiz
    study.application.scheduler.packs_changed()
    await study.run_once()
    assert (await points(study))["Ben"] == (3, 1, 1)


async def test_a_recorded_key_is_believed_after_a_day(study, monkeypatch):
    await scene_in(study, closed=False)
    looks, scheduler = [], study.application.scheduler

    def seen(question, answer, at):
        looks.append(question.id)
        return regrade(question, answer, at)

    monkeypatch.setattr("bot.services.regrading.regrade", seen)
    scheduler.packs_changed()
    await study.run_once()
    assert len(looks) == 3
    study.clock.advance(seconds=AGAIN_FOR.total_seconds())
    scheduler.packs_changed()
    await study.run_once()
    assert len(looks) == 3
