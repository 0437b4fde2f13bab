"""Tests that each of the three ways has to pass. Run them with: python -m unittest test_sessions"""

import random
import sqlite3
import tracemalloc
import unittest

import sessions

GAP = sessions.GAP


def by_sql(visits):
    """Put visits into a table and ask for the sessions."""
    con = sqlite3.connect(":memory:")
    try:
        con.execute("CREATE TABLE visit (user TEXT NOT NULL, at INTEGER NOT NULL)")
        con.executemany("INSERT INTO visit VALUES (?, ?)", visits)
        return sessions.by_sql(con)
    finally:
        con.close()


WAYS = {
    "loop": sessions.by_loop,
    "stream": lambda visits: list(sessions.by_stream(iter(sorted(visits)))),
    "sql": by_sql,
}


class TestStarter(unittest.TestCase):
    def test_without_visits_there_are_no_sessions(self):
        self.assertEqual(sessions.by_loop([]), [])
        self.assertEqual(list(sessions.by_stream([])), [])


class TestAllWays(unittest.TestCase):
    def assert_sessions(self, visits, expected):
        for name, way in WAYS.items():
            with self.subTest(name):
                self.assertEqual(list(map(tuple, way(list(visits)))), expected)

    def test_the_example(self):
        self.assert_sessions(
            sessions.VISITS, [("ann", 100, 1900, 2), ("ann", 3701, 3701, 1), ("bo", 10, 10, 2)]
        )

    def test_nothing_and_one(self):
        self.assert_sessions([], [])
        self.assert_sessions([("ann", 5)], [("ann", 5, 5, 1)])

    def test_the_gap_itself_still_belongs_together(self):
        self.assert_sessions([("ann", 0), ("ann", GAP)], [("ann", 0, GAP, 2)])
        self.assert_sessions(
            [("ann", 0), ("ann", GAP + 1)], [("ann", 0, 0, 1), ("ann", GAP + 1, GAP + 1, 1)]
        )

    def test_it_is_the_gap_that_counts_and_not_the_length(self):
        visits = [("ann", number * GAP) for number in range(50)]
        self.assert_sessions(visits, [("ann", 0, 49 * GAP, 50)])

    def test_users_do_not_mix_whatever_the_order(self):
        visits = [("bo", 2), ("ann", 3), ("bo", 1), ("ann", 2), ("", 1)]
        self.assert_sessions(visits, [("", 1, 1, 1), ("ann", 2, 3, 2), ("bo", 1, 2, 2)])

    def test_a_time_before_1970_is_a_time(self):
        self.assert_sessions([("ann", -GAP), ("ann", 0)], [("ann", -GAP, 0, 2)])

    def test_all_ways_agree_on_thousands_of_visits(self):
        chance = random.Random(7)
        for size in (10, 100, 3000):
            visits = [(chance.choice("abcde"), chance.randrange(size * 500)) for _ in range(size)]
            found = {name: list(map(tuple, way(list(visits)))) for name, way in WAYS.items()}
            with self.subTest(size):
                self.assertGreater(len(found["loop"]), 1)
                self.assertEqual(found["loop"], found["stream"])
                self.assertEqual(found["loop"], found["sql"])
                self.assertEqual(sum(number for *_, number in found["loop"]), size)


class TestLoop(unittest.TestCase):
    def test_the_visits_are_not_changed(self):
        visits = list(sessions.VISITS)
        self.assertEqual(len(sessions.by_loop(visits)), 3)
        self.assertEqual(visits, sessions.VISITS)


class TestStream(unittest.TestCase):
    def test_a_session_comes_as_soon_as_it_has_ended(self):
        taken = []

        def endless():
            for number in range(10_000):
                taken.append(number)
                yield "ann", number * (GAP + 1)
            raise AssertionError("it waits for the end of a stream that has none")

        found = sessions.by_stream(endless())
        self.assertEqual([next(found), next(found)], [("ann", 0, 0, 1), ("ann", GAP + 1, GAP + 1, 1)])
        self.assertLessEqual(len(taken), 4)

    def test_it_keeps_nothing(self):
        tracemalloc.start()
        number = sum(1 for _ in sessions.by_stream(("ann", at * 1000) for at in range(20_000)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        self.assertEqual(number, 1)
        self.assertLess(peak, 100_000)

    def test_what_is_not_sorted_is_refused(self):
        for visits in ([("ann", 2), ("ann", 1)], [("bo", 1), ("ann", 2)]):
            with self.subTest(visits), self.assertRaises(ValueError):
                list(sessions.by_stream(visits))


class TestSql(unittest.TestCase):
    def test_it_is_one_statement_that_uses_windows(self):
        self.assertEqual(sessions.QUERY.strip().rstrip(";").count(";"), 0)
        self.assertIn(" over ", sessions.QUERY.lower())
        self.assertIn(":gap", sessions.QUERY)
