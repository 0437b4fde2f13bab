"""HTTP mode of the loopback Slack: signatures, retries, installing; with the real slack-bolt."""

import pytest
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.file import FileInstallationStore
from slack_sdk.oauth.state_store.file import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.loopback.slack import LoopbackSlack
from tests.loopback.slack.tiny_bot import app_for, over_http, talking

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated"),  # slack_sdk uses it
]


def hears(app):
    app.heard = []

    @app.middleware
    async def watch(req, resp, next):  # noqa: A002 - Bolt's name
        app.heard.append({key: value[0] for key, value in req.headers.items() if "slack-retry" in key})
        if len(app.heard) < 2:
            resp.status = 500
            return resp
        return await next()

    @app.event("message")
    async def message(event):
        pass


async def test_only_what_is_signed_well_comes_through():
    async with talking(lambda app: None, mode="http") as (server, _, _, _):
        assert await server.http.verifies()
        assert (await server.http.forged("right"))[0] == 200
        for how in ("wrong", "old", "none"):
            assert (await server.http.forged(how))[0] == 401
        assert (await server.http.forged("letters"))[0] == 500  # Bolt's own weakness


async def test_an_event_is_sent_again_after_an_error():
    rules = {"redelivers_after": (0.0,), "patience": 0.01}
    async with talking(hears, mode="http", **rules) as (server, app, study, ana):
        told = await ana.says(study, "once")
        assert await told.until(lambda told: told.ack and told.ack.status == 200)
        assert app.heard == [{}, {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_error"}]
        assert server.late == []


async def test_a_bot_that_cannot_be_reached_fails_the_click():
    async with LoopbackSlack(acknowledge_within=0.2) as server:
        team = server.team()
        study, ana = server.channel(team), server.member("Ana", team)
        server.http.send_to("http://127.0.0.1:9/")
        shown = await ana.uses(study, "/hi")
        assert shown.failed


def installing(server, folder):
    """An app that is installed by OAuth, with its stores in a folder."""
    return app_for(
        server,
        oauth_settings=AsyncOAuthSettings(
            client_id=server.client_id, client_secret=server.client_secret,
            scopes=["chat:write", "commands"],
            authorization_url=server.authorize_url,
            installation_store=FileInstallationStore(base_dir=str(folder)),
            state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(folder)),
        ),
    )  # fmt: skip


async def test_a_workspace_installs_the_app(tmp_path):
    async with LoopbackSlack() as server:
        team = server.team("Berlin", installed=False)
        study, ana = server.channel(team), server.member("Ana", team, admin=True)
        app = installing(server, tmp_path)

        @app.command("/hi")
        async def hi(ack, say):
            await ack()
            await say("Hello")

        async with over_http(server, app) as base:
            server.redirect_uri = f"{base}/slack/oauth_redirect"
            cancelled = await server.installs(ana, f"{base}/slack/install", allows=False)
            assert (cancelled[0], "access_denied" in cancelled[1]) == (200, True)
            forged = await server.installs(ana, f"{base}/slack/install", forged_state="other")
            assert forged[0] == 400
            assert not team.installed
            status, _ = await server.installs(ana, f"{base}/slack/install")
            assert status == 200
            assert team.installed
            assert team.scopes == {"chat:write", "commands"}
            assert (await ana.uses(study, "/hi")).text == "Hello"
        [access] = server.called("oauth.v2.access")
        assert access.ok


async def test_codes_and_refresh_tokens_hold_once():
    at = [0.0]
    async with LoopbackSlack(rotation=True, now=lambda: at[0]) as server:
        team = server.team()
        ana, client = server.member("Ana", team), AsyncWebClient(base_url=server.api_url)
        login = {"client_id": server.client_id, "client_secret": server.client_secret}

        async def error(**told):
            with pytest.raises(SlackApiError) as caught:
                await client.oauth_v2_access(**{**login, **told})
            return caught.value.response["error"]

        code = server.installing.allow(ana, {"scope": "chat:write", "redirect_uri": "https://x/y"})
        assert await error(code=code, client_secret="no") == "bad_client_secret"
        assert await error(code=code) == "bad_redirect_uri"
        got = await client.oauth_v2_access(**login, code=code, redirect_uri="https://x/y")
        assert (got["expires_in"], got["authed_user"]["id"]) == (43200, ana.id)
        assert await error(code=code, redirect_uri="https://x/y") == "code_already_used"
        assert await error(code="other") == "invalid_code"
        at[0] += 43200
        with pytest.raises(SlackApiError, match="token_expired"):
            await client.auth_test(token=got["access_token"])
        renewed = {"grant_type": "refresh_token", "refresh_token": got["refresh_token"]}
        fresh = await client.oauth_v2_access(**login, **renewed)
        assert (await client.auth_test(token=fresh["access_token"]))["team_id"] == team.id
        assert await error(**renewed) == "invalid_refresh_token"


async def test_an_app_that_is_removed_hears_of_it():
    heard = []

    def listens(app):
        @app.event("app_uninstalled")
        async def gone(event):
            heard.append(event["type"])

        @app.event("tokens_revoked")
        async def revoked(event):
            heard.append(event["type"])

    async with talking(listens, mode="http") as (server, app, study, ana):
        app.client.token = ana.team.token
        await server.uninstalls(ana.team, by=ana)
        await server.pulse.until(lambda: len(heard) == 2)
        assert set(heard) == {"app_uninstalled", "tokens_revoked"}
        with pytest.raises(SlackApiError, match="account_inactive"):
            await app.client.chat_postMessage(channel=study.id, text="x")
