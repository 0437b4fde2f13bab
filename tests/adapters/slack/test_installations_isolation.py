"""Two workspaces that agree in every id that Slack gives inside of one, and never meet, over the wire."""

from contextlib import asynccontextmanager

import pytest

from tests.adapters.slack.wired import many, running
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio


def twin(server, team, of=None):
    """The channel and the people of a workspace, with the ids of another's where that is given."""
    channel = server.channel(team, "study")
    people = [server.member("Olga", team, admin=True), server.member("Ana", team)]
    if of:
        other, others = of
        del team.channels[channel.id]
        channel.id = other.id
        team.channels[channel.id] = channel
        for person, same in zip(people, others, strict=True):
            del team.users[person.user.id]
            channel.members[channel.members.index(person.user.id)] = same.id
            person.user.id = same.id
            team.users[same.id] = person.user
    return channel, people


@asynccontextmanager
async def twins(folder):
    """Two workspaces with the same ids, each with a group: (wired, [(channel, [Olga, Ana]), ...])."""
    clock = FakeClock()
    async with LoopbackSlack(clock=lambda: clock.now().timestamp(), limited=False) as server:
        teams = [server.team(name, installed=False) for name in ("Berlin", "Tokyo")]
        berlin = twin(server, teams[0])
        tokyo = twin(server, teams[1], of=berlin)
        async with running(folder, server, None, clock, mode=many) as wired:
            for channel, (olga, _) in (berlin, tokyo):
                await wired.installed(olga)
                await wired.founds(channel, olga)
        # Started anew, nothing is remembered and everything comes from the database.
        async with running(folder, server, None, clock, mode=many) as wired:
            assert berlin[0].id == tokyo[0].id
            assert berlin[1][1].id == tokyo[1][1].id
            yield wired, [berlin, tokyo]


def posts(channel):
    return [m for m in channel.messages.values() if m.only is None and m.blocks]


async def test_answers_boards_and_progress_stay_apart(tmp_path):
    async with twins(tmp_path) as (wired, [(here, [olga, ana]), (there, [_, ana_there])]):
        await wired.passes(hours=1, minutes=1)
        assert len(posts(here)) == len(posts(there)) == 1
        await ana.presses(posts(here)[-1], "A")
        await olga.presses(posts(here)[-1], "A")
        assert wired.rows("SELECT count(*) FROM answer") == [(2,)]
        wired.clock.advance(seconds=11)
        assert "Ana" in (await ana.uses(here, "/leaderboard")).text
        assert "Ana" not in (await ana_there.uses(there, "/leaderboard")).text
        assert "1 day" in (await ana.uses(here, "/streak")).text
        assert "1 day" not in (await ana_there.uses(there, "/streak")).text
        ours = (await ana.uses(here, "/progress")).text
        theirs = (await ana_there.uses(there, "/progress")).text
        assert ours != theirs
        people = wired.rows("SELECT workspace, user_id, member_id FROM account WHERE workspace <> ''")
        assert len({member for _, _, member in people}) == len(people)
        assert (here.team.id, ana.id) in {row[:2] for row in people}
        assert (there.team.id, ana.id) not in {row[:2] for row in people}, "looking is not taking part"
        await wired.passes(minutes=1)
        assert "2 answers" in posts(here)[-1].text
        assert "2 answers" not in posts(there)[-1].text


async def test_no_token_is_used_in_another_workspace(tmp_path):
    async with twins(tmp_path) as (wired, [(here, [_, ana]), (there, [_, ana_there])]):
        for who, where in ((ana, here), (ana_there, there)):
            await who.uses(where, "/streak")
        await wired.passes(hours=1, minutes=1)
        await ana.presses(posts(here)[-1], "A")
        await ana_there.presses(posts(there)[-1], "B")
        await wired.passes(days=1)
        sent = [(call.team, call.args["token"]) for call in wired.server.called("chat.postMessage")]
        tokens = {team.id: team.token for team in (here.team, there.team)}
        assert sorted(sent) == sorted([*tokens.items()] * 2)
        assert len(posts(here)) == len(posts(there)) == 2
        asked = {(call.team, call.args["user"]) for call in wired.server.called("users.info")}
        assert {(here.team.id, ana.id), (there.team.id, ana.id)} <= asked
        assert wired.server.refused == []


async def test_removal_from_one_leaves_the_other_alone(tmp_path):
    async with twins(tmp_path) as (wired, [(here, [olga, _]), (there, _)]):
        await wired.server.uninstalls(here.team, by=olga)
        paused = "SELECT workspace FROM study_group WHERE paused_at IS NOT NULL"
        await wired.until(lambda: wired.rows(paused))
        await wired.application.adapters["slack"]._serving.finish(5)
        assert wired.rows(paused) == [(here.team.id,)]
        [(key,)] = wired.rows("SELECT key FROM platform_state")
        assert key.endswith(f"/{there.team.id}")
        await wired.passes(hours=1, minutes=1)
        assert (len(posts(here)), len(posts(there))) == (0, 1)
