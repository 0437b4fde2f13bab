"""A small Discord on 127.0.0.1: REST and gateway of version 10, for the real discord.py client.

In a test's own loop::

    async with LoopbackDiscord() as server:
        with pointed_at(server):                    # discord.py of this process talks to it
            guild = server.guild("Berlin")
            study = server.channel(guild, "study")
            ana = server.member("Ana", guild, permissions=MANAGE_GUILD)
            ...                                     # start the client with server.rules.token
            shown = await ana.uses(study, "quiz", {"topic": "http"})
            shown = await ana.presses(shown.message, "A")
            assert shown.ephemeral and "Correct" in shown.text
            assert not server.refused and not server.late

As a process of its own: ``python -m tests.loopback.discord --port 0`` prints its addresses as one line
of JSON and is driven over ``POST /control/...`` (control.py). Layout, from the outside in:

- server.py: LoopbackDiscord, all handles; rules.py: strictness and sizes; client.py: ``pointed_at``
- people.py, options.py: what people do, and the native data of it; interactions.py: what they get to see
- gateway.py, sessions.py, compression.py: the gateway; its troubles: ``server.gateway.drop()`` and so on
- gate.py: what every REST request passes; record.py: ``server.requests``
- faults.py: ``server.faults.add(method="POST", path="/channels/*/messages", status=503, acted=True)``
- routes_channels.py, routes_guilds.py, routes_interactions.py, messages.py: REST
- validate.py, validate_embeds.py, validate_commands.py, components.py, refusals.py: what Discord takes
- ratelimits.py, permissions.py, payloads.py, world.py, snowflakes.py: limits, bits, JSON shapes, state, ids
- control.py, __main__.py: the process; tiny_bot.py: the least client, for tests of this package

What it has in common with the loopback Slack is in ``tests/loopback/``.
"""

from tests.loopback.cannot import Cannot
from tests.loopback.discord.client import pointed_at
from tests.loopback.discord.people import Person
from tests.loopback.discord.server import LoopbackDiscord

__all__ = ["Cannot", "LoopbackDiscord", "Person", "pointed_at"]
