"""Tests of the calendar. Run them with: python -m unittest test_feedcal"""

import pathlib
import tempfile
import unittest
from datetime import UTC, date, datetime, timedelta, timezone

import feedcal

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
CLOSED = feedcal.Event(date(2026, 12, 24), "Library closed")
ADA = feedcal.Event(date(1815, 12, 10), "Ada's birthday", yearly=True)


def read(text):
    """Return the entries of a calendar as dictionaries, read as a phone would."""
    entries = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            entries.append({})
        elif entries:
            entries[-1].setdefault(name, value)
    return entries


class TestStarter(unittest.TestCase):
    def test_an_empty_calendar(self):
        self.assertEqual(read(feedcal.calendar([], NOW)), [])


class TestReadEvents(unittest.TestCase):
    def test_lines(self):
        lines = [
            "# date,what,kind",
            "",
            "2026-12-24,Library closed,once\n",
            "1815-12-10, Ada's birthday ,yearly",
        ]
        self.assertEqual(feedcal.read_events(lines), ([CLOSED, ADA], []))

    def test_commas_in_quotes(self):
        [event], _ = feedcal.read_events(['2027-01-05,"Paper, ""blue"" bin",once'])
        self.assertEqual(event.what, 'Paper, "blue" bin')

    def test_bad_lines_are_named_and_the_others_kept(self):
        bad = [
            "2027-13-01,x,once",
            "2027-02-29,x,yearly",
            "x",
            "2027-01-05,x,weekly",
            "2027-01-05,,once",
            '2027-01-05,"x,once',
        ]
        events, complaints = feedcal.read_events([*bad, "2026-12-24,Library closed,once"])
        self.assertEqual(events, [CLOSED])
        self.assertEqual([text.partition(":")[0] for text in complaints], ["1", "2", "3", "4", "5", "6"])


class TestText(unittest.TestCase):
    def test_what_has_a_meaning_is_escaped(self):
        self.assertEqual(feedcal.escaped("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne")
        self.assertEqual(feedcal.escaped('"quoted": yes'), '"quoted": yes')

    def test_short_lines_stay_as_they_are(self):
        for line in ("SUMMARY:x", "x" * 75):
            self.assertEqual(feedcal.folded(line), f"{line}\r\n")

    def test_long_lines_are_folded_by_bytes_and_no_character_is_cut(self):
        for line in ("x" * 76, "x" * 500, "é" * 200, "🐍" * 100, "x" + "é" * 99):
            with self.subTest(line[:3]):
                found = feedcal.folded(line)
                parts = found.encode().split(b"\r\n")
                self.assertEqual(parts.pop(), b"")
                self.assertLessEqual(max(map(len, parts)), 75)
                self.assertEqual([part.decode()[:1] for part in parts[1:]], [" "] * (len(parts) - 1))
                self.assertEqual(found.replace("\r\n ", ""), f"{line}\r\n")


class TestCalendar(unittest.TestCase):
    def test_a_whole_day_ends_on_the_next(self):
        [entry] = read(feedcal.calendar([feedcal.Event(date(2026, 12, 31), "Eve")], NOW))
        self.assertEqual((entry["DTSTART;VALUE=DATE"], entry["DTEND;VALUE=DATE"]), ("20261231", "20270101"))
        self.assertEqual((entry["SUMMARY"], entry.get("RRULE")), ("Eve", None))

    def test_what_comes_back(self):
        [entry] = read(feedcal.calendar([ADA], NOW))
        self.assertEqual((entry["DTSTART;VALUE=DATE"], entry["RRULE"]), ("18151210", "FREQ=YEARLY"))

    def test_the_time_is_in_utc(self):
        there = NOW.astimezone(timezone(timedelta(hours=2)))
        self.assertEqual(read(feedcal.calendar([CLOSED], there))[0]["DTSTAMP"], "20261129T123000Z")

    def test_each_line_ends_as_it_should(self):
        text = feedcal.calendar([CLOSED, ADA], NOW)
        self.assertTrue(text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"))
        self.assertTrue(text.endswith("END:VCALENDAR\r\n"))
        self.assertEqual(text.count("\n"), text.count("\r\n"))
        self.assertEqual(text.count("END:VEVENT\r\n"), 2)

    def test_an_entry_keeps_its_uid_whatever_else_changes(self):
        first = {entry["SUMMARY"]: entry["UID"] for entry in read(feedcal.calendar([CLOSED, ADA], NOW))}
        later = {
            entry["SUMMARY"]: entry["UID"]
            for entry in read(
                feedcal.calendar([ADA, feedcal.Event(date(2027, 1, 1), "New"), CLOSED], NOW + timedelta(9))
            )
        }
        self.assertEqual(len(set(later.values())), 3)
        self.assertEqual({name: later[name] for name in first}, first)

    def test_different_events_have_different_uids_and_equal_ones_are_one(self):
        events = [
            CLOSED,
            feedcal.Event(CLOSED.day, CLOSED.what, yearly=True),
            feedcal.Event(ADA.day, CLOSED.what),
            CLOSED,
        ]
        self.assertEqual(len({entry["UID"] for entry in read(feedcal.calendar(events, NOW))}), 3)
        self.assertEqual(len(read(feedcal.calendar(events, NOW))), 3)


class TestApplication(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name, "days.csv")
        self.file.write_text("2026-12-24,Fête à l'école,once\n", encoding="utf-8")
        self.app = feedcal.make_app(str(self.file))

    def ask(self, path="/calendar.ics", tag=None):
        seen = {}

        def start_response(status, headers, exc_info=None):
            seen.update(status=int(status[:3]), headers=dict(headers))

        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path} | (
            {"HTTP_IF_NONE_MATCH": tag} if tag else {}
        )
        content = b"".join(self.app(environ, start_response)).decode()
        return seen["status"], seen["headers"], content

    def test_the_calendar_and_nothing_else(self):
        status, headers, content = self.ask()
        self.assertEqual((status, headers["Content-Type"]), (200, "text/calendar; charset=utf-8"))
        self.assertEqual(read(content)[0]["SUMMARY"], "Fête à l'école")
        self.assertEqual(self.ask("/days.csv")[0], 404)

    def test_a_client_that_has_it_gets_nothing_until_it_changes(self):
        tag = self.ask()[1]["ETag"]
        self.assertRegex(tag, r'^(W/)?"[^"]+"$')
        self.assertEqual(self.ask(tag=tag)[::2], (304, ""))
        with self.file.open("a", encoding="utf-8") as file:
            file.write("2027-01-05,New,once\nrubbish\n")
        status, headers, content = self.ask(tag=tag)
        self.assertEqual((status, len(read(content))), (200, 2))
        self.assertNotEqual(headers["ETag"], tag)

    def test_the_tag_does_not_depend_on_the_time(self):
        tag = self.ask()[1]["ETag"]
        real = feedcal.datetime

        class Later(real):
            @classmethod
            def now(cls, tz=None):
                return real(2030, 1, 1, tzinfo=tz)

        feedcal.datetime = Later
        try:
            self.assertEqual(self.ask()[1]["ETag"], tag)
        finally:
            feedcal.datetime = real
