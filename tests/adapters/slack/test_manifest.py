"""The manifest from which a Slack app is made."""

import pytest

from adapters.slack.manifest import EVERYTHING, manifest
from bot.handlers import all_routes
from tests.loopback.slack import LoopbackSlack


def test_the_manifest_has_every_command_and_no_more_than_is_needed():
    commands = tuple(all_routes().commands.values())
    made = manifest(commands)
    names = [command["command"] for command in made["features"]["slash_commands"]]
    assert set(names) >= {
        "/progress", "/quiz", "/roadmap", "/streak", "/leaderboard", "/challenge", "/study",
        f"/{EVERYTHING}",
    }  # fmt: skip
    assert "/help" not in names
    assert len(names) == len(set(names)) <= 50
    assert made["settings"]["socket_mode_enabled"]
    assert "url" not in made["features"]["slash_commands"][0]
    assert not any(
        "write.customize" in scope or "admin" in scope for scope in made["oauth_config"]["scopes"]["bot"]
    )
    public = manifest(commands, url="https://milepost.example")
    assert not public["settings"]["socket_mode_enabled"]
    assert all(command["url"].startswith("https://") for command in public["features"]["slash_commands"])


@pytest.mark.asyncio
async def test_slack_accepts_the_manifest():
    made = manifest(tuple(all_routes().commands.values()))
    hints = " ".join(command.get("usage_hint", "") for command in made["features"]["slash_commands"])
    assert "organisers" in hints
    assert "reward" not in hints
    assert "mention" not in hints
    async with LoopbackSlack() as server:
        assert server.accepts_manifest(made) == []
