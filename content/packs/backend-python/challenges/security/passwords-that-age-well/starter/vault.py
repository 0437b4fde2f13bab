"""Passwords of accounts in SQLite, some of them stored long ago: pip install argon2-cffi"""

import hashlib
import sqlite3

from argon2 import PasswordHasher

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""The parameters of today. The day they are raised, logins bring the stored hashes up to date."""

COMMON = frozenset(
    {"passwordpassword", "correcthorsebatterystaple", "qwertyuiopasdfgh", "1234567890123456"}
)
"""Passwords that everybody tries first. A real list has some thousand."""

SCHEMA = "CREATE TABLE account (name TEXT PRIMARY KEY, secret TEXT NOT NULL)"

# What `secret` may contain:
#   sha256$<64 hex digits>     stored until 2019: SHA-256 of the password, without salt
#   pbkdf2$<rounds>$<hex salt>$<hex hash>     until 2023: hashlib.pbkdf2_hmac("sha256", ...)
#   wrapped$<argon2 hash>      Argon2id of the 64 hex digits of an old sha256 secret
#   $argon2id$...              Argon2id of the password, as HASHER makes it


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
    """Return a password in the form that is hashed, or raise Refused.

    The form is Unicode's NFC, so that both ways to type "é" are the same. Refused are passwords of
    fewer than 15 characters, of more than 200, and common ones, in whatever case. Nothing else:
    spaces and every character are allowed, and none is demanded.
    """
    raise NotImplementedError


def store(con, name, password):
    """Store an account, or the new password of one, with Argon2id. Raise Refused for a bad one."""
    raise NotImplementedError


def check(con, name, password):
    """Tell if this is the password of an account.

    All four kinds of secrets work. After a success the secret is what HASHER makes today; after a
    failure nothing has changed. An unknown name takes as long as a wrong password: one Argon2 hash
    is verified for it too. A stored secret that is damaged fits no password and raises nothing.
    """
    raise NotImplementedError


def wrap_legacy(con):
    """Wrap every sha256 secret in Argon2id, and return how many there were.

    So no fast hash is left in the table, also for those who never log in again.
    """
    raise NotImplementedError
