"""The table of what platforms keep."""

from __future__ import annotations

from storage.columns import TEXT, Instant
from storage.table_parts import index, key, may, must, table

# A text that only the platform understands, which has also encrypted what is secret in it. ``revision`` is
# another one after each write; ``expires_at`` is empty for what is kept until it is deleted.
platform_state = table(
    "platform_state",
    *key(TEXT, "platform", "namespace", "key"),
    *must(TEXT, "value", "revision"),
    *may(Instant, "expires_at"),
    index("ix_platform_state_expires_at", "expires_at", where="expires_at IS NOT NULL"),
    clustered=True,
)
