"""The installing pages and strangers: nothing is written before consent, and no flood delays members."""

import asyncio
import logging
import re
from contextlib import asynccontextmanager

import pytest
from cryptography.fernet import Fernet

from adapters.slack.oauth import PER_SECOND
from adapters.slack.oauth_states import LIFE, OAuthStates
from adapters.slack.token_cipher import new_key
from tests.adapters.slack.pages import COOKIE, a_browser, begun, returns
from tests.adapters.slack.wired import KEY, many, running
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

PATIENCE = 60.0


@asynccontextmanager
async def berlin(folder, **settings):
    """A running Milepost and a workspace that has not installed it: (wired, Olga)."""
    clock = FakeClock()

    def seconds():
        return clock.now().timestamp()

    async with LoopbackSlack(clock=seconds, now=seconds, limited=False) as server:
        team = server.team("Berlin", installed=False)
        olga = server.member("Olga", team, admin=True)
        async with running(folder, server, team, clock, mode=many, **settings) as wired:
            yield wired, olga


def rows_of_all(wired):
    """Number of rows of each table."""
    names = wired.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name: wired.rows(f"SELECT count(*) FROM {name}") for (name,) in names}


def ours(caplog):
    return [record for record in caplog.records if record.name.startswith(("adapters", "bot"))]


