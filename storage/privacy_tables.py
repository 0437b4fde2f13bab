"""The table that forgetting people needs."""

from __future__ import annotations

from storage.columns import TEXT, Instant
from storage.table_parts import index, key, must, table

# People who were forgotten, by a salted fingerprint of their account, for backups that know them still.
forgotten = table(
    "forgotten",
    *key(TEXT, "fingerprint"),
    *must(TEXT, "salt"),
    *must(Instant, "at"),
    index("ix_forgotten_at", "at"),
    clustered=True,
)
