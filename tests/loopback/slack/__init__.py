"""A small Slack on 127.0.0.1: Web API, Socket Mode, HTTP mode, for the real slack-bolt and slack_sdk.

In a test's own loop::

    async with LoopbackSlack() as server:
        team = server.team("Berlin")
        study, ana = server.channel(team, "study"), server.member("Ana", team, tz="Asia/Tokyo", admin=True)
        ...                     # AsyncWebClient(base_url=server.api_url), team.token, server.app_token;
                                # for HTTP mode server.signing_secret and server.http.send_to(address)
        shown = await ana.uses(study, "/quiz", "http")
        shown = await ana.presses(shown.message, "A")
        assert shown.ephemeral and "Correct" in shown.text
        assert not server.refused and not server.late

As a process of its own: ``python -m tests.loopback.slack --port 0`` prints its addresses as one line of
JSON and is driven over ``POST /control/...`` (control.py). Layout, from the outside in:

- server.py: LoopbackSlack, all handles; rules.py: strictness and sizes; manifest.py: app manifests
- people.py, filling.py: what people do; native.py: the payloads of it; interactions.py, happenings.py:
  what they get to see; browser.py: installing
- delivery.py: retries and what acknowledgements say; socket_mode.py, http_mode.py: the two ways;
  ``server.sockets.drop()``, ``server.sockets.disconnect("warning")``, ``server.http.forged("old")``
- gate.py: what every call passes; record.py: ``server.calls``
- faults.py: ``server.faults.add(method="chat.postMessage", reset=True, acted=True)``
- methods_*.py, oauth.py, response_urls.py, messages.py, places.py: what the bot can call
- validate*.py, words.py, refusals.py: what Slack takes, and how it says no
- ratelimits.py, payloads.py, world.py, ids.py: limits, JSON shapes, state, ids
- control.py, __main__.py: the process; tiny_bot.py: the least bot, for tests of this package

What it has in common with the loopback Discord is in ``tests/loopback/``.
"""

from tests.loopback.cannot import Cannot
from tests.loopback.slack.people import Person
from tests.loopback.slack.server import LoopbackSlack

__all__ = ["Cannot", "LoopbackSlack", "Person"]
