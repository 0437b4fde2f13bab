"""Corrected keys, whenever they come, against an oracle that only knows who chose what under which key."""

import random
from collections import defaultdict

import pytest

from bot.library import Library
from tests.support.corrected import chooses, corrected, points
from tests.support.helpers import pack_like, quiz_of, serve
from tests.support.people import question_in, world_at

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("seed", range(6))
async def test_all_comes_out_as_a_slow_oracle_says(tmp_path, seed):
    """The oracle knows only who chose what when, and which key was in force from when on."""
    dice = random.Random(seed)
    names = ["Ana", "Ben", "Cem", "Dan"]
    async with world_at(tmp_path) as world:
        olga = await world.founds(days="daily")
        await olga.uses("/study schedule", kind="prompt", time="off")
        await world.slots_pass(hours=2)
        answers, keys, questions = [], defaultdict(list), {}
        for _ in range(6):
            quiz = quiz_of(world)
            question = question_in(world, quiz)
            questions[question.id] = question
            keys[question.id].append((0, question.key.id))
            who = [name for name in names if dice.random() < 0.7]
            for moment in dice.sample(range(1, 9), 2):
                for name in [each for each in who if dice.random() < 0.6]:
                    option = dice.choice(question.options).id
                    await chooses(world.person(name), quiz, option)
                    answers.append((name, question.id, option, len(keys[question.id]) - 1))
                    who.remove(name)
                if dice.random() < 0.7:
                    about = dice.choice(list(questions.values()))
                    key = dice.choice(about.options).id
                    questions[about.id] = corrected(about, key)
                    keys[about.id].append((moment, key))
                    serve(world, library_of(world, questions))
                    await world.run_once()
                    question = questions[question.id]
                    quiz = quiz_of(world)
            await world.slots_pass(days=1)
        assert await points(world) == oracle(answers, keys)
        assert await world.problems() == ()
        for name in {name for name, *_ in answers}:
            of = [each for each in answers if each[0] == name]
            right = sum(is_right(each, keys) for each in of)
            person = world.person(name)
            await person.uses("/progress")
            assert person.sees(f"Questions answered: {len(of)}, {round(100 * right / len(of))} % right")


def library_of(world, changed):
    """The shipped pack with these questions, by id, in place of its own."""
    pack = world.library.packs["backend-python"]
    questions = {
        topic: tuple(changed.get(each.id, each) for each in found)
        for topic, found in pack.questions.items()
    }
    return Library({pack.info.id: pack_like(pack, questions=questions)})


def is_right(answer, keys):
    _, question_id, option, since = answer
    return option in {key for _, key in keys[question_id][since:]}


def oracle(answers, keys):
    found = {}
    for answer in answers:
        points, number, right = found.get(answer[0], (0, 0, 0))
        good = is_right(answer, keys)
        found[answer[0]] = (points + (3 if good else 1), number + 1, right + good)
    return found
