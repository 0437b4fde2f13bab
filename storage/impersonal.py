"""The other half of the register of personal data: tables that hold nothing of any person."""

from __future__ import annotations

from collections.abc import Mapping

IMPERSONAL: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "notice": (
        "Problems that an organiser heard of, and corrected keys that a group heard of",
        ("id", "group_id", "subject", "created_at", "delivered_at", "kind", "data"),
    ),
    "schedule": (
        "When a group's posts come",
        (
            "id", "group_id", "kind", "wall_time", "days", "zone", "next_due_at", "next_date", "failures",
            "enabled", "put_offs",
        ),
    ),
    "post": (
        "What was posted in a group, and what a platform said when it refused",
        (
            "id", "group_id", "schedule_id", "kind", "slot", "local_date", "topic", "content_id",
            "content_rev", "seed", "state", "due_at", "attempted_at",
            "message_id", "sent_at", "closes_at",
            "edit_at", "reason", "figures", "fault", "detail", "mentions_on", "channel",
            "shape", "ending",
        ),
    ),
    "event": (
        "Digests of events, for `MILEPOST_EVENT_DAYS`: an event that comes twice counts once",
        ("event_id", "at"),
    ),
    "answer_key": (
        "The version of each question by which its answers were graded",
        ("pack", "question_id", "rev", "digest", "recorded_at"),
    ),
    "settlement": ("When a question was counted", ("id", "post_id", "group_id", "day")),
    "recap_window": (
        "What a recap looks back on",
        (
            "id", "post_id", "group_id", "since", "until", "acts_after", "acts_until", "settled_after",
            "settled_until",
        ),
    ),
    "note": ("Milepost's own notes, such as the database's random id", ("name", "value")),
    "forgotten": (
        "Salted fingerprints of the forgotten, for 400 days: no backup brings them back, no act pays twice",
        ("fingerprint", "salt", "at"),
    ),
    "platform_state": (
        "What a platform keeps, such as the workspaces that installed its app, with encrypted tokens",
        ("platform", "namespace", "key", "value", "revision", "expires_at"),
    ),
}  # fmt: skip
"""Tables that say nothing of any person: what they hold, and every column that was looked at."""
