"""The tables that forgetting people needs."""

from __future__ import annotations

from bot.domain.personal import ErrandKind
from storage.columns import INT, TEXT, Instant
from storage.table_parts import check, id_column, index, key, must, named, table

# People who were forgotten, by a salted fingerprint of their account, for backups that know them still.
forgotten = table(
    "forgotten",
    *key(TEXT, "fingerprint"),
    *must(TEXT, "salt"),
    *must(Instant, "at"),
    index("ix_forgotten_at", "at"),
    clustered=True,
)

# What a platform is still to be asked to do. ``claimable_at`` is when, and later while it is leased; the
# account is empty where nobody needs to be named.
errand = table(
    "errand",
    id_column(),
    named("errand", "kind", ErrandKind, ErrandKind.FILE),
    *must(TEXT, "platform", "workspace", "target", "channel", "user_workspace", "user_id"),
    *must(Instant, "claimable_at"),
    *must(INT, "tries"),
    check("tries", "tries >= 0"),
    index("ix_errand_claimable_at", "claimable_at"),
    index("ix_errand_platform_user_id", "platform", "user_id"),
)
