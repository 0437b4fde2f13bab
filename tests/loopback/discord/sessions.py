"""A gateway session: what a shard was sent, and the connection that it is sent over at the moment."""

import json
import secrets
from collections import deque

GUILDS = 1 << 0
KEPT = 5000


class Session:
    """Outlives its connections; ``connection`` is None while there is none."""

    def __init__(self, shard, intents):
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.intents = intents
        self.connection = None
        self._sequence = 0
        self._sent = deque(maxlen=KEPT)

    def serves(self, guild_id):
        """Do this guild's events go here? None is for direct messages, which go to shard 0."""
        number, count = self.shard
        return (0 if guild_id is None else (guild_id >> 22) % count) == number

    async def dispatch(self, event, data):
        """Send an event, or keep it for a RESUME."""
        self._sequence += 1
        text = encode({"op": 0, "t": event, "s": self._sequence, "d": data})
        self._sent.append((self._sequence, text))
        if self.connection is not None:
            await self.connection.send_text(text)

    def knows(self, sequence):
        """Can everything after ``sequence`` be replayed?"""
        return sequence <= self._sequence and (not self._sent or self._sent[0][0] <= sequence + 1)

    async def replay(self, after):
        """Send what was missed, then RESUMED."""
        for sequence, text in list(self._sent):
            if sequence > after:
                await self.connection.send_text(text)
        await self.dispatch("RESUMED", {"_trace": []})


encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
"""Compact JSON, with an encoder that is made once."""


class Connection:
    """One websocket of one client. ``left_with`` is the code with which the client closed it."""

    def __init__(self, socket, compressor, transport):
        self.socket = socket
        self.transport = transport
        self.left_with = None
        self._compressor = compressor

    async def send(self, op, data):
        """Send anything but an event."""
        await self.send_text(encode({"op": op, "d": data}))

    async def send_text(self, text):
        """Compressed and written at once, so that frames keep the order of the calls."""
        if self.socket.closed:
            return
        frame = self._compressor.frame(text)
        send = self.socket.send_str if isinstance(frame, str) else self.socket.send_bytes
        try:
            await send(frame)
        except ConnectionError:
            return
