"""Tests of the feed reader. They need no network: python -m unittest test_reader"""

import sqlite3
import unittest
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import reader
from reader import Response
from test_parse import ATOM, RSS

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PAGE = "https://blog.example/feed"


def rss(*items):
    """Return a feed with items, each `uid` or `uid|title`."""
    parts = (each.partition("|") for each in items)
    inside = "".join(
        f"<item><guid>{uid}</guid><title>{title or uid}</title></item>" for uid, _, title in parts
    )
    return f"<rss version='2.0'><channel><title>Blog</title>{inside}</channel></rss>".encode()


class Network:
    """A network of addresses and answers; it remembers what it was asked."""

    def __init__(self):
        self.answers, self.asked = {}, []

    def __call__(self, address, headers):
        self.asked.append((address, headers))
        found = self.answers[address]
        if isinstance(found, Exception):
            raise found
        return found


class Reader(unittest.TestCase):
    """A reader with an empty database, and a network."""

    def setUp(self):
        self.con = reader.connect(":memory:")
        self.addCleanup(self.con.close)
        self.network = Network()

    def refresh(self, feed, answer=None, after=0, address=PAGE):
        """Refresh a feed some minutes after noon. Return how many entries are new."""
        if answer is not None:
            self.network.answers[address] = answer
        return reader.refresh(self.con, feed, self.network, NOW + timedelta(minutes=after))

    def feed(self):
        [found] = reader.feeds(self.con)
        return found


class TestStarter(Reader):
    def test_there_is_a_database(self):
        self.assertIsInstance(self.con, sqlite3.Connection)


class TestRefresh(Reader):
    def setUp(self):
        super().setUp()
        self.blog = reader.subscribe(self.con, PAGE)

    def test_subscribing_twice_is_subscribing_once(self):
        self.assertEqual(reader.subscribe(self.con, PAGE), self.blog)
        self.assertEqual(len(reader.feeds(self.con)), 1)

    def test_new_entries_are_counted_and_known_ones_updated(self):
        self.assertEqual(self.refresh(self.blog, Response(200, rss("a", "b"))), 2)
        self.assertEqual(self.refresh(self.blog, Response(200, rss("c", "b|Better", "a"))), 1)
        titles = {title for _, _, title, _ in reader.unread(self.con)}
        self.assertEqual(titles, {"a", "Better", "c"})

    def test_what_was_read_stays_read(self):
        self.refresh(self.blog, Response(200, rss("a", "b")))
        reader.mark_read(
            self.con, [entry for entry, _, title, _ in reader.unread(self.con) if title == "a"]
        )
        self.refresh(self.blog, Response(200, rss("a|Changed", "b")))
        self.assertEqual([title for _, _, title, _ in reader.unread(self.con)], ["b"])
        self.assertEqual(self.feed()["unread"], 1)

    def test_two_feeds_may_use_the_same_uid(self):
        other = reader.subscribe(self.con, "https://other.example/")
        self.assertEqual(self.refresh(self.blog, Response(200, rss("a"))), 1)
        self.assertEqual(self.refresh(other, Response(200, rss("a")), address="https://other.example/"), 1)

    def test_it_asks_only_for_what_has_changed(self):
        headers = {"etag": '"x"', "last-modified": "Sat, 28 Nov 2026 10:00:00 GMT"}
        self.refresh(self.blog, Response(200, rss("a"), headers))
        self.assertEqual(self.network.asked[0][1], {})
        self.assertEqual(self.refresh(self.blog, Response(304)), 0)
        wanted = {"If-None-Match": '"x"', "If-Modified-Since": "Sat, 28 Nov 2026 10:00:00 GMT"}
        self.assertEqual(self.network.asked[1][1], wanted)
        self.refresh(self.blog)
        self.assertEqual(self.network.asked[2][1], wanted)

    def test_a_feed_that_moved_for_good_is_asked_there_from_then_on(self):
        self.network.answers["https://new.example/"] = Response(200, rss("a"))
        self.assertEqual(
            self.refresh(self.blog, Response(301, headers={"location": "https://new.example/"})), 1
        )
        self.assertEqual(self.feed()["address"], "https://new.example/")

    def test_one_that_is_elsewhere_for_now_keeps_its_address(self):
        self.network.answers["https://blog.example/now"] = Response(200, rss("a"))
        self.assertEqual(self.refresh(self.blog, Response(302, headers={"location": "/now"})), 1)
        self.assertEqual(self.feed()["address"], PAGE)

    def test_after_a_detour_for_now_nothing_lasts(self):
        self.network.answers["https://a.example/"] = Response(
            301, headers={"location": "https://b.example/"}
        )
        self.network.answers["https://b.example/"] = Response(200, rss("a"))
        self.refresh(self.blog, Response(302, headers={"location": "https://a.example/"}))
        self.assertEqual(self.feed()["address"], PAGE)

    def test_redirects_that_never_end_or_lead_nowhere_are_errors(self):
        for place in (PAGE, "file:///etc/hosts", ""):
            with self.subTest(place):
                self.setUp()
                self.assertEqual(self.refresh(self.blog, Response(302, headers={"location": place})), 0)
                self.assertTrue(self.feed()["error"])
                self.assertLessEqual(len(self.network.asked), 6)

    def test_one_that_is_gone_is_never_asked_again(self):
        self.refresh(self.blog, Response(410))
        self.assertEqual(self.refresh(self.blog, Response(200, rss("a")), after=100_000), 0)
        self.assertEqual(len(self.network.asked), 1)


