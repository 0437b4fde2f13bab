"""Strictness and sizes of the server that a test may set."""

from dataclasses import dataclass


@dataclass
class Rules:
    """Times are seconds. Change a field at any time; it holds for what comes after.

    ``strict_identify`` refuses a second IDENTIFY of one bucket (shard % max_concurrency) within
    ``identify_spacing``. ``channel_buckets`` switches the limit of ``channel_messages`` in
    ``channel_window`` for each channel, and its headers, on. ``privileged`` allows privileged intents.
    ``patience`` is how long a person waits for a deferred answer. ``keep_bodies`` False forgets what
    requests carried, for long measurements.
    """

    token: str = "loopback-token"
    acknowledge_within: float = 3.0
    interaction_life: float = 900.0
    patience: float = 5.0
    global_limit: int = 50
    global_window: float = 1.0
    channel_buckets: bool = False
    channel_messages: int = 5
    channel_window: float = 5.0
    nonce_memory: float = 300.0
    shards: int = 1
    max_concurrency: int = 1
    strict_identify: bool = False
    identify_spacing: float = 5.0
    session_starts: int = 1000
    privileged: bool = False
    heartbeat_interval: float = 41.25
    keep_bodies: bool = True
