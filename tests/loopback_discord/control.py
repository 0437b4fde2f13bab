"""Driving the server from another process, over HTTP: JSON in, JSON out.

People, channels, guilds, roles and messages are named by their ids. ``POST /control/<verb>``:

- ``rules`` {field: value}; ``guild`` {name, shard}; ``channel`` {guild, name}; ``member`` {name, guild,
  permissions}; ``role`` {guild, name, position}
- ``uses`` {person, channel, command, given}; ``types`` {person, channel, command, option, text};
  ``presses`` {person, message, button}; ``chooses`` {person, message, menu, values};
  ``submits`` {person, interaction, values}
- ``town`` {guilds, members, channels, roles}: so many guilds with so many of these each, as a list of ids
- ``burst`` {presses: [[person, message, button], ...], per_second}: at this pace, whether answered or not;
  answers when all are, with each press's seconds to the acknowledgement (null: failed)
- ``crowd`` {people: {person: [[message, button], ...]}}: everybody at once, each one press after another;
  answers like ``burst``
- ``gateway`` {verb: drop | reconnect | invalidate | close, ...}; ``fault`` {fields of Fault}; ``forget`` {}

``GET /control/state`` has the counts and the seconds of processor time of this process,
``GET /control/messages/<channel>`` what stands in a channel,
``GET /control/requests`` the record.
"""

import asyncio
import dataclasses
import json
import time

from aiohttp import web

from tests.loopback_discord import payloads
from tests.loopback_discord.options import Cannot

VERBS = (
    "rules", "guild", "channel", "member", "role", "uses", "types", "presses", "chooses", "submits", "town",
    "burst", "crowd", "gateway", "fault", "forget",
)  # fmt: skip