class TestErrors(Reader):
    def setUp(self):
        super().setUp()
        self.blog = reader.subscribe(self.con, PAGE)

    def asked_at(self, minutes):
        """Tell if a refresh at this time asks the network."""
        before = len(self.network.asked)
        self.refresh(self.blog, after=minutes)
        return len(self.network.asked) > before

    def test_errors_are_named_and_raise_nothing(self):
        for answer in (Response(500), Response(200, b"hello"), OSError("no route"), TimeoutError()):
            with self.subTest(answer):
                self.setUp()
                self.assertEqual(self.refresh(self.blog, answer), 0)
                self.assertTrue(self.feed()["error"])

    def test_rests_grow_and_a_good_answer_ends_them(self):
        self.network.answers[PAGE] = Response(500)
        found = [minutes for minutes in range(15) if self.asked_at(minutes)]
        self.assertEqual(found, [0, 2, 6, 14])
        self.network.answers[PAGE] = Response(200, rss("a"))
        self.assertTrue(self.asked_at(30))
        self.assertEqual(self.feed()["error"], "")
        self.network.answers[PAGE] = Response(500)
        self.assertTrue(self.asked_at(31))
        self.assertFalse(self.asked_at(32))
        self.assertTrue(self.asked_at(33))

    def test_a_rest_is_a_day_at_most(self):
        self.network.answers[PAGE] = Response(500)
        for number in range(40):
            self.assertTrue(self.asked_at(number * 1440))

    def test_a_longer_retry_after_counts(self):
        self.network.answers[PAGE] = Response(429, headers={"retry-after": "600"})
        self.asked_at(0)
        self.assertFalse(self.asked_at(9))
        self.assertTrue(self.asked_at(10))
        self.network.answers[PAGE] = Response(503, headers={"retry-after": "soon"})
        self.assertTrue(self.asked_at(30))

    def test_a_bad_feed_does_not_stop_the_others_and_loses_nothing(self):
        self.refresh(self.blog, Response(200, rss("a")))
        reader.subscribe(self.con, "https://other.example/")
        self.network.answers = {
            PAGE: Response(200, b"<rss"),
            "https://other.example/": Response(200, rss("b")),
        }
        self.assertEqual(reader.refresh_all(self.con, self.network, NOW), 1)
        self.assertEqual(len(reader.unread(self.con)), 2)


class TestLists(Reader):
    def setUp(self):
        super().setUp()
        self.refresh(reader.subscribe(self.con, PAGE), Response(200, RSS.encode()))
        notes = reader.subscribe(self.con, "https://notes.example/feed")
        self.refresh(notes, Response(200, ATOM.encode()), address="https://notes.example/feed")

    def test_the_newest_first_whatever_zone_it_is_from(self):
        found = [(feed, title) for _, feed, title, _ in reader.unread(self.con)]
        self.assertEqual(
            found,
            [
                ("Ann & Bo", "No link"),  # seen at noon
                ("Ann & Bo", "Second"),
                ("Ann & Bo", "First"),
                ("Notes", "A <b> tag"),
                ("Notes", "Plain <b>"),
            ],
        )
        self.assertEqual(len(reader.unread(self.con, limit=2)), 2)

    def test_feeds_by_title_with_what_is_unread(self):
        reader.mark_read(self.con, [reader.unread(self.con)[0][0]])
        found = [(feed["title"], feed["unread"]) for feed in reader.feeds(self.con)]
        self.assertEqual(found, [("Ann & Bo", 2), ("Notes", 2)])

    def test_search(self):
        for text, titles in (
            ("SECOND", ["Second"]),
            ("two", ["Second", "Plain <b>"]),
            ("%", []),
            ("_", []),
            ("'", []),
        ):
            with self.subTest(text):
                self.assertEqual([title for _, title in reader.search(self.con, text)], titles)


class TestOpml(Reader):
    def test_there_and_back(self):
        for address in (PAGE, "https://other.example/?a=b&c=d"):
            reader.subscribe(self.con, address)
        text = reader.export_opml(self.con)
        self.assertEqual(ET.XML(text).get("version"), "2.0")
        other = reader.connect(":memory:")
        self.addCleanup(other.close)
        self.assertEqual(reader.import_opml(other, text), 2)
        self.assertEqual(reader.import_opml(other, text), 0)
        self.assertIn("https://other.example/?a=b&c=d", [feed["address"] for feed in reader.feeds(other)])

    def test_nested_ones_and_those_that_are_no_feeds(self):
        text = f"""<opml version="1.0"><body>
        <outline text="News"><outline text="Blog" xmlUrl="{PAGE}"/></outline>
        <outline text="Bad" xmlUrl="file:///etc/hosts"/></body></opml>"""
        self.assertEqual(reader.import_opml(self.con, text), 1)
        with self.assertRaises(reader.NotAFeed):
            reader.import_opml(self.con, "hello")