async def test_nothing_is_written_before_somebody_consents(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    async with berlin(tmp_path) as (wired, olga), a_browser() as session:
        before, lines = rows_of_all(wired), len(ours(caplog))
        state = await begun(session, wired)
        for given, cookie in ((state, None), ("x", "x"), (state, "x"), ("é", "é"), ("", "")):
            assert (await returns(session, wired, given, cookie=cookie))[0] == 400
            await asyncio.sleep(1 / PER_SECOND)  # the server counts requests by its own clock
        # Whoever has opened the page can come back with anything: Slack does not know the code.
        status, text = await returns(session, wired, state, "invented", cookie=state)
        assert (status, "accept the installation" in text) == (400, True)
        assert rows_of_all(wired) == before
        assert len(ours(caplog)) == lines + 1
        assert "Traceback" not in caplog.text
        assert (await wired.installed(olga))[0] == 200


async def test_of_six_who_come_back_at_once_one_installs_it(tmp_path):
    async with berlin(tmp_path) as (wired, olga), a_browser() as session:
        state = await begun(session, wired)
        codes = [wired.server.installing.allow(olga, {}) for _ in range(5)]
        told = await asyncio.gather(
            *(returns(session, wired, state, code, cookie=state) for code in [*codes, codes[0]])
        )
        assert sorted(status for status, _ in told).count(200) == 1
        assert wired.rows("SELECT count(*) FROM platform_state") == [(1,)]
        assert wired.rows("SELECT count(*) FROM event WHERE event_id LIKE 'slack|state|%'") == [(1,)]


async def test_a_state_is_good_for_ten_minutes(tmp_path):
    async with berlin(tmp_path) as (wired, olga), a_browser() as session:
        late, later = await begun(session, wired), await begun(session, wired)
        wired.clock.advance(seconds=LIFE)
        code = wired.server.installing.allow(olga, {})
        assert (await returns(session, wired, late, code, cookie=late))[0] == 200
        wired.clock.advance(seconds=1)
        code = wired.server.installing.allow(olga, {})
        assert (await returns(session, wired, later, code, cookie=later))[0] == 400


async def test_a_state_is_known_by_its_key_alone():
    clock, other = FakeClock(), new_key()
    states = OAuthStates(KEY, clock)
    made = states.new()
    assert made != states.new()
    # Base 64 has several ways to write one thing, which are one state.
    assert states.read(made) == states.read(f"{made}==")
    assert re.fullmatch(r"[\w-]{100,140}", made)
    assert OAuthStates(f"{other},{KEY}", clock).read(made)
    assert not OAuthStates(other, clock).read(made)
    assert not states.read(Fernet(KEY).encrypt_at_time(b"a token", int(clock.now().timestamp())).decode())
    for wrong in (
        "",
        "x",
        made[:-1],
        made[1:],
        made.swapcase(),
        "é" * 100,
        "=" * 200,
        "a" * 99_999,
    ):
        assert not states.read(wrong), wrong


@pytest.mark.parametrize("path", ["install", "oauth_redirect"])
async def test_what_only_looks_is_not_served(tmp_path, path):
    async with berlin(tmp_path) as (wired, _), a_browser() as session:
        for method in ("HEAD", "OPTIONS", "POST", "PUT"):
            async with session.request(method, f"{wired.base}/slack/{path}") as got:
                assert got.status == 405


async def test_too_many_are_told_to_come_again_and_harm_nobody_who_has_consented(tmp_path, caplog):
    async with berlin(tmp_path) as (wired, olga), a_browser() as session:
        state = await begun(session, wired)

        async def looks(path):
            async with session.get(f"{wired.base}/slack/{path}") as got:
                return got.status, got.headers.get("Retry-After"), await got.text()

        for path, served in (("install", 200), ("oauth_redirect?state=x", 400)):
            told = await asyncio.gather(*(looks(path) for _ in range(60)))
            busy = [each for each in told if each[0] == 429]
            assert {status for status, *_ in told} == {served, 429}
            assert len(busy) > 30
            assert {(wait, "in a few seconds" in text) for _, wait, text in busy} == {("2", True)}
        code = wired.server.installing.allow(olga, {})
        assert (await returns(session, wired, state, code, cookie=state))[0] == 200
        assert not [record for record in ours(caplog) if record.levelno >= logging.WARNING]


async def test_two_hundred_who_open_the_page_at_once_keep_no_member_waiting(tmp_path):
    async with berlin(tmp_path) as (wired, olga), a_browser() as session:
        channel = wired.server.channel(olga.team, "study")
        await wired.installed(olga)
        await wired.founds(channel, olga)
        await wired.passes(hours=1, minutes=1)
        [post] = [m for m in wired.server.messages(channel) if m.only is None and m.blocks]
        before, asked, opened = rows_of_all(wired), statements(wired), 0
        many_are_open, done = asyncio.Event(), asyncio.Event()

        async def opens():
            nonlocal opened
            while not done.is_set():
                async with session.get(f"{wired.base}/slack/install") as got:
                    opened += got.status in {200, 429}
                    if opened >= 400:
                        many_are_open.set()

        flood = [asyncio.create_task(opens()) for _ in range(200)]
        async with asyncio.timeout(PATIENCE):
            await many_are_open.wait()
            assert asked == []
            assert rows_of_all(wired) == before
            shown = await olga.presses(post, "A")
        done.set()
        await asyncio.gather(*flood)
        assert shown.ephemeral
        assert not wired.server.late
        assert wired.rows("SELECT count(*) FROM answer") == [(1,)]


def statements(wired):
    """Everything that the core is asked to do in the database from now on."""
    asked, database = [], wired.application.database
    for name in ("run", "read"):
        act = getattr(database, name)

        def noted(*arguments, act=act, **more):
            asked.append(arguments)
            return act(*arguments, **more)

        setattr(database, name, noted)
    return asked


async def test_every_worker_knows_a_state_and_takes_it_once(server_url, tmp_path):
    async with berlin(tmp_path, database_url=server_url) as (one, olga), a_browser() as session:
        second = running(tmp_path, one.server, olga.team, one.clock, mode=many, database_url=server_url)
        async with second as other:
            state = await begun(session, one)
            told = []
            for worker in (other, one, other):
                code = one.server.installing.allow(olga, {})
                told.append((await returns(session, worker, state, code, cookie=state))[0])
            assert told == [200, 400, 400]


async def test_the_cookie_is_for_this_browser_alone(tmp_path):
    async with (
        berlin(tmp_path) as (wired, _),
        a_browser() as session,
        session.get(f"{wired.base}/slack/install") as got,
    ):
        [cookie] = [text for text in got.headers.getall("Set-Cookie") if COOKIE in text]
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
        assert got.headers["Referrer-Policy"] == "no-referrer"
        assert "state=" in await got.text()
