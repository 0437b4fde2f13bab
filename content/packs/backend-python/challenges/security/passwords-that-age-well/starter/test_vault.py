"""Tests of the vault. Run them with: python -m unittest test_vault"""

import unittest
from unittest import mock

import vault
from argon2 import PasswordHasher

GOOD, WRONG = "seven purple umbrellas", "seven purple umbrella"
SALT = bytes(range(16))


class Counting:
    """A hasher that counts how often it verifies."""

    def __init__(self, hasher):
        self.hasher, self.verified = hasher, 0

    def __getattr__(self, name):
        return getattr(self.hasher, name)

    def verify(self, *arguments):
        self.verified += 1
        return self.hasher.verify(*arguments)


class Vault(unittest.TestCase):
    """An empty vault."""

    def setUp(self):
        self.con = vault.connect(":memory:")
        self.addCleanup(self.con.close)

    def put(self, name, secret):
        """Store a secret as it is, as older versions did."""
        with self.con:
            self.con.execute("INSERT INTO account VALUES (?, ?)", (name, secret))

    def secret(self, name):
        return self.con.execute("SELECT secret FROM account WHERE name = ?", (name,)).fetchone()[0]


class TestStarter(Vault):
    def test_the_old_kinds(self):
        self.assertTrue(vault.legacy_sha256("abc").startswith("sha256$ba7816bf"))
        self.assertEqual(vault.legacy_pbkdf2("abc", 1000, SALT).split("$")[:2], ["pbkdf2", "1000"])


class TestAccept(unittest.TestCase):
    def test_long_ones_of_any_characters(self):
        for password in (GOOD, "x" * 14 + "y", "ü" * 200, "   spaces around   ", "🐍" * 15):
            with self.subTest(password):
                self.assertEqual(vault.accept(password), password)

    def test_short_long_and_common_ones_are_refused(self):
        for password in ("", "Tr0ub4dor&3", "x" * 14, "x" * 201, "passwordpassword", "PasswordPassword"):
            with self.subTest(password), self.assertRaises(vault.Refused):
                vault.accept(password)

    def test_the_reason_does_not_contain_the_password(self):
        for password in ("hunter2", "PasswordPassword"):
            with self.assertRaises(vault.Refused) as caught:
                vault.accept(password)
            self.assertNotIn(password, str(caught.exception))

    def test_characters_are_counted_after_they_were_composed(self):
        with self.assertRaises(vault.Refused):
            vault.accept("e\u0301" * 14)
        self.assertEqual(vault.accept("e\u0301" * 15), "\u00e9" * 15)


class TestStoreAndCheck(Vault):
    def test_right_and_wrong(self):
        vault.store(self.con, "ann", GOOD)
        self.assertTrue(vault.check(self.con, "ann", GOOD))
        for wrong in (WRONG, GOOD.upper(), "", "x" * 5000):
            with self.subTest(wrong):
                self.assertFalse(vault.check(self.con, "ann", wrong))

    def test_the_secret_is_argon2id_and_salted(self):
        vault.store(self.con, "ann", GOOD)
        vault.store(self.con, "bo", GOOD)
        self.assertTrue(self.secret("ann").startswith("$argon2id$"))
        self.assertNotEqual(self.secret("ann"), self.secret("bo"))

    def test_a_new_password_takes_the_place_of_the_old(self):
        vault.store(self.con, "ann", WRONG)
        vault.store(self.con, "ann", GOOD)
        self.assertFalse(vault.check(self.con, "ann", WRONG))
        self.assertTrue(vault.check(self.con, "ann", GOOD))

    def test_a_refused_one_is_not_stored(self):
        with self.assertRaises(vault.Refused):
            vault.store(self.con, "ann", "short")
        self.assertEqual(self.con.execute("SELECT count(*) FROM account").fetchone(), (0,))

    def test_both_ways_to_type_an_accent(self):
        vault.store(self.con, "ann", "caf\u00e9 au lait et sucre")
        self.assertTrue(vault.check(self.con, "ann", "cafe\u0301 au lait et sucre"))

    def test_an_unknown_name_costs_one_verification_like_a_wrong_password(self):
        vault.store(self.con, "ann", GOOD)
        for name in ("ann", "nobody"):
            counting = Counting(vault.HASHER)
            with self.subTest(name), mock.patch.object(vault, "HASHER", counting):
                self.assertFalse(vault.check(self.con, name, WRONG))
                self.assertEqual(counting.verified, 1)

    def test_damaged_secrets_fit_nothing(self):
        damaged = ["", "$argon2id$", "sha256$", "pbkdf2$x$y$z", "pbkdf2$1000", "wrapped$", "plain"]
        for number, secret in enumerate(damaged):
            with self.subTest(secret):
                self.put(str(number), secret)
                self.assertFalse(vault.check(self.con, str(number), GOOD))
                self.assertFalse(vault.check(self.con, str(number), ""))


class TestUpgrade(Vault):
    def test_old_secrets_work_once_and_are_new_afterwards(self):
        old = {"s": vault.legacy_sha256("old one"), "p": vault.legacy_pbkdf2("old one", 1000, SALT)}
        for name, secret in old.items():
            with self.subTest(name):
                self.put(name, secret)
                self.assertTrue(vault.check(self.con, name, "old one"))
                self.assertTrue(self.secret(name).startswith("$argon2id$"))
                self.assertTrue(vault.check(self.con, name, "old one"))

    def test_a_failed_login_changes_nothing(self):
        old = vault.legacy_pbkdf2(GOOD, 1000, SALT)
        self.put("ann", old)
        self.assertFalse(vault.check(self.con, "ann", WRONG))
        self.assertEqual(self.secret("ann"), old)

    def test_a_hash_itself_is_no_password(self):
        old = vault.legacy_sha256(GOOD)
        self.put("ann", old)
        self.assertFalse(vault.check(self.con, "ann", old))
        self.assertFalse(vault.check(self.con, "ann", old.partition("$")[2]))
        vault.wrap_legacy(self.con)
        self.assertFalse(vault.check(self.con, "ann", old.partition("$")[2]))

    def test_raised_parameters_reach_stored_secrets_and_equal_ones_write_nothing(self):
        vault.store(self.con, "ann", GOOD)
        before = self.secret("ann")
        vault.check(self.con, "ann", GOOD)
        self.assertEqual(self.secret("ann"), before)
        with mock.patch.object(vault, "HASHER", PasswordHasher(3, 19_456, 1)):
            self.assertTrue(vault.check(self.con, "ann", GOOD))
        self.assertIn("t=3", self.secret("ann"))


class TestWrap(Vault):
    def test_no_fast_hash_is_left_and_logins_still_work(self):
        self.put("ann", vault.legacy_sha256("old one"))
        self.put("bo", vault.legacy_sha256("another"))
        vault.store(self.con, "cy", GOOD)
        before = self.secret("cy")
        self.assertEqual(vault.wrap_legacy(self.con), 2)
        self.assertTrue(self.secret("ann").startswith("wrapped$$argon2id$"))
        self.assertEqual(self.secret("cy"), before)
        self.assertFalse(vault.check(self.con, "ann", "another"))
        self.assertTrue(vault.check(self.con, "ann", "old one"))
        self.assertTrue(self.secret("ann").startswith("$argon2id$"))

    def test_wrapping_twice_is_wrapping_once(self):
        self.put("ann", vault.legacy_sha256("old one"))
        vault.wrap_legacy(self.con)
        self.assertEqual(vault.wrap_legacy(self.con), 0)
        self.assertTrue(vault.check(self.con, "ann", "old one"))
