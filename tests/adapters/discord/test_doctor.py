"""Commands that an operator types, as separate processes against the loopback Discord."""

import asyncio
import json
import os
import sqlite3
import sys
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.loopback.discord import LoopbackDiscord

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).parents[3]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AbCdEf.secret"
PLAN = {"pack": "backend-python", "zone": "UTC", "time": "09:00", "days": "daily"}


def environment(server, **more):
    """The settings of a process; nothing else of this machine's Milepost."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MILEPOST", "DISCORD"))
    }
    told = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": server.api_url} if server else {}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **told, **more}


async def milepost(folder, *arguments, server=None, **more):
    """Run a command to its end: (exit code, standard output, standard error)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "milepost", *arguments, cwd=folder, env=environment(server, **more),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def running_bot(folder, server, *arguments, **more):
    """``milepost run`` until it is connected, asked to end at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "milepost", "run", *arguments, cwd=folder, env=environment(server, **more),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(30):
            line = await process.stdout.readline()
        assert b"discord: connected" in line, (line, await process.stderr.read())
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        _, errors = await process.communicate()
        assert b"Traceback" not in errors, errors.decode()


async def test_a_token_is_all_that_run_needs(tmp_path):
    async with LoopbackDiscord(token=TOKEN) as server:
        guild = server.guild("Berlin")
        channel, olga = server.channel(guild, "study"), server.member("Olga", guild, permissions=32)
        async with running_bot(tmp_path, server) as process:
            shown = await olga.uses(channel, "study setup", PLAN)
            assert "set up" in shown.text
            assert shown.ephemeral
        assert process.returncode == 0
        with closing(sqlite3.connect(tmp_path / "data" / "milepost.db")) as database:
            assert database.execute("SELECT platform FROM study_group").fetchall() == [("discord",)]
        code, told, _ = await milepost(tmp_path, "doctor", "--json", server=server)
        checks = {check["check"]: check for check in json.loads(told)}
        assert code == 0, told
        assert checks["discord token"]["ok"]
        assert "#study in Berlin" in checks[f"discord channel {channel.id}"]["says"]


async def test_a_killed_bot_has_no_dead_button(tmp_path):
    async with LoopbackDiscord(token=TOKEN) as server:
        guild = server.guild("Berlin")
        channel, olga = server.channel(guild, "study"), server.member("Olga", guild, permissions=32)
        async with running_bot(tmp_path, server) as process:
            await olga.uses(channel, "study setup", PLAN)
            shown = await olga.uses(channel, "quiz")
            process.kill()
            await process.wait()
        async with running_bot(tmp_path, server):
            again = await olga.presses(shown.message, "Hint")
            assert "**Hint:**" in again.text


async def test_a_share_of_the_shards_is_asked_for_on_the_command_line(tmp_path):
    rules = {"token": TOKEN, "shards": 4, "max_concurrency": 4}
    async with LoopbackDiscord(**rules) as server, running_bot(tmp_path, server, "--shards", "2-3/4"):
        await server.pulse.until(
            lambda: {found.shard for found in server.gateway.identified} == {(2, 4), (3, 4)}
        )


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (("run", "--shards", "5/4"), {"DISCORD_TOKEN": TOKEN}, "DISCORD_SHARDS is '5/4': shards are"),
        (("run", "--shards", "x"), {"DISCORD_TOKEN": TOKEN}, "write it like 0-3/16"),
        (("run", "--shards", "0/1"), {}, "--shards is for platforms with several connections"),
        (("run",), {"MILEPOST_PLATFORMS": "discord"}, "DISCORD_TOKEN is missing"),
        (("run",), {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": "http://127.0.0.1:9"}, "be reached at"),
        (("discord-invite",), {}, "DISCORD_TOKEN is missing"),
        (("discord-invite",), {"DISCORD_TOKEN": "no token"}, "isn't a bot token"),
        (("discord-invite",), {"DISCORD_SHARDS": "x"}, "DISCORD_SHARDS is 'x': write it like 0-3/16"),
        (("discord-invite",), {"DISCORD_API_URL": "discord.com"}, "write it like https://host/path"),
        (("discord-invite",), {"DISCORD_ANSWER_SECONDS": "soon"}, "SECONDS is 'soon': input"),
        (("doctor",), {"DISCORD_API_URL": "discord.com"}, "write it like https://host/path"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_said_in_one_sentence(tmp_path, arguments, settings, said):
    code, out, err = await milepost(tmp_path, *arguments, **settings)
    assert code in (1, 2)
    assert said in out + err
    assert "Traceback" not in err
    assert "pydantic" not in err
    assert "secret" not in out + err


async def test_the_invite_is_one_line(tmp_path):
    code, out, err = await milepost(tmp_path, "discord-invite", DISCORD_TOKEN=TOKEN)
    assert (code, err) == (0, "")
    assert out.startswith("https://discord.com/oauth2/authorize?client_id=123456789012345678&")
    assert len(out.splitlines()) == 1
