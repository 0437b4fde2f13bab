"""The database, behind the Protocols of ``bot.ports``. SQLAlchemy is known in this folder alone."""

from storage.database import SqlDatabase, open_database
from storage.engine import SqliteReport, sqlite_report
from storage.verify import verify

__all__ = ["SqlDatabase", "SqliteReport", "open_database", "sqlite_report", "verify"]
