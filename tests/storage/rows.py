"""Rows for every table of a schema, whatever the schema: made from what the database says of itself."""

import re

import sqlalchemy as sa

REVISIONS = "alembic_version"
LISTED = re.compile(r"(\w+) IN \((.*?)\)|(\w+) = ANY \(+ARRAY\[(.*?)\]|(\w+) = ('\w+')::text")
VALUE = re.compile(r"'(.*?)'|\b(\d+)\b")
MICROSECONDS = 1_772_452_800_000_000
MEANT = {
    "zone": ("Europe/Berlin", "Asia/Tokyo", "America/New_York"),
    "profile_zone": ("Europe/Berlin", "Asia/Tokyo"),
    "wall_time": ("09:30", "23:59"),
    "periods": ("all 2026-03",),
    "state": ("{}",),
    "response": ('["a"]', '"200 OK"'),
    "score": (0.0, 0.5, 1.0),
    **dict.fromkeys(("local_date", "day", "next_date", "last_date"), ("2026-03-02", "2026-03-29")),
}
"""Sample values of columns in which an arbitrary text makes no sense, by name."""


def fill(connection):
    """Put rows into every table: with all that may be empty filled, with nothing of it, and in between."""
    for table in reflected(connection):
        made = 0
        for number, without in enumerate([*_absences(table), ()], 1):
            row = _row(connection, table, number, without)
            try:
                with connection.begin_nested():
                    connection.execute(table.insert().values(row))
            except sa.exc.IntegrityError:
                continue  # a condition of the table forbids this one
            made += 1
        assert made, f"no row fits into {table.name}: say in MEANT what its columns hold"


def contents(connection):
    """Every row of every table, by its columns, as values that both databases write alike."""
    return {
        table.name: sorted((dict(row._mapping) for row in found), key=repr)
        for table in reflected(connection)
        for found in [connection.execute(sa.select(table)).all()]
    }


def reflected(connection):
    """The tables that are there, those first that others refer to."""
    there = sa.MetaData()
    there.reflect(connection)
    return [table for table in there.sorted_tables if table.name != REVISIONS]


def _absences(table):
    """Sets of columns to leave empty, one for each row, widest first."""
    may = [column.name for column in table.columns if column.nullable]
    return [
        (),
        tuple(may),
        *((name,) for name in may),
        *(tuple(other for other in may if other != name) for name in may),
    ]


def _row(connection, table, number, without):
    allowed = _allowed(connection, table)
    return {
        column.name: _value(connection, column, number, allowed.get(column.name))
        for column in table.columns
        if column.name not in without and not _is_given(column)
    }


def _is_given(column):
    """The database counts up the ids of its own."""
    return column.primary_key and column.name == "id" and not column.foreign_keys


def _allowed(connection, table):
    """The values that a condition lists, by column."""
    found = {}
    for condition in sa.inspect(connection).get_check_constraints(table.name):
        for here, values, there, others, only, one in LISTED.findall(condition["sqltext"]):
            listed = VALUE.findall(values or others or one)
            found[here or there or only] = [text or int(number) for text, number in listed]
    return found


def _value(connection, column, number, allowed):
    choices = allowed or MEANT.get(column.name)
    if column.foreign_keys:
        (key,) = column.foreign_keys
        choices = connection.scalars(sa.select(key.column).order_by(key.column)).all()
    if choices:
        return choices[number % len(choices)]
    if isinstance(column.type, sa.Integer):
        return MICROSECONDS + number if re.search(r"(^|_)at$|before$", column.name) else number
    return f"{column.name} {number}: 'ü' \\ \t"
