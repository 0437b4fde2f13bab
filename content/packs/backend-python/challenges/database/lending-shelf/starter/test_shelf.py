"""Tests of the shelf. Run them with: python -m unittest test_shelf"""

import sqlite3
import unittest

import shelf

LENT, DUE, LATER = "2026-11-01", "2026-11-15", "2026-12-01"


class Library(unittest.TestCase):
    """A shelf with three items and two members."""

    def setUp(self):
        self.con = shelf.connect(":memory:")
        self.addCleanup(self.con.close)
        shelf.create_schema(self.con)
        self.a, self.b, self.c = (shelf.add_item(self.con, code, f"Book {code}") for code in "abc")
        self.ann = shelf.add_member(self.con, "Ann", "ann@example.org")
        self.bo = shelf.add_member(self.con, "Robert'); DROP TABLE item;--", "bo@example.org")

    def insert(self, item, member, lent_on=LENT, returned_on=None):
        """Go past the functions, as another program would."""
        query = "INSERT INTO loan (item, member, lent_on, due_on, returned_on) VALUES (?, ?, ?, ?, ?)"
        with self.con:
            self.con.execute(query, (item, member, lent_on, DUE, returned_on))

    def count(self):
        return self.con.execute("SELECT count(*) FROM loan").fetchone()[0]


class TestStarter(Library):
    def test_items_and_members_are_stored(self):
        found = self.con.execute("SELECT title FROM item WHERE code = 'a'").fetchone()
        self.assertEqual(found, ("Book a",))


class TestSchema(Library):
    def test_a_second_open_loan_of_an_item_is_refused(self):
        self.insert(self.a, self.ann)
        with self.assertRaises(sqlite3.IntegrityError):
            self.insert(self.a, self.bo)

    def test_after_a_return_it_may_be_lent_again(self):
        self.insert(self.a, self.ann, returned_on=DUE)
        self.insert(self.a, self.bo)
        self.assertEqual(self.count(), 2)

    def test_unknown_items_and_members_are_refused(self):
        for item, member in ((99, self.ann), (self.a, 99)):
            with self.subTest((item, member)), self.assertRaises(sqlite3.IntegrityError):
                self.insert(item, member)

    def test_nothing_is_returned_before_it_was_lent(self):
        with self.assertRaises(sqlite3.IntegrityError):
            self.insert(self.a, self.ann, returned_on="2026-10-31")

    def test_a_member_with_loans_is_not_deleted(self):
        self.insert(self.a, self.ann)
        with self.assertRaises(sqlite3.IntegrityError), self.con:
            self.con.execute("DELETE FROM member WHERE id = ?", (self.ann,))


class TestLending(Library):
    def test_lend_and_give_back(self):
        shelf.lend(self.con, [self.a, self.b], self.ann, LENT, DUE)
        shelf.give_back(self.con, self.a, DUE)
        self.assertEqual(shelf.open_loans(self.con), [("Book b", "Ann", DUE)])

    def test_all_or_nothing(self):
        shelf.lend(self.con, [self.b], self.ann, LENT, DUE)
        with self.assertRaises(shelf.NotLent):
            shelf.lend(self.con, [self.a, self.b], self.bo, LENT, DUE)
        self.assertEqual(self.count(), 1)
        self.assertFalse(self.con.in_transaction)

    def test_unknown_things_are_not_lent(self):
        for items, member in (([99], self.ann), ([self.a], 99)):
            with self.subTest((items, member)), self.assertRaises(shelf.NotLent):
                shelf.lend(self.con, items, member, LENT, DUE)

    def test_what_is_not_lent_cannot_come_back(self):
        with self.assertRaises(shelf.NotLent):
            shelf.give_back(self.con, self.a, DUE)

    def test_a_name_is_only_text(self):
        shelf.lend(self.con, [self.a], self.bo, LENT, DUE)
        self.assertEqual(shelf.open_loans(self.con)[0][1], "Robert'); DROP TABLE item;--")


class TestLists(Library):
    def fill(self, loans):
        for number in range(self.count(), loans):
            item = shelf.add_item(self.con, f"n{number}", f"Book {number}")
            self.insert(item, self.ann)

    def test_a_list_sends_one_query_however_long_it_is(self):
        for loans in (10, 200):
            self.fill(loans)
            sent = []
            self.con.set_trace_callback(sent.append)
            self.assertEqual(len(shelf.open_loans(self.con)), loans)
            self.con.set_trace_callback(None)
            self.assertEqual(len(sent), 1)

    def test_overdue_are_the_open_ones_that_were_due(self):
        shelf.lend(self.con, [self.a], self.ann, LENT, DUE)
        shelf.lend(self.con, [self.b], self.ann, LENT, LATER)
        shelf.lend(self.con, [self.c], self.ann, LENT, DUE)
        shelf.give_back(self.con, self.c, DUE)
        self.assertEqual(shelf.overdue(self.con, DUE), [])
        self.assertEqual(shelf.overdue(self.con, "2026-11-20"), [("Book a", "Ann", DUE)])

    def test_the_overdue_list_uses_an_index_on_the_loans(self):
        plan = self.con.execute(f"EXPLAIN QUERY PLAN {shelf.OVERDUE}", (DUE,)).fetchall()
        steps = [row[3] for row in plan]
        self.assertTrue(any("loan" in step and "INDEX" in step for step in steps), steps)
