"""Tests of the orders. Run them with: python -W error -m unittest test_orders"""

import ast
import logging
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from contextlib import closing
from datetime import UTC, datetime, timedelta
from unittest import mock

import orders

HERE = pathlib.Path(__file__).parent
DEPRECATED = {"utcnow", "utcfromtimestamp", "currentThread", "getName", "setDaemon", "isDaemon"}
"""Names that are deprecated; some of them are announced only by a newer Python than yours may be."""


class Shop(unittest.TestCase):
    """A database with rows of 2021."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.con = orders.connect(self.folder / "shop.db")
        self.addCleanup(self.con.close)
        self.con.executescript(orders.OLD_ROWS)


class TestStarter(Shop):
    def test_the_old_rows_are_there(self):
        self.assertEqual(self.con.execute("SELECT count(*) FROM line").fetchone(), (3,))


class TestDeprecations(Shop):
    def test_the_program_runs_with_every_warning_as_an_error(self):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-B", HERE / "orders.py", self.folder / "shop.db"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertEqual((done.stdout, done.stderr), ("3\n", ""))

    def test_nothing_is_used_that_a_newer_python_announces(self):
        tree = ast.parse((HERE / "orders.py").read_text())
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        self.assertEqual(used & DEPRECATED, set())

    def test_a_strange_item_is_still_reported(self):
        with self.assertLogs("orders", logging.WARNING) as caught:
            orders.add_order(self.con, 1, {"Tea!": 1, "tea": 1})
        self.assertEqual(len(caught.output), 1)

    def test_a_background_thread_is_still_one(self):
        self.assertTrue(orders.start_in_background(lambda: None).daemon)


class TestTimes(Shop):
    def setUp(self):
        super().setUp()
        elsewhere = mock.patch.dict(os.environ, TZ="XYZ-5:30")  # UTC must not be right by chance
        elsewhere.start()
        tzset = getattr(time, "tzset", lambda: None)  # Windows has none
        tzset()
        self.addCleanup(tzset)
        self.addCleanup(elsewhere.stop)

    def test_old_rows_were_and_are_utc(self):
        self.assertEqual(orders.made(self.con, 1), datetime(2021, 3, 28, 1, 30, tzinfo=UTC))
        self.assertEqual(orders.made(self.con, 2), datetime(2021, 10, 31, 1, 30, 0, 250_000, tzinfo=UTC))

    def test_new_ones_are_aware(self):
        before = datetime.now(UTC)
        found = orders.made(self.con, orders.add_order(self.con, 1, {"tea": 1}))
        self.assertLessEqual(before, found)
        self.assertLess(found - before, timedelta(minutes=1))

    def test_ages_of_old_and_new_orders(self):
        expected = (datetime.now(UTC) - datetime(2021, 3, 28, 1, 30, tzinfo=UTC)).days
        self.assertEqual(orders.age_in_days(self.con, 1), expected)
        self.assertEqual(orders.age_in_days(self.con, orders.add_order(self.con, 1, {"tea": 1})), 0)

    def test_the_column_does_not_depend_on_an_adapter(self):
        with mock.patch.dict(sqlite3.adapters):
            del sqlite3.adapters[datetime, sqlite3.PrepareProtocol]  # the one that is deprecated
            orders.add_order(self.con, 1, {"tea": 1})
        with closing(sqlite3.connect(self.folder / "shop.db")) as plain:
            kinds = {type(value) for (value,) in plain.execute('SELECT made FROM "order"')}
        self.assertEqual(kinds, {str})


class TestRestore(Shop):
    def test_there_and_back(self):
        orders.backup(self.con, self.folder / "copy.db")
        orders.add_order(self.con, 1, {"tea": 1})
        found = orders.restore(self.folder / "copy.db", self.folder / "new.db")
        self.assertEqual(found, {"customer": 2, "order": 2, "line": 3})
        with closing(orders.connect(self.folder / "new.db")) as new:
            self.assertEqual(orders.made(new, 1), datetime(2021, 3, 28, 1, 30, tzinfo=UTC))

    def test_a_transaction_that_is_open_elsewhere_is_left_out(self):
        with closing(sqlite3.connect(self.folder / "shop.db")) as other:
            other.execute("INSERT INTO customer (name) VALUES ('Cy')")
            orders.backup(self.con, self.folder / "copy.db")
            other.rollback()
        found = orders.restore(self.folder / "copy.db", self.folder / "new.db")
        self.assertEqual(found["customer"], 2)

    def test_nothing_is_overwritten(self):
        orders.backup(self.con, self.folder / "copy.db")
        orders.add_order(self.con, 1, {"tea": 1})
        with self.assertRaises(ValueError):
            orders.restore(self.folder / "copy.db", self.folder / "shop.db")
        self.assertEqual(self.con.execute('SELECT count(*) FROM "order"').fetchone(), (3,))

    def test_a_damaged_backup_is_refused(self):
        orders.backup(self.con, self.folder / "copy.db")
        whole = (self.folder / "copy.db").read_bytes()
        for content in (
            b"rubbish" * 1000,
            whole[: len(whole) // 2],
            whole[:4096] + bytes(len(whole) - 4096),
        ):
            (self.folder / "copy.db").write_bytes(content)
            with self.subTest(len(content)), self.assertRaises(ValueError):
                orders.restore(self.folder / "copy.db", self.folder / "new.db")
            with closing(sqlite3.connect(self.folder / "new.db")) as new:
                self.assertEqual(new.execute("SELECT count(*) FROM sqlite_master").fetchone(), (0,))
