"""Two Mileposts on one PostgreSQL: what one has done the other knows, and nothing is done twice."""

import asyncio
import json

import pytest

from tests.support.commands import Milepost
from tests.support.helpers import QUIZ, post_of
from tests.support.people import world_at


@pytest.mark.asyncio
async def test_two_processes_post_a_week_once(server_url, tmp_path):
    async with (
        world_at(tmp_path, database_url=server_url) as one,
        world_at(tmp_path, database_url=server_url, clock=one.clock, room=one.room) as other,
    ):
        await one.founds()
        one.clock.advance(minutes=31)
        for _ in range(7):
            await asyncio.gather(one.run_once(), other.run_once(), one.run_once(), other.run_once())
            one.clock.advance(days=1)
        assert len(one.channel_posts(about=QUIZ)) == 5, "weekdays"


@pytest.mark.asyncio
async def test_an_answer_given_to_one_process_is_known_to_the_other(server_url, tmp_path):
    async with (
        world_at(tmp_path, database_url=server_url) as one,
        world_at(tmp_path, database_url=server_url, clock=one.clock, room=one.room) as other,
    ):
        await one.founds()
        await one.passes(minutes=31)
        ana = one.person("Ana")
        await ana.answers(one.newest("Question of the day"))
        same = other.person("Ana")
        await same.answers(other.newest("Question of the day"))
        assert same.sees("You've already answered this one")


def test_the_command_line_works_on_postgresql(server_url, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MILEPOST_DATABASE_URL", server_url)
    milepost = Milepost(monkeypatch, capsys)
    assert milepost("db", "upgrade", "--json").code == 0
    assert json.loads(milepost("db", "verify", "--json").out) == {"findings": []}
    refused = milepost("db", "backup")
    assert "pg_dump" in refused.err
    checks = milepost("doctor").out
    assert "can be written" in checks
    assert list(tmp_path.iterdir()) == []


@pytest.mark.asyncio
async def test_whoever_one_process_forgets_is_unknown_to_the_other(server_url, tmp_path):
    async with (
        world_at(tmp_path, database_url=server_url) as one,
        world_at(tmp_path, database_url=server_url, clock=one.clock, room=one.room) as other,
    ):
        await one.founds()
        await one.passes(minutes=31)
        ana, ben = one.person("Ana"), other.person("Ben")
        question = one.newest(QUIZ)
        number = post_of(question)
        await asyncio.gather(ana.answers(question), ben.answers(question))
        await ana.uses("/privacy forget")
        await asyncio.gather(ana.presses("Forget me now"), ben.uses("/quiz"))
        assert ana.sees("I no longer know who you are")
        same = other.person("Ana")
        await same.uses("/privacy export")
        assert same.sees("I don't know anything about you")
        await one.passes(days=1)
        assert await other.problems() == ()
        assert await one.run(lambda unit: unit.learning.count_answers(number)) == 2
