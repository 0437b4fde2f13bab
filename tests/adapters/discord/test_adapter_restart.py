"""A second Milepost on the same database and server: what was there before still works."""

import sqlite3
from contextlib import closing

import pytest

from tests.adapters.discord.native import words
from tests.adapters.discord.world import letter, milepost

pytestmark = pytest.mark.asyncio

QUIZ, CHALLENGE, PROMPT = "Question of the day", "Project · ", "Mark done"


async def test_old_buttons_and_an_open_form_still_work(tmp_path, server):
    async with milepost(tmp_path, server) as first:
        await first.founds()
        await first.passes(minutes=31)
        ana, ben = first.person("Ana"), first.person("Ben")
        quiz = first.newest(QUIZ)
        await first.person("Olga", organiser=True).uses("/study post-now", kind="challenge")
        await first.passes(seconds=11)
        await ana.presses("Share my project", on=first.newest(CHALLENGE))
        form = ana.result
        await ben.uses("/quiz")
        practice = ben.result.response
    async with milepost(tmp_path, server) as second:
        await ana.presses(letter(quiz, right=True), on=quiz)
        assert ana.sees("✓ Correct")
        await ana.sends(form=form, link="https://example.org/ana", learned="Much.")
        assert ana.sees("Shared with the group.")
        await ben.presses(letter(practice, right=False), on=practice)
        assert ben.sees("✗ Not quite")
        await ben.presses("Mark done", on=second.newest(PROMPT))
        assert ben.sees("Done!")
        await second.passes(seconds=11)
        assert "1 answer ·" in words(second.newest(QUIZ).components)
        assert "1 built" in words(second.newest(CHALLENGE).components)


async def test_a_question_is_posted_once_though_the_bot_fell_between_sending_and_writing_it_down(
    tmp_path, server
):
    async with milepost(tmp_path, server) as first:
        await first.founds()
        await first.passes(minutes=31)
        before = [post.id for post in server.posts()]
    _forget_the_sending(tmp_path)
    async with milepost(tmp_path, server) as second:
        await second.passes(minutes=2)
        assert [post.id for post in server.posts()] == before
        ana = second.person("Ana")
        await ana.presses(letter(second.newest(QUIZ), right=True), on=second.newest(QUIZ))
        assert ana.sees("✓ Correct")


async def test_commands_are_published_once_while_they_stay_the_same(tmp_path, server):
    for _ in range(3):
        async with milepost(tmp_path, server):
            pass
    assert len(server.requests("PUT", "/commands")) == 1


async def test_the_day_goes_on_where_it_was(tmp_path, server):
    async with milepost(tmp_path, server) as first:
        await first.founds()
        await first.passes(minutes=31)
    await server.passes(days=1)
    async with milepost(tmp_path, server) as second:
        await second.application.scheduler.run_once()
        assert len(second.posts(QUIZ)) == 2


def _forget_the_sending(folder):
    with closing(sqlite3.connect(folder / "milepost.db")) as database:
        database.execute(
            "UPDATE post SET state = 'planned', message_id = NULL, sent_at = NULL, attempted_at = NULL"
        )
        database.execute(
            "INSERT INTO delivery"
            " (kind, platform, workspace, subject, payload, group_id, due_at, attempts, revision)"
            " SELECT 'post', platform, workspace, CAST(post.id AS TEXT), '{}', group_id, due_at, 0, 1"
            " FROM post JOIN study_group ON study_group.id = group_id"
        )
        database.commit()
