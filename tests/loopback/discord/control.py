"""Driving the server from another process, over HTTP: JSON in, JSON out.

People, channels, guilds, roles and messages are named by their ids. ``POST /control/<verb>``:

- what every server has, see ``tests/loopback/control.py``; a surface is a message
- ``guild`` {name, shard}; ``channel`` {guild, name}; ``member`` {name, guild,
  permissions}; ``role`` {guild, name, position}
- ``uses`` {person, channel, command, given}; ``types`` {person, channel, command, option, text};
  ``presses`` {person, message, button}; ``chooses`` {person, message, menu, values};
  ``submits`` {person, interaction, values}
- ``populate`` {guilds, members, channels, roles}: so many guilds with so many of these each, as ids
- ``gateway`` {verb: drop | reconnect | invalidate | close, ...}

``GET /control/requests`` has the record.
"""

import dataclasses

from tests.loopback import control
from tests.loopback.control import as_json
from tests.loopback.discord import payloads


class Control(control.Control):
    """The handles of LoopbackDiscord behind HTTP."""

    own = (
        "guild", "channel", "member", "role", "uses", "types", "presses", "chooses", "submits", "populate",
        "gateway",
    )  # fmt: skip

    def add_to(self, app):
        """Put the routes into the application."""
        super().add_to(app)
        app.router.add_get("/control/requests", self.requests)

    def more(self):
        """State that only Discord has: identified clients, sessions and commands."""
        gateway = self._server.gateway
        return {
            "identified": [dataclasses.asdict(i) for i in gateway.identified],
            "sessions": len(gateway.sessions), "commands": len(self._server.commands),
        }  # fmt: skip

    async def requests(self, request):
        return as_json([
            {"at": r.at, "method": r.method, "path": r.path, "status": r.status, "seconds": r.seconds}
            for r in self._server.requests
        ])  # fmt: skip

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
        place = self.channel(channel)
        return _outcome(await self._people[person].uses(place, command, given))

    async def _types(self, person, channel, command, option, text):
        place = self.channel(channel)
        return _outcome(await self._people[person].types(place, command, option, text))

    async def _presses(self, person, message, button):
        return _outcome(await self._people[person].presses(self.surface(message), button))

    async def _chooses(self, person, message, menu, values):
        return _outcome(await self._people[person].chooses(self.surface(message), menu, *values))

    async def _submits(self, person, interaction, values):
        opener = self._server.interactions[interaction]
        return _outcome(await self._people[person].submits(opener, values))

    async def _populate(self, guilds, members, channels=1, roles=0):
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

    async def _gateway(self, verb, **told):
        if verb not in {"drop", "reconnect", "invalidate", "close"}:
            raise KeyError(verb)
        await getattr(self._server.gateway, verb)(**told)
        return {}

    def channel(self, number):
        """By its id. Raises KeyError."""
        return self._server.channels[int(number)]

    def surface(self, number):
        """A message by its id. Raises KeyError."""
        for channel in self._server.channels.values():
            if int(number) in channel.messages:
                return channel.messages[int(number)]
        raise KeyError(number)

    @staticmethod
    def told(message):
        """A message, and what a person sees of it."""
        return _message(message)


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
