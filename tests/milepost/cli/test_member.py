"""``milepost member``: an operator exports what is kept of a person, and forgets them."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from tests.support.commands import Milepost
from tests.support.helpers import quiz_of
from tests.support.people import world_at

ANA = "room:w:ana"


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MILEPOST_DATABASE_URL", "sqlite:///milepost.db")
    return Milepost(monkeypatch, capsys)


@pytest.fixture
def lived(tmp_path):
    """A group in which Ana and Ben have answered."""

    async def live():
        async with world_at(tmp_path) as world:
            await world.founds()
            await world.passes(minutes=31)
            for name in ("Ana", "Ben"):
                await world.person(name).answers(quiz_of(world))

    asyncio.run(live())
    return tmp_path / "milepost.db"


def dump(path):
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(database.iterdump())


def test_everything_of_one_person_is_exported(milepost, lived):
    before = dump(lived)
    told = milepost("member", "export", ANA).json
    assert told["data"]["account"]["rows"] == [{"platform": "room", "workspace": "w", "user_id": "ana"}]
    assert len(told["data"]["answer"]["rows"]) == 1
    assert "ben" not in str(told)
    assert dump(lived) == before


def test_a_person_is_forgotten(milepost, lived):
    told = milepost("member", "forget", ANA, "--yes", "--json").json
    assert told["account"] == ANA
    assert told["forgotten"]["answer"] == 1
    left = dump(lived)
    assert "'ana'" not in left
    assert "'ben'" in left
    assert milepost("db", "verify").out == "Everything agrees with the facts.\n"
    for command in (("export", ANA), ("forget", ANA, "--yes")):
        assert milepost("member", *command).complaint == f"Nothing is known about {ANA}."


def test_nobody_is_forgotten_without_a_yes(milepost, lived, monkeypatch):
    monkeypatch.setattr("typer.confirm", lambda *_, **__: (_ for _ in ()).throw(SystemExit(1)))
    before = dump(lived)
    asked = milepost("member", "forget", ANA)
    assert asked.code == 1
    assert "Each answer to a question, and whether it was right: 1 row" in asked.out
    assert dump(lived) == before


@pytest.mark.parametrize("account", ["ana", "room:ana", "room::ana", "a:b:c:d", ""])
def test_what_is_no_account_is_refused(milepost, lived, account):
    before = dump(lived)
    assert (
        "isn't an account. Write PLATFORM:WORKSPACE:ID" in milepost("member", "export", account).complaint
    )
    assert "isn't an account" in milepost("member", "forget", account, "--yes").complaint
    assert dump(lived) == before


def test_without_a_database_there_is_nobody(milepost):
    said = milepost("member", "export", ANA).complaint
    assert said.startswith("There is no database milepost.db yet. Start Milepost once, or")
