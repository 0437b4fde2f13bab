"""Passwords of accounts in SQLite, some of them stored long ago."""

import hashlib
import hmac
import sqlite3
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
COMMON = frozenset(
    {"passwordpassword", "correcthorsebatterystaple", "qwertyuiopasdfgh", "1234567890123456"}
)
SCHEMA = "CREATE TABLE account (name TEXT PRIMARY KEY, secret TEXT NOT NULL)"
NOBODY = HASHER.hash("the password of nobody")
"""Hash that unknown names are compared with, so that they take as long as known ones."""


class Refused(Exception):
    """The password isn't accepted; the text says why, and doesn't contain it."""


def legacy_sha256(password):
    """Return a secret as it was stored until 2019."""
    return "sha256$" + hashlib.sha256(password.encode()).hexdigest()


def legacy_pbkdf2(password, rounds, salt):
    """Return a secret as it was stored until 2023."""
    found = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    return f"pbkdf2${rounds}${salt.hex()}${found.hex()}"


def connect(database):
    """Return a connection to a new database."""
    con = sqlite3.connect(database)
    con.execute(SCHEMA)
    return con


def accept(password):
    """Return a password in the form that is hashed, or raise Refused."""
    password = unicodedata.normalize("NFC", password)
    if len(password) < 15:
        raise Refused("a password needs 15 characters or more")
    if len(password) > 200:
        raise Refused("a password has 200 characters at most")
    if password.casefold() in COMMON:
        raise Refused("this password is one of those that everybody tries first")
    return password


def store(con, name, password):
    """Store an account, or the new password of one, with Argon2id. Raise Refused for a bad one."""
    secret = HASHER.hash(accept(password))
    with con:
        con.execute(
            "INSERT INTO account VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET secret = excluded.secret",
            (name, secret),
        )


def check(con, name, password):
    """Tell if this is the password of an account, and bring its secret up to date."""
    row = con.execute("SELECT secret FROM account WHERE name = ?", (name,)).fetchone()
    if row is None:
        _verify(NOBODY, password)
        return False
    [secret] = row
    # Old secrets were made of what was typed; newer ones are made of its NFC form.
    tried = unicodedata.normalize("NFC", password)
    if not (_fits(secret, tried) or (tried != password and _fits(secret, password))):
        return False
    if not secret.startswith("$argon2id$") or HASHER.check_needs_rehash(secret):
        with con:
            con.execute(
                "UPDATE account SET secret = ? WHERE name = ? AND secret = ?",
                (HASHER.hash(tried), name, secret),
            )
    return True


def _fits(secret, password):
    kind, _, rest = secret.partition("$")
    try:
        if kind == "sha256":
            return hmac.compare_digest(secret, legacy_sha256(password))
        if kind == "pbkdf2":
            rounds, salt, _ = rest.split("$")
            return hmac.compare_digest(secret, legacy_pbkdf2(password, int(rounds), bytes.fromhex(salt)))
        if kind == "wrapped":
            return _verify(rest, legacy_sha256(password).partition("$")[2])
        return _verify(secret, password)
    except (ValueError, TypeError):
        return False


def _verify(secret, password):
    try:
        return HASHER.verify(secret, password)
    except (VerificationError, InvalidHashError):
        return False


def wrap_legacy(con):
    """Wrap every sha256 secret in Argon2id, and return how many there were."""
    rows = con.execute("SELECT name, secret FROM account WHERE secret LIKE 'sha256$%'").fetchall()
    for name, secret in rows:
        wrapped = "wrapped$" + HASHER.hash(secret.partition("$")[2])
        with con:
            con.execute(
                "UPDATE account SET secret = ? WHERE name = ? AND secret = ?", (wrapped, name, secret)
            )
    return len(rows)
