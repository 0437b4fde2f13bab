"""REST: who the bot is, its commands, guilds, roles and members."""

from tests.loopback.discord import payloads, validate_commands
from tests.loopback.discord.permissions import MANAGE_ROLES, permitted, top_position
from tests.loopback.discord.refusals import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_GUILD,
    UNKNOWN_MEMBER,
    UNKNOWN_ROLE,
    Refused,
)


class GuildRoutes:
    """REST routes of the bot's own user and of guilds."""

    def __init__(self, server):
        self._server = server

    def table(self):
        """(method, path, handler)."""
        commands, roles = (
            "/applications/{application}/commands",
            "/guilds/{guild}/members/{user}/roles/{role}",
        )
        return [
            ("GET", "/gateway", self.gateway),
            ("GET", "/gateway/bot", self.gateway_bot),
            ("GET", "/users/@me", self.me),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", commands, self.commands),
            ("PUT", commands, self.publish),
            ("GET", "/guilds/{guild}", self.guild),
            ("GET", "/guilds/{guild}/roles", self.roles),
            ("GET", "/guilds/{guild}/channels", self.channels),
            ("GET", "/guilds/{guild}/members/{user}", self.member),
            ("PUT", roles, self.give_role),
            ("DELETE", roles, self.take_role),
        ]

    async def gateway(self, request):
        return {"url": self._server.gateway_url}

    async def gateway_bot(self, request):
        rules = self._server.rules
        started = sum(identified.accepted for identified in self._server.gateway.identified)
        limit = {
            "total": rules.session_starts, "remaining": max(0, rules.session_starts - started),
            "reset_after": 86_400_000, "max_concurrency": rules.max_concurrency,
        }  # fmt: skip
        return {"url": self._server.gateway_url, "shards": rules.shards, "session_start_limit": limit}

    async def me(self, request):
        return payloads.user(self._server.bot) | {
            "verified": True,
            "mfa_enabled": False,
            "email": None,
            "flags": 0,
        }

    async def application(self, request):
        bot = self._server.bot
        return {
            "id": str(bot.id), "name": bot.name, "icon": None, "description": "", "bot_public": True,
            "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "team": None,
            "owner": payloads.user(self._server.owner), "bot": payloads.user(bot),
            "interactions_endpoint_url": None,
        }  # fmt: skip

    async def commands(self, request):
        return self._server.commands

    async def publish(self, request):
        """All global commands at once; those that keep their name keep their id."""
        found = request.body
        validate_commands.commands(found)
        before = {command["name"]: command["id"] for command in self._server.commands}
        application, version = str(self._server.bot.id), str(self._server.ids.new())
        self._server.commands = [
            {"type": 1, "description": "", "default_member_permissions": None, "nsfw": False} | command | {
                "id": before.get(command["name"]) or str(self._server.ids.new()),
                "application_id": application, "version": version,
            }
            for command in found
        ]  # fmt: skip
        return self._server.commands

    async def guild(self, request):
        return payloads.guild(self._guild(request))

    async def roles(self, request):
        return [payloads.role(role) for role in self._guild(request).roles.values()]

    async def channels(self, request):
        return [payloads.channel(c) for c in self._guild(request).channels.values() if not c.parent]

    async def member(self, request):
        return payloads.member(self._member(self._guild(request), request))

    async def give_role(self, request):
        member, role = self._target(request)
        if role.id not in member.roles:
            member.roles.append(role.id)

    async def take_role(self, request):
        member, role = self._target(request)
        if role.id in member.roles:
            member.roles.remove(role.id)

    def _target(self, request):
        """The member and the role, if the bot may give and take it: it must stand above the role."""
        guild = self._guild(request)
        role = guild.roles.get(int(request.match_info["role"]))
        if role is None or role is guild.everyone:
            raise Refused(*UNKNOWN_ROLE)
        member = self._member(guild, request)
        bot = guild.members[self._server.bot.id]
        if not permitted(bot) & MANAGE_ROLES or role.position >= top_position(bot) or role.managed:
            raise Refused(*MISSING_PERMISSIONS)
        return member, role

    def _guild(self, request):
        guild = self._server.guilds.get(int(request.match_info["guild"]))
        if guild is None:
            raise Refused(*UNKNOWN_GUILD)
        if not guild.present:
            raise Refused(*MISSING_ACCESS)
        return guild

    @staticmethod
    def _member(guild, request):
        asked = request.match_info["user"]
        member = guild.members.get(int(asked)) if asked.isdigit() else None
        if member is None:
            raise Refused(*UNKNOWN_MEMBER)
        return member
