"""Tables that the library of a platform reads and writes; it declares the same columns, we make them.

Tokens are encrypted before they come here, so they are longer than the library's own columns would take.
"""

from __future__ import annotations

from storage.columns import TEXT, THEIR_FLAG, THEIR_INSTANT
from storage.table_parts import id_column, index, may, must, table

installed_bot = table(
    "installed_bot",
    id_column(),
    *must(TEXT, "client_id", "app_id"),
    *may(TEXT, "enterprise_id", "enterprise_name", "team_id", "team_name"),
    *may(TEXT, "bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token"),
    *may(THEIR_INSTANT, "bot_token_expires_at"),
    *must(THEIR_FLAG, "is_enterprise_install"),
    *must(THEIR_INSTANT, "installed_at"),
    index("ix_installed_bot_client_id_team_id_installed_at", "client_id", "team_id", "installed_at"),
)
