"""The gateway, version 10: HELLO, IDENTIFY, RESUME, heartbeats, events, and the troubles of a real one."""

from dataclasses import dataclass

from aiohttp import WSMsgType, web

from tests.loopback.discord import payloads
from tests.loopback.discord.compression import compression
from tests.loopback.discord.sessions import GUILDS, Connection, Session
from tests.loopback.faults import reset

HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 1, 2, 6, 7, 9, 10, 11
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
INVALIDATING = {1000, 1001}


@dataclass(frozen=True)
class Identified:
    """One IDENTIFY: monotonic time, (shard, shards), intents, and whether it was taken."""

    at: float
    shard: tuple
    intents: int
    accepted: bool


class Gateway:
    """``acknowledges`` False stops heartbeat acknowledgements, ``open`` False refuses connections.

    ``identified`` and ``resumed`` are records; ``heartbeats`` counts.
    """

    def __init__(self, server):
        self._server = server
        self.sessions = {}
        self.identified = []
        self.resumed = []
        self.heartbeats = 0
        self.acknowledges = True
        self.open = True
        self._last_identify = {}
        self._sockets = set()

    async def serve(self, request):
        """One connection, until either side ends it."""
        if not self.open:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(compress=False, max_msg_size=0, timeout=2.0)
        await socket.prepare(request)
        connection = Connection(socket, compression(request.query.get("compress")), request.transport)
        self._sockets.add(connection)
        try:
            await connection.send(
                HELLO, {"heartbeat_interval": round(self._server.rules.heartbeat_interval * 1000)}
            )
            await self._listen(connection)
        except ConnectionError:
            return socket
        except Exception as error:
            self._server.crashes.append(error)
            raise
        finally:
            self._sockets.discard(connection)
            self._forget(connection)
            self._server.pulse.beat()
        return socket

    async def _listen(self, connection):
        while (frame := await connection.socket.receive()).type is WSMsgType.TEXT:
            payload = frame.json()
            match payload["op"]:
                case 1:
                    await self._beat(connection)
                case 2:
                    await self._identify(connection, payload["d"])
                case 6:
                    await self._resume(connection, payload["d"])
            self._server.pulse.beat()
        if frame.type is WSMsgType.CLOSE:
            connection.left_with = frame.data

    def _forget(self, connection):
        """A connection ended; a client that closes with 1000 or 1001 gives its session up."""
        for session in list(self.sessions.values()):
            if session.connection is connection:
                session.connection = None
                if connection.left_with in INVALIDATING:
                    del self.sessions[session.id]

    async def _beat(self, connection):
        self.heartbeats += 1
        if self.acknowledges:
            await connection.send(ACK, None)

    async def _identify(self, connection, data):
        shard, intents = tuple(data.get("shard") or (0, 1)), data["intents"]
        if data["token"] != self._server.rules.token:
            await connection.socket.close(code=4004, message=b"Authentication failed.")
            return
        if not 0 <= shard[0] < shard[1]:
            await connection.socket.close(code=4010, message=b"Invalid shard.")
            return
        if intents & PRIVILEGED and not self._server.rules.privileged:
            await connection.socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        accepted = self._may_start(shard)
        self.identified.append(Identified(self._server.now(), shard, intents, accepted))
        if accepted:
            await self._ready(connection, Session(shard, intents))
        else:
            await connection.send(INVALID, data=False)

    def _may_start(self, shard):
        """One start a bucket in every ``identify_spacing`` seconds."""
        rules, now = self._server.rules, self._server.now()
        bucket = shard[0] % rules.max_concurrency
        early = now - self._last_identify.get(bucket, float("-inf")) < rules.identify_spacing
        if early and rules.strict_identify:
            return False
        self._last_identify[bucket] = now
        return True

    async def _ready(self, connection, session):
        session.connection = connection
        self.sessions[session.id] = session
        guilds = [g for g in self._server.guilds.values() if g.present and session.serves(g.id)]
        bot = self._server.bot
        await session.dispatch("READY", {
            "v": 10, "user": payloads.user(bot), "session_id": session.id, "shard": session.shard,
            "resume_gateway_url": self._server.gateway_url, "private_channels": [],
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "application": {"id": str(bot.id), "flags": 0},
        })  # fmt: skip
        if session.intents & GUILDS:
            for guild in guilds:
                if guild.available:
                    await session.dispatch("GUILD_CREATE", self._available(guild))

    async def _resume(self, connection, data):
        session = self.sessions.get(data["session_id"])
        known = session is not None and data["seq"] is not None and session.knows(data["seq"])
        self.resumed.append((self._server.now(), data["session_id"], known))
        if not known:
            await connection.send(INVALID, data=False)
            return
        session.connection = connection
        await session.replay(data["seq"])

    def _available(self, guild):
        return payloads.guild_create(guild, self._server.bot.id) | {"unavailable": False}

    async def dispatch(self, guild_id, event, data, *, intents=0):
        """Send an event to the sessions of a guild's shard (None: direct) that asked for its intents."""
        for session in list(self.sessions.values()):
            if session.serves(guild_id) and (session.intents & intents or not intents):
                await session.dispatch(event, data)

    def connected(self, shard=None):
        """Connections of identified sessions, of one shard or of all."""
        found = (s for s in self.sessions.values() if s.connection and shard in {None, s.shard[0]})
        return [session.connection for session in found]

    async def reconnect(self, shard=None):
        """Ask clients to connect anew and resume."""
        for connection in self.connected(shard):
            await connection.send(RECONNECT, None)

    async def invalidate(self, *, resumable=False, shard=None):
        """Tell clients that their session is over; ``resumable`` lets them try a RESUME."""
        for session in [s for s in self.sessions.values() if s.connection and shard in {None, s.shard[0]}]:
            if not resumable:
                del self.sessions[session.id]
            await session.connection.send(INVALID, resumable)

    async def drop(self, shard=None, code=None):
        """Lose connections: with a TCP reset, or closed with ``code``. Sessions can be resumed."""
        for connection in self.connected(shard):
            if code is None:
                reset(connection.transport)
            else:
                await connection.socket.close(code=code)

    async def close(self):
        """End every connection as Discord does when it restarts."""
        self.open = False
        for connection in list(self._sockets):
            await connection.socket.close(code=1001)
        self.sessions.clear()

    async def guild_joined(self, guild):
        """The bot was added to a guild."""
        guild.present = guild.available = True
        created = payloads.guild_create(guild, self._server.bot.id)
        await self.dispatch(guild.id, "GUILD_CREATE", created, intents=GUILDS)

    async def guild_left(self, guild):
        """The bot was put out of a guild."""
        guild.present = False
        await self.dispatch(guild.id, "GUILD_DELETE", {"id": str(guild.id)}, intents=GUILDS)

    async def guild_lost(self, guild):
        """An outage: the guild is unavailable, not gone."""
        guild.available = False
        data = {"id": str(guild.id), "unavailable": True}
        await self.dispatch(guild.id, "GUILD_DELETE", data, intents=GUILDS)

    async def guild_back(self, guild):
        """The outage is over."""
        guild.available = True
        await self.dispatch(guild.id, "GUILD_CREATE", self._available(guild), intents=GUILDS)
