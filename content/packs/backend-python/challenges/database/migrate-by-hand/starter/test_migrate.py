"""Tests of migrate. Run them with: python -m unittest test_migrate"""

import pathlib
import sqlite3
import tempfile
import threading
import time
import unittest

import migrate
from migrate import MigrationError

HERE = pathlib.Path(migrate.__file__).parent


class Folder(unittest.TestCase):
    """A folder for migrations and a database in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.con = self.connect()
        self.write("0001_first.sql", "CREATE TABLE a (x TEXT);")
        self.write("0002_second.sql", "CREATE TABLE b (x TEXT);\nINSERT INTO a VALUES ('one;two');")

    def connect(self):
        con = migrate.connect(self.folder / "party.db")
        self.addCleanup(con.close)
        return con

    def write(self, name, sql):
        (self.folder / name).write_text(sql, encoding="utf-8")

    def migrate(self):
        return migrate.migrate(self.con, self.folder)

    def tables(self):
        rows = self.con.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in rows if name != "migration"]

    def applied(self):
        return [number for (number,) in self.con.execute("SELECT number FROM migration ORDER BY number")]

    def assert_refused(self, words):
        before = self.tables()
        with self.assertRaisesRegex(MigrationError, words) as caught:
            self.migrate()
        self.assertFalse(self.con.in_transaction)
        self.assertEqual(self.tables(), before)
        return caught.exception


class TestStarter(unittest.TestCase):
    def test_a_checksum_depends_on_the_content(self):
        one, two = (migrate.Migration(1, "0001_a.sql", sql) for sql in ("SELECT 1", "SELECT 2"))
        self.assertNotEqual(one.checksum, two.checksum)


class TestFind(Folder):
    def names(self):
        return [each.name for each in migrate.find(self.folder)]

    def test_in_order_and_nothing_else(self):
        for name in ("notes.txt", "0003_Draft.sql", "3_short.sql", "0003_x.sql.bak", "x0003_x.sql"):
            self.write(name, "nonsense")
        self.assertEqual(self.names(), ["0001_first.sql", "0002_second.sql"])
        self.assertEqual([each.number for each in migrate.find(self.folder)], [1, 2])

    def test_a_number_that_comes_twice(self):
        self.write("0002_again.sql", "")
        self.assert_refused("0002")

    def test_a_number_that_is_left_out(self):
        self.write("0004_far.sql", "")
        self.assert_refused("0004")
        (self.folder / "0004_far.sql").unlink()
        (self.folder / "0001_first.sql").unlink()
        self.assert_refused("0002")


class TestMigrate(Folder):
    def test_everything_once(self):
        self.assertEqual(self.migrate(), ["0001_first.sql", "0002_second.sql"])
        self.assertEqual((self.tables(), self.applied()), (["a", "b"], [1, 2]))
        self.assertEqual(self.migrate(), [])
        self.assertEqual(self.con.execute("SELECT x FROM a").fetchall(), [("one;two",)])

    def test_only_what_is_new(self):
        self.migrate()
        self.write("0003_third.sql", "CREATE TABLE c (x TEXT)")
        self.assertEqual(self.migrate(), ["0003_third.sql"])
        self.assertEqual(self.tables(), ["a", "b", "c"])

    def test_a_trigger_has_semicolons_inside(self):
        trigger = (
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO b VALUES (new.x); DELETE FROM a; END;"
        )
        self.write("0003_trigger.sql", trigger)
        self.migrate()
        self.con.execute("INSERT INTO a VALUES ('new')")
        self.assertEqual(self.con.execute("SELECT * FROM b").fetchall(), [("new",)])

    def test_a_comment_at_the_end_does_no_harm(self):
        self.write("0003_third.sql", "CREATE TABLE c (x TEXT) -- the last one")
        self.migrate()
        self.assertEqual((self.tables(), self.applied()), (["a", "b", "c"], [1, 2, 3]))

    def test_others_see_it(self):
        self.migrate()
        self.con = self.connect()
        self.assertEqual((self.tables(), self.migrate()), (["a", "b"], []))


class TestFailure(Folder):
    def test_nothing_of_a_failed_one_is_left(self):
        self.write(
            "0003_bad.sql",
            "CREATE TABLE c (x TEXT); INSERT INTO c VALUES (1); INSERT INTO nowhere VALUES (1);",
        )
        self.write("0004_never.sql", "CREATE TABLE d (x TEXT);")
        with self.assertRaisesRegex(MigrationError, "0003_bad") as caught:
            self.migrate()
        self.assertIsInstance(caught.exception.__cause__, sqlite3.Error)
        self.assertFalse(self.con.in_transaction)
        self.assertEqual((self.tables(), self.applied()), (["a", "b"], [1, 2]))

    def test_after_a_repair_it_goes_on(self):
        self.write("0003_bad.sql", "CREATE TABLE c (x TEXT); oops")
        with self.assertRaises(MigrationError):
            self.migrate()
        self.write("0003_bad.sql", "CREATE TABLE c (x TEXT);")
        self.assertEqual(self.migrate(), ["0003_bad.sql"])

    def test_history_is_not_rewritten(self):
        self.migrate()
        self.write("0001_first.sql", "CREATE TABLE a (x TEXT, y TEXT);")
        self.write("0003_third.sql", "CREATE TABLE c (x TEXT);")
        self.assert_refused("0001_first")

    def test_nothing_that_was_applied_disappears(self):
        self.migrate()
        (self.folder / "0002_second.sql").unlink()
        self.assert_refused("0002_second")

    def test_nothing_that_was_applied_gets_another_name(self):
        self.migrate()
        (self.folder / "0002_second.sql").rename(self.folder / "0002_other.sql")
        self.assert_refused("0002_")


class TestTwoAtOnce(Folder):
    def test_each_migration_is_applied_once(self):
        for number in range(3, 9):
            self.write(f"{number:04}_more.sql", "INSERT INTO a VALUES ('more');")
        start, results = threading.Barrier(4), []

        def run():
            con = migrate.connect(self.folder / "party.db")
            con.set_trace_callback(lambda statement: time.sleep(0.002))
            start.wait()
            try:
                results.append(migrate.migrate(con, self.folder))
            except Exception as error:
                results.append([repr(error)])
            con.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done = sorted(name for names in results for name in names)
        self.assertEqual(done, [each.name for each in migrate.find(self.folder)])
        self.assertEqual(self.con.execute("SELECT count(*) FROM a WHERE x = 'more'").fetchone(), (6,))


class TestGuests(Folder):
    """The migrations that come with the program."""

    OLD = ((1, "Ann", "ann@example.org"), (2, "Bo", "bo@example.org"), (3, "Ann", "ANN@example.org"))

    def up_to(self, number):
        for file in self.folder.glob("*.sql"):
            file.unlink()
        for each in migrate.find(HERE):
            if each.number <= number:
                self.write(each.name, each.sql)
        migrate.migrate(self.con, self.folder)

    def rows(self, columns="id, email, seats"):
        return self.con.execute(f"SELECT {columns} FROM guest ORDER BY id").fetchall()

    def fill(self):
        self.up_to(1)
        self.con.executemany("INSERT INTO guest VALUES (?, ?, ?)", self.OLD)

    def refused(self, statement):
        with self.assertRaises(sqlite3.IntegrityError):
            self.con.execute(statement)

    def test_from_empty_to_newest(self):
        self.up_to(3)
        self.con.execute("INSERT INTO guest (name, email) VALUES ('Ann', 'ann@example.org')")
        self.assertEqual(self.rows(), [(1, "ann@example.org", 1)])

    def test_guests_who_are_there_have_one_seat(self):
        self.fill()
        self.up_to(2)
        self.assertEqual(self.rows(), [(number, email, 1) for number, _, email in self.OLD])

    def test_seats_have_limits(self):
        self.up_to(2)
        for seats in ("0", "7", "NULL"):
            self.refused(f"INSERT INTO guest (name, email, seats) VALUES ('Cy', 'cy@example.org', {seats})")

    def test_one_guest_for_each_address(self):
        self.fill()
        self.up_to(2)
        self.con.execute("UPDATE guest SET seats = 2 WHERE id = 3")
        self.up_to(3)
        self.assertEqual(self.rows(), [(1, "ann@example.org", 3), (2, "bo@example.org", 1)])
        self.refused("INSERT INTO guest (name, email) VALUES ('Bo', 'Bo@Example.org')")

    def test_six_seats_at_most(self):
        self.fill()
        self.up_to(2)
        self.con.execute("UPDATE guest SET seats = 5")
        self.up_to(3)
        self.assertEqual(self.rows(), [(1, "ann@example.org", 6), (2, "bo@example.org", 5)])
