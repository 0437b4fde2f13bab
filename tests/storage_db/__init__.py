"""The database, on real SQLite files."""
