"""Milepost as ``milepost run`` serves Slack: ``python -m bench.slack_serving FOLDER API APP_TOKEN``.

Served as in ``bench.serving``; ``FOLDER/tokens.json`` has a bot's token for each workspace.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import aiohttp
from aiohttp import web

from adapters.slack.adapter import Slack
from adapters.slack.directory import Directory
from adapters.slack.limits import PLATFORM
from adapters.slack.settings import Settings
from adapters.slack.teams import Team, Teams, client_of
from bench.serving import serve
from bot.chat import App, Clock, UserRef
from bot.chat.clock import SystemClock
from milepost.event_loop import serve_on_loop


class Known:
    """Workspaces whose tokens are known: how they were installed is not measured."""

    def __init__(self, teams: dict[str, Team]) -> None:
        self._teams = teams

    async def of(self, team_id: str) -> Team:
        """Return one of the workspaces."""
        return self._teams[team_id]

    async def forget(self, _team_id: str) -> bool:
        """Return False: no workspace is ever lost."""
        return False

    async def installed(self) -> frozenset[str]:
        """Return all workspaces."""
        return frozenset(self._teams)

    async def close(self) -> None:
        """Close nothing."""


class InMany(Slack):
    """The adapter with these workspaces."""

    def __init__(self, settings: Settings, clock: Clock, tokens: dict[str, str]) -> None:
        super().__init__(settings, clock)
        self._tokens = tokens

    async def _workspaces(
        self, _app: App, session: aiohttp.ClientSession
    ) -> tuple[Teams, tuple[web.RouteDef, ...]]:
        teams = {}
        for team, token in self._tokens.items():
            client = client_of(self._settings, session, token)
            teams[team] = Team(team, client, Directory(client, self._clock), "U0", "B0")
        return Known(teams), ()


def adapter(place: Path, clock: Clock, api: str, app_token: str) -> Slack:
    """Return the adapter: for one workspace as it is, for many with their tokens given."""
    tokens = json.loads((place / "tokens.json").read_text(encoding="utf-8"))
    first = next(iter(tokens.values()))
    settings = Settings(_env_file=None, api_url=api, app_token=app_token, bot_token=first)
    return InMany(settings, clock, tokens) if len(tokens) > 1 else Slack(settings, clock)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    where, clock = Path(sys.argv[1]), SystemClock()
    slack = adapter(where, clock, *sys.argv[2:])
    serve_on_loop(serve(where, slack, clock, lambda team: UserRef(PLATFORM, team, "U1")))
