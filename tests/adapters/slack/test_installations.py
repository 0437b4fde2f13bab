"""Many workspaces over the wire: installing, tokens at rest, removal and return."""

import logging
import sqlite3
from contextlib import asynccontextmanager, closing
from functools import partial

import pytest

from adapters.slack.token_cipher import new_key
from bot.chat import SetupError
from tests.adapters.slack.pages import a_browser, begun, returns
from tests.adapters.slack.wired import KEY, many, over_socket, running
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

PAUSED = "SELECT paused_at IS NOT NULL, pause_reason FROM study_group"


@asynccontextmanager
async def slack(clock, **rules):
    """A Slack that goes by the clock in everything."""

    def seconds():
        return clock.now().timestamp()

    async with LoopbackSlack(clock=seconds, now=seconds, limited=False, **rules) as server:
        yield server


@asynccontextmanager
async def berlin(folder, mode=many, **rules):
    """A running Milepost and a workspace that has not installed it: (wired, channel, Olga)."""
    clock = FakeClock()
    async with slack(clock, **rules) as server:
        team = server.team("Berlin", installed=False)
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        async with running(folder, server, team, clock, mode=mode) as wired:
            yield wired, channel, olga


def posts(wired, channel):
    return [m for m in wired.server.messages(channel) if m.only is None and m.blocks]


def on_disk(folder):
    return b"".join(file.read_bytes() for file in folder.glob("milepost.db*"))


async def test_a_workspace_installs_it_and_studies(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        status, text = await wired.installed(olga)
        assert (status, "Milepost is in the workspace Berlin" in text) == (200, True)
        await wired.founds(channel, olga)
        await wired.passes(hours=1, minutes=1)
        shown = await olga.presses(posts(wired, channel)[-1], "A")
        assert shown.ephemeral
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]
        assert not wired.server.refused
        assert not wired.server.late


async def test_over_socket_mode_too(tmp_path):
    def both(server, team):
        secrets = many(server)
        del secrets["signing_secret"]
        return secrets | {"app_token": server.app_token}

    async with berlin(tmp_path, both) as (wired, channel, olga):
        assert (await wired.installed(olga))[0] == 200
        await wired.founds(channel, olga)
        assert wired.server.sockets.hellos == 1


