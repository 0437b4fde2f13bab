"""Ids as Discord makes them: milliseconds since 2015 in the upper bits, a counter in the lower 22."""

EPOCH_MS = 1_420_070_400_000
COUNTER = 1 << 22


class Snowflakes:
    """Makes ids from ``clock``, which gives seconds since 1970."""

    def __init__(self, clock):
        self._clock = clock
        self._count = 0

    def new(self):
        """An id of this moment; ids of one millisecond differ in the counter."""
        self._count = (self._count + 1) % COUNTER
        return self._moment() << 22 | self._count

    def on_shard(self, shard, shards):
        """A guild's id that belongs to ``shard`` of ``shards``: at most ``shards`` milliseconds off."""
        self._count = (self._count + 1) % COUNTER
        moment = self._moment()
        return (moment + (shard - moment) % shards) << 22 | self._count

    def _moment(self):
        return int(self._clock() * 1000) - EPOCH_MS


def shard_of(guild_id, shards):
    """The shard that a guild's events go to."""
    return (guild_id >> 22) % shards
