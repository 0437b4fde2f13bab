"""``milepost doctor`` and an operator's other commands on Slack, over the wire."""

import asyncio
import datetime as dt
import json
import os
import sys
from pathlib import Path

import pytest

from adapters.slack import Settings, build, doctor, examine
from adapters.slack.token_cipher import TokenCipher
from bot.chat import ChannelRef
from tests.adapters.slack.wired import many, over_http, over_socket, running
from tests.loopback.slack import LoopbackSlack
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).parents[3]


async def examined(server, settings, channels=(), open_state=None, clock=None):
    """The checks, by name, as of the first Monday."""
    chosen = Settings(**settings, api_url=server.api_url, _env_file=None)
    found = doctor.examine(chosen, channels, open_state, clock or FakeClock())
    return {check.check: check async for check in found}


def ref(channel):
    return ChannelRef("slack", channel.team.id, channel.id)


async def test_all_is_well():
    async with LoopbackSlack() as server:
        team = server.team("Berlin")
        channel = server.channel(team, "study")
        checks = await examined(server, over_socket(server, team), [ref(channel)])
        assert all(check.ok for check in checks.values()), checks
        assert "Milepost in Berlin" in checks[f"slack workspace {team.id}"].says
        assert set(checks) == {
            "slack app token",
            f"slack workspace {team.id}",
            f"slack scopes {team.id}",
            f"slack channel {channel.id}",
        }
        assert server.refused == []
        checks = await examined(server, over_http(server, team))
        assert checks["slack signing secret"].ok


@pytest.mark.parametrize(
    ("changed", "check", "said"),
    [
        ({"app_token": "xapp-wrong"}, "slack app token", "connections:write"),
        ({"bot_token": "xoxb-wrong"}, "slack token", "copy it again"),
        ({"app_token": ""}, "slack settings", "SLACK_APP_TOKEN is missing"),
    ],
    ids=str,
)
async def test_a_wrong_token_is_said_with_what_to_do(changed, check, said):
    async with LoopbackSlack() as server:
        team = server.team("Berlin")
        checks = await examined(server, over_socket(server, team) | changed)
        assert not checks[check].ok
        assert said in checks[check].says
        assert "wrong" not in " ".join(found.says for found in checks.values())


async def test_missing_scopes_are_named():
    async with LoopbackSlack() as server:
        team = server.team("Berlin", scopes=("chat:write", "commands"))
        checks = await examined(server, over_socket(server, team))
        found = checks[f"slack scopes {team.id}"]
        assert not found.ok
        assert "users:read" in found.says
        assert "chat:write" not in found.says


async def test_channels_that_cannot_be_posted_in_are_named():
    async with LoopbackSlack() as server:
        team = server.team("Berlin")
        private = server.channel(team, "secret", private=True, bot=False)
        gone = server.channel(team, "gone")
        server.close_channel(gone)
        checks = await examined(server, over_socket(server, team), [ref(private), ref(gone)])
        for channel in (private, gone):
            assert not checks[f"slack channel {channel.id}"].ok
            assert "/invite @Milepost" in checks[f"slack channel {channel.id}"].says


async def test_slack_that_cannot_be_reached_is_said():
    async with LoopbackSlack() as server:
        team = server.team("Berlin")
        settings = Settings(**over_http(server, team), api_url="http://127.0.0.1:9/api/", _env_file=None)
        checks = {check.check: check async for check in examine(settings, (), (), None)}
        assert "connection to Slack was lost" in checks["slack token"].says
        assert "copy" not in checks["slack token"].says


