"""The two installing pages, opened by hand: what a browser keeps and what it comes back with."""

import aiohttp

COOKIE = "slack-app-oauth-state"


def a_browser():
    """One that keeps no cookie by itself."""
    connector = aiohttp.TCPConnector(limit=0)
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), connector=connector)


async def begun(session, wired):
    """The state that the first page gives."""
    async with session.get(f"{wired.base}/slack/install") as got:
        assert got.status == 200
        return got.cookies[COOKIE].value


async def returns(session, wired, state, code="code", *, cookie=None):
    """Come back from Slack: (status, text)."""
    held = {"Cookie": f"{COOKIE}={cookie}"} if cookie is not None else {}
    back = {"state": state, "code": code}
    async with session.get(f"{wired.base}/slack/oauth_redirect", params=back, headers=held) as got:
        return got.status, await got.text()
