"""Members see what is kept of them, have it as a file, and are forgotten."""

import asyncio
import json

import pytest

from bot.chat import File, encode
from bot.domain.model import PostKind
from tests.support.helpers import CHALLENGE, PROMPT, RECAP, posts_project, quiz_of
from tests.support.people import words

pytestmark = pytest.mark.asyncio

WORDS, LINK = "Heisenbugs hide from debuggers", "https://example.org/ana-project"


async def lives(study, name="Ana"):
    """Somebody who does everything that leaves a trace; returns them."""
    person = study.person(name, zone="Asia/Tokyo")
    await person.answers(quiz_of(study))
    await person.replies(f"{name} wrote this: {WORDS}", to=study.newest(PROMPT))
    await person.presses("Mark done", on=study.newest(PROMPT))
    await person.uses("/quiz")
    await person.presses("A")
    await person.uses("/quiz")
    await person.uses("/preferences", zone="Europe/Lisbon", rest="sat,sun", reminder="19:00")
    await posts_project(study)
    await person.presses("Join", on=study.newest(CHALLENGE))
    await person.uses("/challenge submit", link=LINK, learned=WORDS)
    return person


async def forgets(person):
    await person.uses("/privacy forget")
    assert person.sees("Delete everything about you?")
    await person.presses("Forget me now")


def exported(person):
    """Data in the exported file that was shown last."""
    (file,) = [block for block in person.last.message.blocks if isinstance(block, File)]
    assert file.name == "milepost-data.json"
    return json.loads(file.content)["data"]


async def test_an_export_has_what_the_member_did_and_nothing_of_others(study):
    ana, ben = await lives(study), study.person("Ben")
    await ben.answers(quiz_of(study), right=False)
    await ben.uses("/challenge submit", link="https://example.org/ben", learned="Ben's words")
    await ana.uses("/privacy export")
    data = exported(ana)
    assert [row["url"] for row in data["submission"]["rows"]] == [LINK]
    assert len(data["answer"]["rows"]) == 2
    assert data["answer"]["rows"][0]["correct"] is True
    assert {row["zone"] for row in data["zone_change"]["rows"]} == {"Asia/Tokyo", "Europe/Lisbon"}
    assert data["account"]["rows"][0]["user_id"] == "ana"
    assert data["membership"]["rows"][0]["name"] == "Ana"
    assert "ben" not in json.dumps(data).lower()
    assert ana.sees("Only you see this.")


async def test_an_export_can_be_read_in_parts(study):
    ana = await lives(study)
    await ana.uses("/privacy export")
    whole = next(block.content for block in ana.last.message.blocks if isinstance(block, File))
    await ana.uses("/privacy export", part="1")
    read = ana.last.message.blocks[0].source
    while any("Next part" in line for line in ana.shown().splitlines()):
        await ana.presses("Next part", on=ana.last)
        read += ana.last.message.blocks[0].source
    assert read == whole
    for typed in ("0", "99", "x"):
        await ana.uses("/privacy export", part=typed)
        assert ana.sees("There's no such part. Start with part:1")


async def test_a_stranger_has_nothing_to_export_and_nothing_to_delete(study):
    eve = study.person("Eve")
    before = study.dump().count("INTO")
    await eve.uses("/privacy export")
    assert eve.sees("I don't know anything about you, so there's nothing to export.")
    await eve.uses("/privacy forget")
    assert eve.sees("I don't know anything about you, so there's nothing to delete.")
    await eve.uses("/privacy")
    assert eve.sees("I don't know anything about you yet.")
    await eve.uses("/privacy boards", name="hidden")
    assert eve.sees("You haven't taken part yet, so no board names you.")
    assert study.dump().count("INTO") == before


async def test_a_forgotten_member_is_nowhere_in_the_database(study):
    ana, ben = await lives(study), study.person("Ben")
    await ben.answers(quiz_of(study))
    await ana.uses("/privacy forget")
    assert WORDS in study.dump()
    await ana.presses("Forget me now")
    assert ana.sees("Done. I no longer know who you are.")
    await study.run_once()
    left = study.dump()
    for trace in ("Ana", "'ana'", '"ana"', "|ana|", WORDS, LINK, "Asia/Tokyo", "Europe/Lisbon"):
        assert trace not in left, trace
    assert await study.problems() == ()
    for again in ("/privacy export", "/privacy forget"):
        await ana.uses(again)
        assert ana.sees("I don't know anything about you")