async def test_requests_cost_neither_a_question_to_slack_nor_one_to_the_database(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        await wired.application.adapters["slack"].stop()
        async with running(tmp_path, wired.server, olga.team, wired.clock, mode=many) as again:
            asked = []
            teams = again.application.adapters["slack"]._teams
            find, teams._find = teams._find, lambda team: asked.append(team) or find(team)
            for _ in range(5):
                assert "Questions, prompts" in (await olga.uses(channel, "/milepost")).text
            assert asked == [olga.team.id]
        assert len(wired.server.called("auth.test")) == 1


@pytest.mark.parametrize("rotation", [False, True])
async def test_a_copy_of_the_database_shows_no_token(tmp_path, rotation):
    async with berlin(tmp_path, rotation=rotation) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        await wired.passes(hours=11)
        files = on_disk(tmp_path)
        assert olga.team.id.encode() in files
        grant = olga.team.grant
        for secret in (
            b"xoxb",
            b"xoxe",
            grant.token.encode(),
            wired.server.client_secret.encode(),
            KEY.encode(),
        ):
            assert secret not in files


async def test_after_a_restart_it_is_still_installed(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        await wired.application.adapters["slack"].stop()
        async with running(tmp_path, wired.server, olga.team, wired.clock, mode=many) as again:
            await again.passes(hours=1, minutes=1)
            assert len(posts(again, channel)) == 1
            assert again.rows(PAUSED) == [(0, None)]


async def test_whoever_has_not_installed_it_is_told(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        olga.team.installed = True
        shown = await olga.uses(channel, "/quiz")
        assert "installed in the workspace. Please install it again" in shown.text
        assert not wired.server.late


async def test_the_newest_installation_counts(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        old = olga.team.token
        await wired.installed(olga)
        assert olga.team.token != old
        wired.server.grants[old].revoked = True
        await wired.passes(hours=1, minutes=1)
        [post] = wired.server.called("chat.postMessage")
        assert post.args["token"] == olga.team.token
        await wired.application.adapters["slack"].stop()
        async with running(tmp_path, wired.server, olga.team, wired.clock, mode=many) as again:
            await again.passes(days=1)
            assert wired.server.called("chat.postMessage")[-1].args["token"] == olga.team.token
        assert wired.rows("SELECT count(*) FROM platform_state") == [(1,)]


@pytest.mark.parametrize("why", ["denied", "state", "browser", "code", "secret", "silent", "again"])
async def test_what_fails_is_said_in_a_sentence_and_no_secret_is_logged(tmp_path, caplog, why):
    caplog.set_level(logging.DEBUG)
    async with berlin(tmp_path) as (wired, _, olga):
        server = wired.server
        how = {"denied": {"allows": False}, "state": {"forged_state": "other"}}.get(why, {})
        if why == "secret":
            server.client_secret = "another"
        if why == "code":
            server.rules.code_life = -1
        if why == "silent":
            server.faults.add(method="oauth.v2.access", status=503)
        if why in {"browser", "again"}:
            status, text = await comes_back(wired, olga, cookie=why == "again", times=2)
        else:
            status, text = await wired.installed(olga, **how)
        assert status == (503 if why == "silent" else 400)
        assert "nothing was installed" in text or "accept the installation" in text
        assert "Traceback" not in caplog.text
        codes = server.installing._codes
        for secret in ("xoxb", "another", *codes, server.client_secret):
            assert secret not in "\n".join(_ours(caplog))
        assert wired.rows("SELECT count(*) FROM platform_state") == [(1 if why == "again" else 0,)]


def _ours(caplog):
    """Log messages of the adapters at any level, and everybody else's from INFO up."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("adapters.") or record.levelno >= logging.INFO
    ]


async def comes_back(wired, person, *, cookie=True, times=1):
    """Install by hand, coming back with the cookie or without, so many times: the last (status, text)."""
    async with a_browser() as session:
        state = await begun(session, wired)
        for _ in range(times):
            code = wired.server.installing.allow(person, {})
            told = await returns(session, wired, state, code, cookie=state if cookie else None)
    return told


async def removed(wired, by):
    await wired.server.uninstalls(by.team, by=by)
    await wired.until(lambda: wired.rows(PAUSED)[0][0])


async def test_removal_pauses_and_erases_and_a_return_resumes(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        wired.clock.advance(minutes=1)
        await wired.installed(olga)
        await wired.founds(channel, olga)
        assert wired.rows("SELECT count(*) FROM platform_state") == [(1,)]
        await removed(wired, olga)
        assert wired.rows(PAUSED) == [(1, "removed")]
        await wired.application.adapters["slack"]._serving.finish(5)
        assert wired.rows("SELECT count(*) FROM platform_state") == [(0,)]
        await wired.passes(days=1)
        assert posts(wired, channel) == []
        assert (await wired.installed(olga))[0] == 200
        assert wired.rows(PAUSED) == [(0, None)]
        await wired.passes(days=1, hours=1)
        assert len(posts(wired, channel)) == 1


async def test_a_removal_that_is_told_late_harms_no_new_installation(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        for event in (
            {"type": "app_uninstalled"},
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [olga.team.bot.id]}},
            {"type": "tokens_revoked", "tokens": {"oauth": [olga.id], "bot": []}},
        ):
            await wired.server.tells(olga, event)
        await wired.application.adapters["slack"]._serving.finish(5)
        assert wired.rows(PAUSED) == [(0, None)]
        assert wired.rows("SELECT count(*) FROM platform_state") == [(1,)]


async def test_a_removal_that_nobody_heard_of_is_noticed_at_the_next_post(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        olga.team.installed = False
        await wired.passes(hours=1, minutes=1)
        await wired.until(lambda: wired.rows(PAUSED)[0][0])
        assert wired.rows(PAUSED) == [(1, "removed")]
        assert wired.rows("SELECT count(*) FROM platform_state") == [(0,)]
        assert (await wired.installed(olga))[0] == 200
        await wired.passes(days=1)
        assert len(posts(wired, channel)) == 1


@pytest.mark.parametrize("fault", [{"status": 503}, {"reset": True}, {"error": "internal_error"}], ids=str)
async def test_no_token_is_erased_while_slack_has_trouble(tmp_path, fault):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        wired.server.faults.add(method="auth.test", **fault)
        await wired.server.tells(olga, {"type": "app_uninstalled"})
        await wired.application.adapters["slack"]._serving.finish(5)
        assert wired.server.faults.struck
        assert wired.rows("SELECT count(*) FROM platform_state") == [(1,)]
        assert wired.rows(PAUSED) == [(0, None)]


async def test_what_was_lost_and_found_while_it_was_down_is_known_at_the_start(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        await wired.application.adapters["slack"].stop()
        with closing(sqlite3.connect(tmp_path / "milepost.db")) as database, database:
            database.execute("CREATE TABLE kept AS SELECT * FROM platform_state")
            database.execute("DELETE FROM platform_state")
        async with running(tmp_path, wired.server, olga.team, wired.clock, mode=many) as again:
            assert again.rows(PAUSED)[0][0] == 1
        with closing(sqlite3.connect(tmp_path / "milepost.db")) as database, database:
            database.execute("INSERT INTO platform_state SELECT * FROM kept")
        async with running(tmp_path, wired.server, olga.team, wired.clock, mode=many) as again:
            assert again.rows(PAUSED)[0][0] == 0


async def test_one_workspace_is_found_again_with_a_new_token(tmp_path):
    clock = FakeClock()
    async with slack(clock) as server:
        team = server.team("Berlin")
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        async with running(tmp_path, server, team, clock, mode=over_socket) as wired:
            await wired.founds(channel, olga)
            await removed(wired, olga)
        team.installed = True
        server.installing.grant(team)
        async with running(tmp_path, server, team, clock, mode=over_socket) as wired:
            assert wired.rows(PAUSED) == [(0, None)]


async def test_a_key_can_be_changed(tmp_path):
    async with berlin(tmp_path) as (wired, channel, olga):
        await wired.installed(olga)
        await wired.founds(channel, olga)
        await wired.application.adapters["slack"].stop()
        new = new_key()
        start = partial(running, tmp_path, wired.server, olga.team, wired.clock)
        async with start(mode=partial(many, key=f"{new}, {KEY}")):
            pass
        async with start(mode=partial(many, key=new)) as again:
            await again.passes(hours=1, minutes=1)
            assert len(posts(again, channel)) == 1
        with pytest.raises(SetupError, match="SLACK_TOKEN_KEY can't decrypt the stored tokens"):
            async with start(mode=partial(many, key=new_key())):
                pass
        assert wired.rows(PAUSED) == [(0, None)]


async def test_what_is_no_key_is_said_in_one_sentence(tmp_path):
    for key in ("word", f"{KEY},word", ","):
        with pytest.raises(SetupError, match="slack-key") as said:
            async with berlin(tmp_path, partial(many, key=key)):
                pass
        assert "word" not in str(said.value)
