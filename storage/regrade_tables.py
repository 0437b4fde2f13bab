"""Answers that are graded again, and the keys by which all answers have been graded."""

from __future__ import annotations

from storage.columns import INT, SCORE, TEXT, Flag, Instant
from storage.table_parts import check, key, must, refers, table

# ``score`` is that of the corrected key. What counts is the best one that an answer was given, so that
# ``points_gained`` and ``now_correct`` are what comes on top of the answer's own and of earlier regrades.
regrade = table(
    "regrade",
    *key(INT, "answer_id", "number"),
    *must(INT, "question_rev"),
    *must(SCORE, "score"),
    *must(INT, "points_gained"),
    *must(Flag, "now_correct"),
    *must(Instant, "at"),
    refers("answer_id", "answer"),
    check("score", "score BETWEEN 0 AND 1"),
    check("points_gained", "points_gained >= 0"),
    check("now_correct", "now_correct IN (0, 1)"),
    clustered=True,
)

answer_key = table(
    "answer_key",
    *key(TEXT, "pack", "question_id"),
    *must(INT, "rev"),
    *must(TEXT, "digest"),
    *must(Instant, "recorded_at"),
    clustered=True,
)