async def test_the_figures_of_the_group_still_hold(study):
    ana, ben = await lives(study), study.person("Ben")
    await ben.answers(quiz_of(study), right=False)
    await ben.presses("Mark done", on=study.newest(PROMPT))
    await ben.uses("/streak")
    streak = ben.shown()
    await study.run_once()
    quiz, prompt = words(quiz_of(study).message), words(study.newest(PROMPT).message)
    assert "2 answers" in quiz
    assert "2 done · 1 reply" in prompt
    await forgets(ana)
    await ben.uses("/streak")
    assert ben.shown() == streak
    await ben.uses("/progress", member="ana")
    assert ben.sees("This person hasn't taken part yet.")
    await study.passes(days=1)
    closed = [post for post in study.channel_posts(about="Question") if "2 answers" in words(post.message)]
    assert closed, "the question that has closed counts both answers"
    assert "2 done · 1 reply" in words(study.channel_posts(about=PROMPT)[0].message)
    await ben.uses("/leaderboard")
    assert ben.sees("Ben")
    assert not ben.sees("Ana")
    assert await study.problems() == ()


async def test_forgetting_is_redelivered_and_repeated_without_harm(study):
    ana = await lives(study)
    answer = ana.did
    await forgets(ana)
    before = study.dump()
    await ana.is_delivered_again()
    assert ana.sees("I don't know anything about you")
    ana.did = answer
    await ana.is_delivered_again()
    assert study.dump() == before


async def test_whoever_comes_back_is_a_new_member(study):
    ana = await lives(study)
    number = (await study.run(lambda unit: unit.members.find(ana.user))).id
    await ana.uses("/privacy forget")
    await ana.presses("Forget me now")
    old = encode("privacy.forget", m=number)
    await study.passes(days=1)
    await ana.answers(quiz_of(study))
    again = await study.run(lambda unit: unit.members.find(ana.user))
    assert again.id > number
    assert ana.sees("day 1 of your streak")
    await ana.acts(old)
    assert ana.sees("This button no longer works")
    assert await study.problems() == ()


async def test_keeping_changes_nothing(study):
    ana = await lives(study)
    await ana.uses("/privacy forget")
    before = [line for line in study.dump().splitlines() if "event" not in line]
    await ana.presses("Keep my data")
    assert ana.sees("Nothing was deleted.")
    assert [line for line in study.dump().splitlines() if "event" not in line] == before


