"""Databases on a server that somebody changed: ``verify`` tells what is odd."""

import asyncio

import pytest

from bot.errors import StorageError
from storage import open_database, verify
from storage.engine import create_engine

ON_SERVER = {
    "CREATE TABLE stowaway (a int)": "the table stowaway is foreign",
    "DROP TABLE challenge_entry": "the table challenge_entry is missing",
    "CREATE VIEW v AS SELECT 1": "the view v is foreign",
    "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a": "the view v is foreign",
    "CREATE SEQUENCE s": "the sequence s is foreign",
    "DROP TABLE note; CREATE VIEW note AS SELECT 'a' AS name, 'b' AS value": "the view note is foreign",
    "ALTER TABLE note ADD COLUMN extra text": "the table note has the column extra text",
    "ALTER TABLE note ADD COLUMN loud text GENERATED ALWAYS AS (upper(name)) STORED": "the column loud",
    "ALTER TABLE member DROP COLUMN profile_zone": "the table member lacks the column profile_zone text",
    "ALTER TABLE member ALTER COLUMN zone TYPE varchar(9)": "the column zone character varying(9)",
    "ALTER TABLE note ALTER COLUMN value SET DEFAULT 'x'": "the column value text not null default 'x'",
    "ALTER TABLE note ALTER COLUMN value DROP NOT NULL": "note lacks the column value text not null",
    "ALTER TABLE member DROP CONSTRAINT ck_member_rest_days": "lacks the condition ck_member_rest_days",
    "DROP INDEX ix_account_member_id": "account lacks the index CREATE INDEX ix_account_member_id",
    "CREATE INDEX mine ON note (value)": "the table note has the index CREATE INDEX mine ON note",
    "DROP INDEX ix_account_member_id;"
    "CREATE INDEX ix_account_member_id ON account (member_id) WHERE member_id > 9": "has the index CREATE",
    "ALTER TABLE note SET UNLOGGED": "the table note has persistence u",
    "ALTER TABLE note ENABLE ROW LEVEL SECURITY": "the table note has row security",
    "CREATE POLICY p ON note USING (false)": "the table note has the policy p",
    "CREATE RULE r AS ON INSERT TO note DO INSTEAD NOTHING": "the table note has the rule r",
    "ALTER TABLE account DISABLE TRIGGER ALL": "the table account has its keys switched off",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'": "the function f is foreign",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
    "CREATE TRIGGER more BEFORE INSERT ON activity FOR EACH ROW EXECUTE FUNCTION f()": "the trigger more",
    """CREATE TABLE "x"" ; DROP TABLE member; --" (a int)""": """the table x" ; DROP TABLE member; -- is""",
}


async def on_server(url, script):
    engine = create_engine(url)
    async with engine.begin() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        await driver.execute(script)
    await engine.dispose()


def verified_on_server(url):
    async def look():
        database = await open_database(url)
        try:
            return await verify(database)
        finally:
            await database.close()

    return asyncio.run(look())


@pytest.mark.parametrize("script", ON_SERVER)
def test_verify_tells_what_is_odd_on_a_server_and_leaves_nothing_there(server_url, script):
    asyncio.run(on_server(server_url, script))
    findings = verified_on_server(server_url)
    assert any(ON_SERVER[script] in finding for finding in findings), findings
    left = "CREATE TABLE left_behind AS SELECT nspname FROM pg_namespace WHERE nspname LIKE 'milepost%'"
    asyncio.run(
        on_server(server_url, f"{left}; DO 'BEGIN ASSERT (SELECT count(*) = 0 FROM left_behind); END'")
    )


def test_a_whole_database_on_a_server_is_as_it_must_be(server_url):
    assert verified_on_server(server_url) == ()


def test_two_revisions_on_a_server_are_told_in_a_sentence(server_url):
    asyncio.run(on_server(server_url, "INSERT INTO alembic_version VALUES ('0000')"))
    with pytest.raises(StorageError, match="claims to have 2 revisions") as caught:
        verified_on_server(server_url)
    assert len(str(caught.value).splitlines()) == 1
