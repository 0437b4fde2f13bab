"""``milepost doctor`` where a server keeps the database: its version, its connections, who can listen."""

import asyncio
import datetime as dt
import shutil

import asyncpg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from milepost.cli.doctor_server import checks_of
from storage.engine import create_engine
from storage.server import ServerReport, is_here
from tests.support import postgres
from tests.support.commands import Milepost


@pytest.fixture
def milepost(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Milepost(monkeypatch, capsys)


def on_server(url, *statements):
    async def execute():
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(execute())


def told(ran):
    return {line.split()[1].rstrip(":"): line for line in ran.out.splitlines()}


def test_a_server_is_told_in_a_sentence_each_and_sqlite_is_not(milepost, server_url, monkeypatch):
    monkeypatch.setenv("MILEPOST_DATABASE_URL", server_url)
    ran = milepost("doctor")
    said = told(ran)
    assert ran.code == 0, ran.out
    assert said["postgresql"].startswith("ok   postgresql: version 1")
    assert said["connections"].endswith("of 100 are open")
    assert said["encryption"].endswith("none, and none needed, because the server is on this machine")
    assert said["database"].endswith("can be written; its schema is up to date")
    assert "sqlite" not in said


def test_a_server_that_may_lose_answers_is_told(milepost, server_url, monkeypatch):
    monkeypatch.setenv("MILEPOST_DATABASE_URL", server_url)
    assert told(milepost("doctor"))["durability"].endswith("the server flushes each commit to its disk")
    name = server_url.rpartition("/")[2]
    on_server(server_url, f"ALTER DATABASE {name} SET synchronous_commit = off")
    ran = milepost("doctor")
    assert ran.code == 1
    assert told(ran)["durability"] == (
        "FAIL durability: a power cut may lose answers: set synchronous_commit to on"
        " in the server's configuration"
    )


def test_a_server_that_cannot_be_reached_is_told_once_and_without_the_password(milepost, monkeypatch):
    monkeypatch.setenv("MILEPOST_DATABASE_URL", "postgresql://ana:hunter2@127.0.0.1:1/milepost")
    ran = milepost("doctor")
    assert ran.code == 1
    assert ran.out.count("FAIL") == 1
    assert told(ran)["database"].startswith(
        "FAIL database: The server of the database milepost on 127.0.0.1"
    )
    assert "hunter2" not in ran.out + ran.err


def test_a_database_that_can_only_be_read_is_told(milepost, server_url, monkeypatch):
    name = server_url.rpartition("/")[2]
    on_server(server_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    monkeypatch.setenv("MILEPOST_DATABASE_URL", server_url)
    ran = milepost("doctor")
    assert ran.code == 1
    assert told(ran)["writing"].startswith("FAIL writing: the database can only be read")


def test_an_older_and_a_newer_schema_are_told_and_left_alone(
    milepost, server_url, monkeypatch, next_revision
):
    monkeypatch.setenv("MILEPOST_DATABASE_URL", server_url)
    next_revision()
    assert "the next start upgrades its schema to" in told(milepost("doctor"))["database"]
    on_server(server_url, "UPDATE alembic_version SET version_num = '9999'")
    ran = milepost("doctor")
    assert ran.code == 1
    assert "was written by a newer Milepost" in told(ran)["database"]


REPORT = {
    "version": "15.8",
    "encrypted": False,
    "here": False,
    "reads_only": False,
    "connections": 3,
    "most": 100,
}


@pytest.mark.parametrize(
    ("changes", "check", "fine", "said"),
    [
        ({}, "encryption", True, "in plain text: add ?ssl=require to MILEPOST_DATABASE_URL"),
        ({"encrypted": True}, "encryption", True, "is encrypted"),
        ({"connections": 97}, "connections", False, "97 of 100 are open: raise"),
        ({"reads_only": True}, "writing", False, "only be read"),
    ],
)
def test_each_finding_has_its_sentence(changes, check, fine, said):
    found = {each.check: each for each in checks_of(ServerReport(**REPORT | changes))}
    assert found[check].ok is fine
    assert said in found[check].says


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("postgresql://u@127.0.0.1/x", True),
        ("postgresql://u@[::1]/x", True),
        ("postgresql://u@localhost/x", True),
        ("postgresql:///x?host=/run/postgresql", True),
        ("postgresql:///x", True),
        ("postgresql://u@10.0.0.5/x", False),
        ("postgresql://u@postgres/x", False),
        ("postgresql:///x?host=db.example.org", False),
    ],
)
def test_what_stays_on_this_machine(url, here):
    assert is_here(create_engine(url).url) is here


@pytest.fixture
def with_tls():
    """The address of a server that speaks TLS under a name that nobody vouches for."""
    if not (programs := postgres.programs()):
        pytest.skip("no PostgreSQL is installed, and another machine's is not to be changed")
    server = postgres.Server(programs)
    try:
        url = server.start()
        _certify(server._folder / "data")
        on_server(url, "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
        yield url
    finally:
        server.stop()


def _certify(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for file, text in (("server.crt", certificate.public_bytes(pem)), ("server.key", private)):
        (folder / file).write_bytes(text)
        (folder / file).chmod(0o600)
        shutil.chown(folder / file, folder.owner())


@pytest.mark.parametrize("asked", ["?ssl=require", "?sslmode=require"])
def test_encryption_is_asked_for_in_the_address(milepost, with_tls, monkeypatch, asked):
    monkeypatch.setenv("MILEPOST_DATABASE_URL", with_tls + asked)
    assert told(milepost("doctor"))["encryption"].endswith("the connection to the server is encrypted")


def test_a_server_without_encryption_is_refused_where_it_is_asked_for(milepost, server_url, monkeypatch):
    monkeypatch.setenv("MILEPOST_DATABASE_URL", f"{server_url}?ssl=require")
    ran = milepost("doctor")
    assert ran.code == 1
    assert ran.out.count("FAIL") == 1
    assert "rejected SSL upgrade" in told(ran)["database"]