async def test_many_workspaces_are_looked_at_and_no_token_is_exchanged(tmp_path):
    clock = FakeClock()
    async with LoopbackSlack(clock=lambda: clock.now().timestamp(), rotation=True) as server:
        team = server.team("Berlin", installed=False)
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        assert (await examined(server, many(server)))["slack client"].ok
        async with running(tmp_path, server, team, clock, mode=many) as wired:
            await wired.installed(olga)
            before = len(server.called("oauth.v2.access"))
            elsewhere = ChannelRef("slack", "T0", "C0")
            open_state = wired.application.app.platform_state
            checks = await examined(server, many(server), [ref(channel), elsewhere], open_state)
            assert len(server.called("oauth.v2.access")) == before + 1  # with a code that is none
            assert "refresh_token" not in server.called("oauth.v2.access")[-1].args
            later = FakeClock(clock.now() + dt.timedelta(days=2))
            resting = await examined(server, many(server), [ref(channel)], open_state, later)
            assert resting[f"slack workspace {team.id}"].ok
            assert "has expired" in resting[f"slack workspace {team.id}"].says
            assert resting[f"slack channel {channel.id}"].ok
            assert len(server.called("oauth.v2.access")) == before + 2
            team.installed = False
            gone = await examined(server, many(server), [ref(channel)], open_state)
            assert "was removed" in gone[f"slack workspace {team.id}"].says
            assert wired.rows("SELECT count(*) FROM platform_state") == [(1,)]
        bad = {name for name, check in checks.items() if not check.ok}
        assert bad == {"slack workspace T0", "slack channel C0"}
        assert "isn't installed" in checks["slack workspace T0"].says
        wrong = many(server) | {"client_secret": "wrong" * 5}
        assert "SLACK_CLIENT_SECRET" in (await examined(server, wrong))["slack client"].says


def environment(**more):
    """The settings of a process; nothing else of this machine's Milepost."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MILEPOST", "SLACK"))}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **more}


async def milepost(folder, *arguments, **settings):
    """Run a command to its end: (exit code, standard output, standard error)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "milepost", *arguments, cwd=folder, env=environment(**settings),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_two_tokens_are_all_that_run_needs(tmp_path):
    async with LoopbackSlack() as server:
        team = server.team("Berlin")
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        told = {"SLACK_BOT_TOKEN": team.token, "SLACK_APP_TOKEN": server.app_token}
        settings = environment(**told, SLACK_API_URL=server.api_url)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "milepost", "run", cwd=tmp_path, env=settings,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(30):
                assert b"slack: connected to Slack" in await process.stdout.readline()
            shown = await olga.uses(
                channel, "/study", "setup backend-python zone:UTC time:09:00 days:daily"
            )
            assert "set up" in shown.text
        finally:
            process.terminate()
            _, errors = await process.communicate()
        assert (process.returncode, b"Traceback" in errors) == (0, False)
        code, out, _ = await milepost(tmp_path, "doctor", "--json", **told, SLACK_API_URL=server.api_url)
        checks = {check["check"]: check for check in json.loads(out)}
        assert code == 0, out
        assert checks[f"slack channel {channel.id}"]["ok"]


@pytest.mark.parametrize(
    ("options", "socket", "redirects", "rotates"),
    [
        ((), True, None, False),
        (("--socket",), True, None, False),
        (
            ("--http", "https://m.example.org/"),
            False,
            ["https://m.example.org/slack/oauth_redirect"],
            False,
        ),
        (
            ("--http", "https://m.example.org/bots", "--rotate-tokens"),
            False,
            ["https://m.example.org/bots/slack/oauth_redirect"],
            True,
        ),
        (
            ("--socket", "--http", "https://m.example.org"),
            True,
            ["https://m.example.org/slack/oauth_redirect"],
            False,
        ),
    ],
    ids=str,
)
async def test_slack_accepts_every_manifest(tmp_path, options, socket, redirects, rotates):
    code, out, err = await milepost(tmp_path, "slack-manifest", *options)
    assert (code, err) == (0, "")
    made = json.loads(out)
    async with LoopbackSlack() as server:
        assert server.accepts_manifest(made) == []
    assert made["settings"]["socket_mode_enabled"] is socket
    assert made["settings"]["token_rotation_enabled"] is rotates
    assert made["oauth_config"].get("redirect_urls") == redirects


@pytest.mark.parametrize("address", ["http://m.example.org", "m.example.org", "https://", "https://m/x?y"])
async def test_an_address_that_slack_cannot_reach_is_refused(tmp_path, address):
    code, out, err = await milepost(tmp_path, "slack-manifest", "--http", address)
    assert code != 0
    assert "such as https://milepost.example.org" in out + err
    assert "Traceback" not in err


async def test_a_printed_key_fits(tmp_path):
    code, key, _ = await milepost(tmp_path, "slack-key")
    assert code == 0
    async with LoopbackSlack() as server:
        chosen = Settings(**many(server, key=key), _env_file=None)
        assert build(chosen, FakeClock()).platform == "slack"
        assert TokenCipher(key)
