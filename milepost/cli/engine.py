"""The engine through which commands reach the database that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from milepost.settings import ProgramSettings
from storage.engine import create_engine


def no_database(file: Path) -> str:
    """Return the sentence on a database file that isn't there."""
    return (
        f"There is no database {file} yet. Start Milepost once, or name another in MILEPOST_DATABASE_URL."
    )


def engine_of(settings: ProgramSettings, *, patient: bool = True) -> Any:
    """An engine, not yet connected. One that is not ``patient`` gives a silent server up."""
    return create_engine(
        settings.database_url,
        busy_timeout=settings.database_busy_seconds,
        answer_timeout=None if patient else settings.database_answer_seconds,
        password=settings.database_password,
    )
