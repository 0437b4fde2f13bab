"""``milepost audit``: what operators read of what was done."""

import asyncio

import pytest

from tests.support.commands import Milepost
from tests.support.people import world_at


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MILEPOST_DATABASE_URL", f"sqlite:///{tmp_path / 'milepost.db'}")
    return Milepost(monkeypatch, capsys)


async def live(folder):
    """Two groups, a change a day later, and somebody named."""
    async with world_at(folder, database_url=f"sqlite:///{folder / 'milepost.db'}") as world:
        olga = await world.founds()
        await world.founds("second")
        world.clock.advance(days=1)
        await olga.uses("/study schedule", kind="quiz", time="10:00")
        await olga.uses("/study organiser", member="ana", names={"member": "Ana"})


@pytest.mark.asyncio
async def test_everything_is_listed_oldest_first_and_by_group_and_date(milepost, tmp_path):
    await live(tmp_path)
    ran = await asyncio.to_thread(milepost, "audit")
    lines = ran.out.splitlines()
    assert len(lines) == 4
    assert lines[0] == (
        "2026-03-02 08:00:00Z  room/w group 1  "
        "“Olga” (olga) set the group up (09:30, weekdays, Europe/Berlin)"
    )
    assert lines[3].endswith("room/w  “Olga” (olga) added “Ana” (ana) as an organiser")
    only = await asyncio.to_thread(milepost, "audit", "--group", "1", "--since", "2026-03-03", "--json")
    (entry,) = only.json
    assert (entry["action"], entry["at"]) == ("scheduled", "2026-03-03T08:00:00+00:00")
    assert (entry["before"]["time"], entry["after"]["time"]) == ("09:30", "10:00")
    none = await asyncio.to_thread(milepost, "audit", "--since", "2026-03-04")
    assert none.out == "Nothing was done.\n"


@pytest.mark.parametrize("since", ["3/4", "yesterweek", "2026-13-01"])
def test_what_is_no_date_is_refused_in_one_sentence(milepost, tmp_path, since):
    (tmp_path / "milepost.db").touch()
    assert milepost("audit", "--since", since).complaint


@pytest.mark.parametrize("since", ["tomorrow", "in 3 days", "9999-12-31"])
def test_a_date_that_is_still_to_come_is_refused(milepost, tmp_path, since):
    (tmp_path / "milepost.db").touch()
    assert "is still to come" in milepost("audit", "--since", since).complaint


@pytest.mark.parametrize("group", ["0", "-1", "9223372036854775808", "99999999999999999999999"])
def test_a_number_that_no_group_can_have_is_refused_in_one_sentence(milepost, tmp_path, group):
    asyncio.run(live(tmp_path))
    assert milepost("audit", "--group", group).complaint == f"There is no group {group}."
    assert milepost("audit", "--group", "9223372036854775807").out == "Nothing was done.\n"


@pytest.mark.asyncio
async def test_a_name_is_printed_as_it_is(milepost, tmp_path):
    async with world_at(tmp_path, database_url=f"sqlite:///{tmp_path / 'milepost.db'}") as world:
        olga = await world.founds()
        olga.name = "Olga :skull: [bold]x[/bold] 2026"
        await olga.uses("/study pause")
    ran = await asyncio.to_thread(milepost, "audit")
    assert "“Olga :skull: [bold]x[/bold] 2026” (olga) paused the group" in ran.out


def test_without_a_database_there_is_nothing_to_read(milepost):
    assert "There is no database" in milepost("audit").complaint
