"""The question of the day in a simulated Discord server: set up, answered, counted, revealed."""

import pytest

from tests.adapters.discord.native import buttons, words
from tests.adapters.discord.world import letter

pytestmark = pytest.mark.asyncio

QUIZ = "Question of the day"


def edits_of(study, post):
    return study.server.requests("PATCH", f"/messages/{post.id}")


async def test_a_form_sets_a_group_up_and_its_posts_come(world):
    olga = world.person("Olga", organiser=True)
    await olga.uses("/study setup")
    assert olga.sees("Set up a study group\nRoadmap: backend-python\nTime zone: ")
    await olga.sends(zone="Europe/Berln", time="09:30", days="mon-fri")
    assert olga.sees("Did you mean Europe/Berlin?")
    assert olga.result.ephemeral
    await olga.uses("/study setup")
    await olga.sends(zone="Europe/Berlin", time="09:30", days="mon-fri")
    assert olga.sees("The study group is set up")
    assert not world.server.posts()
    await world.passes(minutes=31)
    assert [word for word in (QUIZ, "Mark done") if not world.posts(word)] == []


async def test_a_group_is_set_up_by_options_as_well(world):
    olga = world.person("Olga", organiser=True)
    await olga.uses("/study setup", pack="backend-python", zone="Europe/Berlin", time="09:30", days="daily")
    assert olga.sees("The study group is set up")
    assert olga.result.ephemeral


async def test_thirty_members_answer_and_each_is_told_alone(study):
    quiz = study.newest(QUIZ)
    members = [study.person(f"member{number}") for number in range(30)]
    for number, member in enumerate(members):
        await member.presses(letter(quiz, right=number % 3 > 0), on=quiz)
        assert member.sees("✓ Correct" if number % 3 else "✗ Not quite")
        assert member.result.ephemeral
    await study.passes(seconds=11)
    assert "30 answers · closes" in words(study.newest(QUIZ).components)
    await study.passes(days=1)
    closed = study.posts("closed")[-1]
    assert closed.id == quiz.id
    assert "30 answers, 67 % right." in words(closed.components)


async def test_nobody_else_sees_a_verdict(study):
    quiz, ana, ben = study.newest(QUIZ), study.person("Ana"), study.person("Ben")
    await ana.presses(letter(quiz, right=False), on=quiz)
    assert ana.can_read("Not quite")
    assert not ben.can_read("Not quite")
    assert not any("Not quite" in words(post.components) for post in study.server.posts())


async def test_a_second_answer_is_refused(study):
    quiz, ana = study.newest(QUIZ), study.person("Ana")
    await ana.presses(letter(quiz, right=False), on=quiz)
    await ana.presses(letter(quiz, right=True), on=quiz)
    assert ana.sees("You've already answered this one")
    await study.passes(seconds=11)
    assert "1 answer ·" in words(study.newest(QUIZ).components)


async def test_the_count_under_a_question_is_changed_once_in_ten_seconds_at_most(study):
    quiz = study.newest(QUIZ)
    for number in range(6):
        member = study.person(f"member{number}")
        await member.presses(letter(quiz, right=True), on=quiz)
        await study.passes(seconds=3)
    assert "6 answers" not in words(study.newest(QUIZ).components)
    assert len(edits_of(study, quiz)) == 2
    await study.passes(seconds=8)
    assert "6 answers" in words(study.newest(QUIZ).components)
    assert len(edits_of(study, quiz)) == 3


async def test_a_closed_question_tells_the_answer_and_can_be_practised(study):
    quiz, ana = study.newest(QUIZ), study.person("Ana")
    await ana.presses(letter(quiz, right=True), on=quiz)
    await study.passes(days=1)
    closed = study.posts("· closed")[-1]
    assert "**Why:**" in words(closed.components)
    assert list(buttons(closed.components)) == ["Practise this topic"]
    await ana.presses("Practise this topic", on=closed)
    assert ana.sees("Practice ·")
    assert ana.result.ephemeral


async def test_the_instant_of_an_answer_is_that_of_the_click(study):
    quiz, ana = study.newest(QUIZ), study.person("Ana")
    await ana.presses(letter(quiz, right=True), on=quiz)
    (happened_at,) = study.rows("SELECT happened_at FROM answer")[0]
    assert happened_at == study.server.now().timestamp() * 1_000_000