class Control:
    """The handles of LoopbackDiscord behind HTTP."""

    def __init__(self, server):
        self._server = server
        self._people = {}

    def add_to(self, app):
        """Put the routes into the application."""
        app.router.add_post("/control/{verb}", self.serve)
        app.router.add_get("/control/state", self.state)
        app.router.add_get("/control/requests", self.requests)
        app.router.add_get("/control/messages/{channel}", self.messages)

    async def serve(self, request):
        """One verb; 400 with the reason when a person cannot do that."""
        verb, told = request.match_info["verb"], await request.json()
        if verb not in VERBS:
            return _json({"error": f"no verb {verb}"}, 404)
        try:
            return _json(await getattr(self, f"_{verb}")(**told))
        except (Cannot, KeyError, TypeError) as problem:
            return _json({"error": f"{type(problem).__name__}: {problem}"}, 400)

    async def state(self, request):
        server = self._server
        return _json({
            "counts": server.counts(), "too_many": server.too_many, "late": len(server.late),
            "refused": [dataclasses.asdict(refusal) for refusal in server.refused[:50]],
            "refusals": len(server.refused), "interactions": len(server.interactions),
            "identified": [dataclasses.asdict(i) for i in server.gateway.identified],
            "crashes": [repr(error) for error in server.crashes],
            "sessions": len(server.gateway.sessions), "commands": len(server.commands),
            "processor": time.process_time(),
        })  # fmt: skip

    async def requests(self, request):
        return _json([
            {"at": r.at, "method": r.method, "path": r.path, "status": r.status, "seconds": r.seconds}
            for r in self._server.requests
        ])  # fmt: skip

    async def messages(self, request):
        channel = self._server.channels[int(request.match_info["channel"])]
        return _json([_message(message) for message in self._server.messages(channel)])

    async def _rules(self, **fields):
        for name, value in fields.items():
            if not hasattr(self._server.rules, name):
                raise KeyError(name)
            setattr(self._server.rules, name, value)
        return {}

    async def _guild(self, name="Guild", shard=None):
        made = self._server.guild(name, shard=shard)
        await self._server.gateway.guild_joined(made)
        return {"id": str(made.id)}

    async def _channel(self, guild, name="study"):
        return {"id": str(self._server.channel(self._server.guilds[int(guild)], name).id)}

    async def _role(self, guild, name, position=1):
        return {"id": str(self._server.role(self._server.guilds[int(guild)], name, position=position).id)}

    async def _member(self, name, guild, permissions=0):
        person = self._server.member(name, self._server.guilds[int(guild)], permissions=permissions)
        self._people[str(person.id)] = person
        return {"id": str(person.id)}

    async def _uses(self, person, channel, command, given=None):
        place = self._server.channels[int(channel)]
        return _outcome(await self._people[person].uses(place, command, given))

    async def _types(self, person, channel, command, option, text):
        place = self._server.channels[int(channel)]
        return _outcome(await self._people[person].types(place, command, option, text))

    async def _presses(self, person, message, button):
        return _outcome(await self._people[person].presses(self._message(message), button))

    async def _chooses(self, person, message, menu, values):
        return _outcome(await self._people[person].chooses(self._message(message), menu, *values))

    async def _submits(self, person, interaction, values):
        opener = self._server.interactions[interaction]
        return _outcome(await self._people[person].submits(opener, values))

    async def _town(self, guilds, members, channels=1, roles=0):
        return [await self._village(f"Guild {n}", members, channels, roles) for n in range(guilds)]

    async def _village(self, name, members, channels, roles):
        """A guild as a list of ids; it is announced when it is whole."""
        guild = self._server.guild(name)
        places = [str(self._server.channel(guild, f"study-{n}").id) for n in range(channels)]
        given = [str(self._server.role(guild, f"Role {n}").id) for n in range(roles)]
        people = [(await self._member(f"Member {n}", guild.id))["id"] for n in range(members)]
        await self._server.gateway.guild_joined(guild)
        found = {"id": str(guild.id), "channels": places, "members": people, "roles": given}
        return found | {"channel": places[0]} if places else found

    async def _burst(self, presses, per_second):
        targets = {message: self._message(message) for _, message, _ in presses}
        loop = asyncio.get_running_loop()
        start, tasks = loop.time(), []
        for number, (person, message, button) in enumerate(presses):
            await asyncio.sleep(max(0, start + number / per_second - loop.time()))
            tasks.append(asyncio.create_task(self._people[person].presses(targets[message], button)))
        done = await asyncio.gather(*tasks)
        return {"seconds": [outcome.seconds for outcome in done], "lasted": loop.time() - start}

    async def _crowd(self, people):
        targets = {number for presses in people.values() for number, _ in presses}
        targets = {number: self._message(number) for number in targets}

        async def one(person, presses):
            return [
                (await self._people[person].presses(targets[number], button)).seconds
                for number, button in presses
            ]

        start = asyncio.get_running_loop().time()
        done = await asyncio.gather(*(one(person, presses) for person, presses in people.items()))
        lasted = asyncio.get_running_loop().time() - start
        return {"seconds": [seconds for each in done for seconds in each], "lasted": lasted}

    async def _gateway(self, verb, **told):
        if verb not in {"drop", "reconnect", "invalidate", "close"}:
            raise KeyError(verb)
        await getattr(self._server.gateway, verb)(**told)
        return {}

    async def _fault(self, **described):
        self._server.faults.add(**described)
        return {}

    async def _forget(self):
        self._server.forget()
        return {}

    def _message(self, number):
        for channel in self._server.channels.values():
            if int(number) in channel.messages:
                return channel.messages[int(number)]
        raise KeyError(number)


def _json(body, status=200):
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def _message(message):
    return payloads.message(message) | {
        "text": message.text,
        "only": message.only,
        "edits": len(message.edits),
    }


def _outcome(interaction):
    return {
        "interaction": interaction.token, "response": interaction.response, "seconds": interaction.seconds,
        "ephemeral": interaction.ephemeral, "text": interaction.text, "choices": interaction.choices,
        "message": _message(interaction.message) if interaction.message else None,
        "modal": interaction.modal.raw if interaction.modal else None, "updates": interaction.updates,
    }  # fmt: skip
