"""The contract's place on Discord: a simulated server."""

from contextlib import asynccontextmanager
from dataclasses import replace

import discord

from tests.adapters.discord.members import Member
from tests.adapters.discord.native import buttons, form_words, words
from tests.adapters.discord.simulation import Simulated, server

REFUSALS = {
    "Forbidden": (403, 50013),
    "Gone": (404, 10003),
    "Rejected": (400, 50035),
    "Transient": (429, 0),
}


class Place:
    def __init__(self, simulated, adapter):
        self.adapter = adapter
        self._server = simulated
        self.channel = simulated.ref()
        self.unknown = replace(self.channel, id="41771983423143999")
        self.now = simulated.now

    def person(self, name, *, organiser=False):
        guild = self._server.guild
        permissions = discord.Permissions(manage_guild=True)
        roles = [guild.create_role(f"Role of {name}", permissions=permissions)] if organiser else []
        actor = guild.add_member(self._server.env.create_user(name), roles=roles)
        return Person(self._server, actor, self._server.channel)

    async def passes(self, seconds):
        await self._server.passes(seconds=seconds)

    def refuse(self, kind):
        status, code = REFUSALS[kind]
        self._server.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
        return True

    def role(self):
        return str(self._server.guild.create_role("Learners").id)

    def holds(self, role, person):
        guild = self._server.env.backend.guilds[self._server.guild.id]
        return int(role) in guild.members[person.actor.id].role_ids


class Person(Member):
    """A member with what the contract asks for."""

    @property
    def user(self):
        return self.server.user(self.actor)

    def sees(self):
        return [words(message.components) for message in self._visible()]

    def inbox(self):
        place = self.actor.user.dm_channel
        stored = self.server.env.backend.messages.get(place.id, {})
        return [words(message.components) for _, message in sorted(stored.items())]

    def form(self):
        return form_words(self.result.modal) if self.result and self.result.modal else ""

    def can_press(self, label):
        return any(label in buttons(message.components) for message in self._visible())

    async def types(self, command, option, typed):
        return [choice["value"] for choice in await super().types(command, option, typed)]


@asynccontextmanager
async def place_at(_folder, app):
    async with server() as simulated:
        adapter = Simulated(simulated)
        await adapter.start(app)
        try:
            yield Place(simulated, adapter)
        finally:
            await adapter.stop()
