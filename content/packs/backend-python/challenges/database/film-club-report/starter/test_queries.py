"""Tests of queries. Run them with: python -m unittest test_queries

They use the tables of club.sql with rows of their own.
"""

import pathlib
import unittest

import queries

CLUB = pathlib.Path("club.sql").read_text(encoding="utf-8")
TABLES = CLUB.partition("INSERT")[0]


class Club(unittest.TestCase):
    """Films, screenings and ratings to be added by each test, and three members."""

    def setUp(self):
        self.con = queries.connect(TABLES)
        self.addCleanup(self.con.close)
        members = [(1, "Ann", "2025-01-01"), (2, "Bo", "2025-06-01"), (3, "Cy", "2026-01-01")]
        self.con.executemany("INSERT INTO member VALUES (?, ?, ?)", members)

    def film(self, title, year=2000, **shown):
        """Add a film with its screenings: film("Salt", m03_06=[(1, 5)]) is 2026-03-06, five stars by
        member 1.
        """
        film = self.con.execute("INSERT INTO film (title, year) VALUES (?, ?)", (title, year)).lastrowid
        for day, ratings in shown.items():
            values = (film, f"2026-{day[1:].replace('_', '-')[:5]}")
            screening = self.con.execute(
                "INSERT INTO screening (film, shown_on) VALUES (?, ?)", values
            ).lastrowid
            rows = [(screening, member, stars) for member, stars in ratings]
            self.con.executemany("INSERT INTO rating (screening, member, stars) VALUES (?, ?, ?)", rows)

    def assert_rows(self, query, expected, *values):
        self.assertEqual(self.con.execute(query, values).fetchall(), expected)


class TestStarter(unittest.TestCase):
    def test_the_example_can_be_loaded(self):
        con = queries.connect(CLUB)
        self.assertEqual(con.execute("SELECT count(*) FROM rating").fetchone(), (9,))
        con.close()


class TestFilms(Club):
    def test_never_shown(self):
        self.film("Shown", m01_01=[])
        self.film("Waiting")
        self.film("Also Waiting")
        self.assert_rows(queries.NEVER_SHOWN, [("Also Waiting",), ("Waiting",)])

    def test_per_film(self):
        self.film("Twice", m01_01=[(1, 5), (None, 4)], m02_01=[(1, 4)])
        self.film("Quiet", m01_02=[])
        self.film("Never")
        self.film("Even", m01_03=[(1, 2), (2, 4)])
        expected = [("Even", 2, 3.0), ("Never", 0, None), ("Quiet", 0, None), ("Twice", 3, 4.3)]
        self.assert_rows(queries.PER_FILM, expected)

    def test_favourites(self):
        self.film("One Fan", m01_01=[(1, 5)])
        self.film("Good", m01_02=[(1, 4), (2, 4)])
        self.film("Better", m01_03=[(1, 5), (2, 4), (None, 4)])
        self.film("As Good", m01_04=[(1, 5)], m01_05=[(1, 3)])
        found = [("Better", 13 / 3), ("As Good", 4.0), ("Good", 4.0)]
        self.assert_rows(queries.FAVOURITES, found, 2)
        self.assert_rows(queries.FAVOURITES, found[:1], 3)
        self.assert_rows(queries.FAVOURITES, [], 4)

    def test_last_shown(self):
        self.film("Old", m01_01=[], m01_09=[(1, 5), (2, 5)])
        self.film("New", m12_01=[])
        self.film("Never B")
        self.film("Never A")
        self.film("As Old", m01_09=[])
        expected = [
            ("New", "2026-12-01"),
            ("As Old", "2026-01-09"),
            ("Old", "2026-01-09"),
            ("Never A", None),
            ("Never B", None),
        ]
        self.assert_rows(queries.LAST_SHOWN, expected)

    def test_best_of_year(self):
        self.film("Winner", 1971, m01_01=[(1, 5)])
        self.film("Also Winner", 1971, m01_02=[(1, 5), (None, 5)])
        self.film("Many", 1971, m01_03=[(1, 4), (2, 4), (3, 4)])
        self.film("Alone", 1998, m01_04=[(1, 1)])
        self.film("Unrated", 1998, m01_05=[])
        self.film("Unseen", 2014)
        expected = [(1971, "Also Winner"), (1971, "Winner"), (1998, "Alone")]
        self.assert_rows(queries.BEST_OF_YEAR, expected)


class TestMembers(Club):
    def test_silent(self):
        self.film("Salt", m01_01=[(1, 5)])
        self.assert_rows(queries.SILENT, [("Bo",), ("Cy",)], "2026-12-31")
        self.assert_rows(queries.SILENT, [("Bo",)], "2026-01-01")

    def test_ratings_without_a_name_change_nothing(self):
        self.film("Salt", m01_01=[(1, 5), (None, 3)])
        self.assert_rows(queries.SILENT, [("Bo",), ("Cy",)], "2026-12-31")


class TestTime(Club):
    def test_per_month(self):
        self.film("A", m01_01=[(1, 5), (2, 5)], m01_31=[], m03_01=[(1, 1)])
        self.film("B", m01_15=[(None, 3)])
        self.film("C", m12_31=[])
        self.assert_rows(queries.PER_MONTH, [("2026-01", 3, 3), ("2026-03", 1, 1), ("2026-12", 1, 0)])

    def test_running_total(self):
        self.film("Later", m02_01=[(1, 5), (2, 5)])
        self.film("First", m01_01=[(1, 5), (None, 4)])
        self.film("Quiet", m01_01x=[])
        self.film("Same Day", m02_01y=[(1, 2)])
        expected = [
            ("2026-01-01", "First", 2),
            ("2026-01-01", "Quiet", 2),
            ("2026-02-01", "Later", 4),
            ("2026-02-01", "Same Day", 5),
        ]
        self.assert_rows(queries.RUNNING_TOTAL, expected)

    def test_days_decide_and_not_ids(self):
        self.film("Later", m02_01=[(1, 5)])
        self.film("Earlier", m01_01=[(1, 5), (2, 1)])
        expected = [("2026-01-01", "Earlier", 2), ("2026-02-01", "Later", 3)]
        self.assert_rows(queries.RUNNING_TOTAL, expected)
