"""The register of personal data knows every column of every table."""

import sqlalchemy as sa

from storage.impersonal import IMPERSONAL
from storage.personal import PERSONAL, unregistered
from storage.tables import metadata


def test_every_column_is_registered():
    assert list(unregistered(metadata)) == []


def test_a_new_column_or_table_is_noticed():
    more = sa.MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(more)
    more.tables["member"].append_column(sa.Column("birthday", sa.Text()))
    sa.Table("diary", more, sa.Column("text", sa.Text()))
    assert {line.split(" is not", maxsplit=1)[0] for line in unregistered(more)} == {
        "member.birthday",
        "diary.text",
    }


def test_a_table_that_is_gone_is_noticed():
    fewer = sa.MetaData()
    for table in metadata.sorted_tables:
        if table.name != "event":
            table.to_metadata(fewer)
    assert list(unregistered(fewer)) == [
        "There is no table event, which is in the register of personal data."
    ]


def test_what_refers_to_a_row_is_deleted_before_it():
    order = [each.table.name for each in PERSONAL]
    for each in PERSONAL:
        for key in each.table.foreign_keys:
            if key.column.table.name in order and not each.blanked:
                assert order.index(each.table.name) < order.index(key.column.table.name) or (
                    key.column.table.name == "study_group"
                )
    assert not set(order) & set(IMPERSONAL)
