"""Baselines: the rates of the disk and of plain sqlite3."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

_TABLE = """
CREATE TABLE answer (
    id INTEGER PRIMARY KEY, event_id TEXT NOT NULL, member_id INTEGER NOT NULL, post_id INTEGER NOT NULL,
    question_id TEXT NOT NULL, response TEXT NOT NULL, correct INTEGER NOT NULL,
    happened_at INTEGER NOT NULL, local_date TEXT NOT NULL, zone TEXT NOT NULL, UNIQUE (post_id, member_id)
) STRICT
"""
_INSERT = "INSERT INTO answer VALUES (NULL, ?, ?, ?, 'a-question', 'b', 1, ?, '2026-03-02', 'UTC')"


def answers_a_second(folder: Path, seconds: float = 2.0) -> float:
    """Return rows a second when each is a durable transaction of its own: WAL, synchronous FULL, no bot."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(_TABLE)
        began, rows = time.perf_counter(), 0
        while (passed := time.perf_counter() - began) < seconds:
            rows += 1
            connection.execute(_INSERT, (f"event-{rows}", rows % 200, rows // 200, rows))
        return rows / passed
    finally:
        connection.close()
