"""A person's browser, as far as installing needs one: pages, cookies, redirects."""

import re
from html import unescape

import aiohttp
from yarl import URL

from tests.loopback.cannot import Cannot


async def installs(server, person, address, *, allows=True, forged_state=None):
    """Open the bot's install address, consent (or not) at Slack, come back: (status, text) of the callback.

    ``forged_state`` comes back with another state than the bot gave.
    """
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        asked, cookies = await _page(session, server, address)
        back = {"state": forged_state or asked.query.get("state", "")}
        if allows:
            back["code"] = server.installing.allow(person, asked.query)
        else:
            back["error"] = "access_denied"
        callback = URL(asked.query.get("redirect_uri") or server.redirect_uri).update_query(back)
        async with session.get(callback, cookies=cookies, allow_redirects=False) as got:
            return got.status, await got.text()


async def _page(session, server, address):
    """Slack's own address that the bot sends people to, and the cookies that the bot set."""
    async with session.get(address, allow_redirects=False) as got:
        cookies = {name: morsel.value for name, morsel in got.cookies.items()}
        target = got.headers.get("Location")
        if target is None:
            links = re.findall(r'href="([^"]*oauth/v2/authorize[^"]*)"', await got.text())
            target = unescape(links[0]) if links else None
    if target is None:
        raise Cannot(f"{address} does not lead to Slack.")
    asked = URL(target)
    shown = URL(server.url).with_path("/oauth/v2/authorize").with_query(asked.query)
    async with session.get(shown) as got:
        if got.status != 200:
            raise Cannot(f"Slack says {await got.text()}.")
    return asked, cookies
