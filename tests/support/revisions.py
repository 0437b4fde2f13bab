"""A Milepost that knows one revision of the schema more, so that today's database is an older one."""

import shutil

from alembic.script import ScriptDirectory

from storage import schema

NEWEST = ScriptDirectory(str(schema.MIGRATIONS)).get_current_head()
NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{NEWEST}"


def upgrade() -> None:
    with op.batch_alter_table("post") as table:
        table.add_column(sa.Column("pinned", sa.Integer(), nullable=False, server_default="0"))
        table.create_check_constraint("pinned", "pinned IN (0, 1)")
    op.create_table(
        "pin",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name="pk_pin"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_pin_post_id"),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO pin SELECT id FROM post")
"""
"""The source of a revision that only adds, so that today's Milepost can read what comes of it."""

NEXT_CHANGING = f"""{NEXT}
    with op.batch_alter_table("tally", recreate="always") as table:
        table.alter_column("points", new_column_name="score")
    with op.batch_alter_table("notice") as table:
        table.drop_column("delivered_at")
"""
"""The source of a revision that renames a column and takes one away, too."""


def install_next(monkeypatch, folder, source):
    """Let Milepost know the revision "next", for as long as the test lasts."""
    migrations = folder / "migrations"
    shutil.copytree(schema.MIGRATIONS, migrations)
    (migrations / "versions" / "next.py").write_text(source)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    schema.fresh_shape.cache_clear()
