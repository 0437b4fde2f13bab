"""The server: what it holds, and the handles that tests use."""

import time

from tests.loopback.discord import gate, world
from tests.loopback.discord.control import Control
from tests.loopback.discord.faults import Fault
from tests.loopback.discord.gateway import Gateway
from tests.loopback.discord.messages import Messages
from tests.loopback.discord.people import Person
from tests.loopback.discord.permissions import BOT, EVERYONE, bits
from tests.loopback.discord.ratelimits import ChannelLimit, GlobalLimit
from tests.loopback.discord.routes_channels import ChannelRoutes
from tests.loopback.discord.routes_guilds import GuildRoutes
from tests.loopback.discord.routes_interactions import InteractionRoutes
from tests.loopback.discord.rules import Rules
from tests.loopback.discord.snowflakes import Snowflakes
from tests.loopback.server import Loopback


class LoopbackDiscord(Loopback):
    """A Discord on 127.0.0.1. ``clock`` is for ids and timestamps, ``now`` for limits and deadlines.

    Further arguments are fields of Rules.
    """

    def __init__(self, *, clock=time.time, now=time.monotonic, **rules):
        super().__init__(Rules(**rules), Fault, clock, now)
        self.ids = Snowflakes(clock)
        self.owner = world.User(self.ids.new(), "owner")
        self.bot = world.User(self.ids.new(), "Milepost", bot=True)
        self.users = {user.id: user for user in (self.owner, self.bot)}
        self.guilds, self.channels, self.interactions = {}, {}, {}
        self.commands, self.requests = [], self.record
        self.global_limit, self.channel_limit = GlobalLimit(self.rules, now), ChannelLimit(self.rules, now)
        self.texts = Messages(self)
        self.gateway = Gateway(self)

    def add_routes(self, app):
        """REST, gateway and the control plane."""
        around = gate.Gate(self).around
        for routes in (GuildRoutes(self), ChannelRoutes(self), InteractionRoutes(self)):
            for method, path, handler in routes.table():
                app.router.add_route(method, gate.API + path, around(handler))
        app.router.add_route("*", gate.API + "/{rest:.*}", around(gate.unknown))
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/gateway", self.gateway.serve)
        Control(self).add_to(app)

    async def hang_up(self):
        """End every connection of the gateway."""
        await self.gateway.close()

    @property
    def api_url(self):
        return self.url + gate.API

    @property
    def gateway_url(self):
        return self.url.replace("http", "ws", 1) + "/gateway/"

    def guild(self, name="Guild", *, shard=None, bot_permissions=BOT, present=True):
        """A guild with the bot in it, with a role of its own at position 5; on a shard if it is given."""
        made = self.ids.new() if shard is None else self.ids.on_shard(shard, self.rules.shards)
        guild = world.Guild(made, name, present=present)
        guild.roles[made] = world.Role(made, "@everyone", EVERYONE, 0)
        own = world.Role(self.ids.new(), self.bot.name, bits(bot_permissions), 5, managed=True)
        guild.roles[own.id] = own
        guild.members[self.bot.id] = world.GuildMember(self.bot, guild, roles=[own.id])
        self.guilds[made] = guild
        return guild

    def channel(self, guild, name="study"):
        """A text channel."""
        channel = world.Channel(self.ids.new(), name, guild=guild)
        return self.add_channel(channel)

    def add_channel(self, channel):
        """Make a channel or thread known."""
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels[channel.id] = channel
        return channel

    def role(self, guild, name, *, position=1, permissions=0, mentionable=False):
        """A role; the bot can give those below position 5."""
        role = world.Role(self.ids.new(), name, bits(permissions), position, mentionable)
        guild.roles[role.id] = role
        return role

    def member(self, name, guild=None, *, permissions=0, position=1, user=None, locale="en-GB"):
        """A new person's hands in a guild, or in direct messages alone; ``user`` joins a known one.

        Nobody has permissions but by roles: who is given some gets a role of their own, at ``position``.
        """
        if user is None:
            user = world.User(self.ids.new(), name, locale=locale)
            self.users[user.id] = user
        member = None
        if guild is not None:
            member = world.GuildMember(user, guild)
            if bits(permissions):
                own = self.role(guild, f"{name}'s", position=position, permissions=permissions)
                member.roles.append(own.id)
            guild.members[user.id] = member
        return Person(self, user, member)

    def bot_in(self, guild):
        """The bot as a member, for ``channel.deny(..., server.bot_in(guild))``."""
        return guild.members[self.bot.id]

    def inbox_of(self, user):
        """The direct channel between the bot and a user; made if there is none."""
        if user.inbox is None:
            inbox = world.Channel(self.ids.new(), "", world.DIRECT, recipient=user)
            user.inbox = self.add_channel(inbox)
        return user.inbox

    def close_channel(self, channel):
        """Delete a channel: from now on it is unknown."""
        del channel.guild.channels[channel.id], self.channels[channel.id]

    @property
    def late(self):
        """Interactions that were not acknowledged in time."""
        now, most = self.now(), self.rules.acknowledge_within
        return [i for i in self.interactions.values() if i.response is None and now - i.opened > most]

    @property
    def invalid_requests(self):
        """Answers 401, 403 and 429: 10,000 of them in 10 minutes get an address banned."""
        return sum(request.status in {401, 403, 429} for request in self.requests)

    def requested(self, method, ending=""):
        """Requests of a method whose path ends so."""
        return [r for r in self.requests if r.method == method and r.path.endswith(ending)]

    def refuse(self, errors):
        """Note what was wrong with the request that is being served."""
        self.refused.append(gate.refusal(self.now(), errors))

    def watch_mentions(self, body):
        """Our own rule: every message says whom it may mention."""
        if body.get("allowed_mentions") is None:
            self.refuse(
                {"allowed_mentions": {"_errors": [{"code": "OURS", "message": "It must be given."}]}}
            )

    def forget(self):
        """Drop the record, messages and interactions, for long measurements."""
        super().forget()
        for channel in self.channels.values():
            channel.messages.clear()
            channel.nonces.clear()
