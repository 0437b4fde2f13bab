"""Alembic's scripts, found beside ``storage.schema`` in a checkout and in an installed wheel alike."""