async def test_a_pending_reminder_does_not_come(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.uses("/preferences", reminder="19:00")
    await forgets(ana)
    before = study.room.letters
    await study.slots_pass(days=3)
    assert study.room.letters == before


async def test_a_role_that_a_streak_earned_is_taken_back(study):
    olga, ana = study.person("Olga", organiser=True), study.person("Ana")
    await olga.uses("/study reward", role="stars", days="2", names={"role": "Stars"})
    await ana.answers(quiz_of(study))
    await study.passes(days=1)
    await ana.answers(quiz_of(study))
    await study.run_once()
    assert study.room.roles == {"stars": {"ana"}}
    await forgets(ana)
    await study.run_once()
    assert study.room.roles == {"stars": set()}
    assert "'ana'" not in study.dump()


async def test_an_organiser_who_is_forgotten_organises_no_more(study):
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study organiser", member="ben", names={"member": "Ben"})
    await forgets(olga)
    ben = study.person("Ben")
    await forgets(ben)
    left = study.dump()
    assert "'olga'" not in left
    assert "'ben'" not in left
    await ben.uses("/study status")
    assert ben.sees("Only organisers")
    await olga.uses("/study status")
    assert not olga.sees("Something went wrong")
    await study.days_pass(2)


async def test_a_name_can_be_left_off_boards(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.presses("Mark done", on=study.newest(PROMPT))
    await ben.presses("Mark done", on=study.newest(PROMPT))
    await ana.answers(quiz_of(study))
    await ben.uses("/leaderboard")
    named = ben.shown()
    assert named.count("Ana") == 2
    await ana.uses("/privacy boards", name="hidden")
    assert ana.sees("Boards and recaps no longer name you.")
    await ben.uses("/leaderboard")
    assert ben.shown() == named.replace(
        "Already answered the open question: **Ana**", "Already answered the open question: 1 member"
    ).replace("Ana", "Someone")
    await ana.uses("/leaderboard")
    assert ana.sees("**Ana** 1 point")
    await ana.uses("/privacy")
    await ana.presses("Show my name on boards")
    await ben.uses("/leaderboard")
    assert ben.shown() == named


async def test_what_was_shared_can_be_removed(study):
    ana, ben = await lives(study), study.person("Ben")
    await ana.uses("/challenge submit", link=LINK, learned="A second version")
    await ben.uses("/challenge list")
    assert ben.sees(LINK)
    assert not ben.sees("Remove mine")
    await ana.uses("/challenge list")
    await ana.presses("Remove mine", on=ana.last)
    assert ana.sees("Removed. What you shared for")
    assert LINK not in study.dump()
    await ben.uses("/challenge list")
    assert not ben.sees(LINK)
    await ana.uses("/challenge remove")
    assert ana.sees("You haven't shared anything for")
    assert await study.problems() == ()
    post = await study.run(lambda unit: unit.posts.open_of(1, PostKind.CHALLENGE))
    assert post


async def test_a_recap_does_not_name_who_hides_their_name(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    for each in (ana, ben):
        await each.presses("Mark done", on=study.newest(PROMPT))
    await ana.uses("/privacy boards", name="hidden")
    await study.slots_pass(days=7)
    recap = words(study.newest(RECAP).message)
    assert "Someone" in recap
    assert "Ben" in recap
    assert "Ana" not in recap


async def test_a_recap_counts_the_answers_of_the_forgotten_and_names_them_not(study):
    ana, ben, cem = (study.person(name) for name in ("Ana", "Ben", "Cem"))
    for each in (ana, ben, cem):
        await each.answers(quiz_of(study))
    await study.slots_pass(days=1)
    await forgets(ana)
    await study.slots_pass(days=6)
    recap = words(study.newest(RECAP).message)
    assert "Answers: 3, 100 % right" in recap
    assert "Ana" not in recap
    assert await study.problems() == ()


async def test_a_question_that_closes_later_counts_the_forgotten_without_points(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    question = quiz_of(study)
    for each in (ana, ben):
        await each.answers(question)
    await forgets(ana)
    await study.passes(days=1)
    assert "2 answers" in words(question.message)
    await ben.uses("/leaderboard")
    assert ben.sees("1. **Ben** 3 points")
    assert await study.problems() == ()


async def test_many_who_are_forgotten_at_once_are_forgotten_each(study):
    people = [study.person(f"P{number}") for number in range(6)]
    for each in people:
        await each.answers(quiz_of(study))
    for each in people[:5]:
        await each.uses("/privacy forget")
    await asyncio.gather(
        *(each.presses("Forget me now") for each in people[:5]), people[5].uses("/leaderboard")
    )
    assert all(each.sees("I no longer know who you are") for each in people[:5])
    left = study.dump()
    assert [number for number in range(6) if f"'p{number}'" in left] == [5]
    assert await study.problems() == ()


async def test_forgetting_that_fails_half_way_changes_nothing(study, monkeypatch):
    ana = await lives(study)
    await ana.uses("/privacy forget")
    before = study.dump()
    repository = type(await study.run(persons_of))
    real = repository.forget

    async def dies(self, user, at):
        await real(self, user, at)
        raise RuntimeError("the power is cut")

    monkeypatch.setattr(repository, "forget", dies)
    await ana.presses("Forget me now")
    assert ana.sees("Nothing was saved")
    assert study.dump() == before
    monkeypatch.setattr(repository, "forget", real)
    await ana.presses("Forget me now")
    assert ana.sees("I no longer know who you are")


async def persons_of(unit):
    return unit.persons


async def test_no_export_stays_in_memory(study):
    ana = await lives(study)
    kept = len(study.application.app._replies)
    await ana.uses("/privacy export")
    await ana.uses("/privacy export", part="1")
    assert len(study.application.app._replies) == kept
    await ana.is_delivered_again()
    assert ana.sees("Part 1 of")
