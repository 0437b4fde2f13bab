"""Tests of the status page. They ask a server on your own machine: python -m unittest test_isitup"""

import html
import socket
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import isitup

SITE, OTHER = "https://a.example/", "https://b.example/"
FINE, FAILED = isitup.Look(True, 0.1), isitup.Look(False, 0.2, "status 500")


class Sites(BaseHTTPRequestHandler):
    """Sites that behave well and badly, by their path."""

    def do_GET(self):
        path = self.path.strip("/")
        if path.isdigit():
            self.send_response(int(path))
            self.send_header("Location", "/204")
            self.end_headers()
        elif path == "loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif path == "silent":
            self.server.stopped.wait(5)
        elif path == "drops":
            self.send_response(200)
            self.send_header("Content-Length", "100000000")
            self.end_headers()
            for _ in range(150):
                self.wfile.write(b".")
                if self.server.stopped.wait(0.02):
                    break
        elif path == "rubbish":
            self.wfile.write(b"this is no HTTP\r\n\r\n")
        elif path == "endless":
            self.send_response(200)
            self.end_headers()
            for _ in range(2000):
                self.wfile.write(b"x" * 100_000)
        elif path == "file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hosts")
            self.end_headers()

    def handle(self):
        try:
            super().handle()
        except OSError:  # the visitor has gone
            self.close_connection = True

    def log_message(self, *_):
        pass


class Looks(unittest.TestCase):
    """An empty database."""

    def setUp(self):
        self.con = isitup.connect(":memory:")
        self.addCleanup(self.con.close)

    def note(self, pattern, url=SITE, begin=0.0):
        """Note a look a minute, `+` for a good one and `-` for a failed one. Return the notices."""
        looks = [FINE if sign == "+" else FAILED for sign in pattern]
        return [isitup.note(self.con, url, begin + 60 * number, each) for number, each in enumerate(looks)]


class TestStarter(Looks):
    def test_a_page_without_sites(self):
        self.assertIn("Is it up?", isitup.page(self.con, [], 0.0))


class TestLookAt(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Sites)
        cls.server.daemon_threads = True
        cls.server.stopped = threading.Event()
        threading.Thread(target=cls.server.serve_forever, args=(0.02,), daemon=True).start()
        cls.base = f"http://127.0.0.1:{cls.server.server_port}"

    @classmethod
    def tearDownClass(cls):
        cls.server.stopped.set()
        cls.server.shutdown()
        cls.server.server_close()

    def look(self, path):
        begin = time.monotonic()
        found = isitup.look_at(f"{self.base}/{path}", timeout=0.3)
        self.assertLess(time.monotonic() - begin, 2)
        return found

    def test_good_answers_and_redirects(self):
        for path in ("200", "204", "302"):
            with self.subTest(path):
                found = self.look(path)
                self.assertEqual((found.ok, found.reason), (True, ""))
                self.assertGreater(found.seconds, 0)

    def test_errors_have_their_status_as_the_reason(self):
        for path in ("404", "500", "503"):
            with self.subTest(path):
                found = self.look(path)
                self.assertFalse(found.ok)
                self.assertIn(path, found.reason)

    def test_whatever_else_goes_wrong_is_a_failed_look_with_a_reason(self):
        for path in ("loop", "rubbish", "silent", "drops", "file"):
            with self.subTest(path):
                found = self.look(path)
                self.assertFalse(found.ok)
                self.assertTrue(found.reason)

    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.assertFalse(isitup.look_at(f"http://127.0.0.1:{port}/", 0.3).ok)

    def test_a_long_answer_is_not_read_to_its_end(self):
        self.assertTrue(self.look("endless").ok)

    def test_other_addresses_are_not_asked(self):
        for url in (
            "file:///etc/hosts",
            "ftp://a.example/",
            "a.example",
            "http://",
            "http://[",
            "",
            "data:,x",
        ):
            with self.subTest(url):
                found = isitup.look_at(url)
                self.assertFalse(found.ok)
                self.assertTrue(found.reason)


class TestNotices(Looks):
    def test_one_or_two_failures_are_no_news(self):
        self.assertEqual(self.note("+-+--+"), [None] * 6)

    def test_the_third_failure_and_the_first_success_are(self):
        found = self.note("+-----++")
        self.assertEqual(found, [None, None, None, "down", None, None, "up", None])

    def test_a_site_that_never_answered(self):
        self.assertEqual(self.note("---+"), [None, None, "down", "up"])

    def test_sites_do_not_mix(self):
        self.note("--")
        self.assertEqual(self.note("-", OTHER, 150.0), [None])
        self.assertEqual(self.note("-", SITE, 200.0), ["down"])


class TestNumbers(Looks):
    def test_uptime_counts_looks_of_one_site_and_time(self):
        self.note("++-+")
        self.note("----", OTHER)
        self.assertAlmostEqual(isitup.uptime(self.con, SITE, 0, 240), 0.75)
        self.assertAlmostEqual(isitup.uptime(self.con, SITE, 120, 180), 0.0)
        self.assertAlmostEqual(isitup.uptime(self.con, SITE, 60, 180), 0.5)

    def test_without_looks_there_is_no_uptime(self):
        self.assertIsNone(isitup.uptime(self.con, SITE, 0, 100))

    def test_outages(self):
        self.note("+---++--+-----")
        self.note("----", OTHER)
        self.assertEqual(isitup.outages(self.con, SITE), [(60.0, 240.0), (540.0, None)])
        self.assertEqual(isitup.outages(self.con, "https://c.example/"), [])

    def test_forget(self):
        self.note("+++++")
        self.assertEqual(isitup.forget(self.con, 120.0), 2)
        self.assertEqual(isitup.forget(self.con, 120.0), 0)


class TestPage(Looks):
    def test_it_shows_state_uptime_and_reason(self):
        self.note("+---")
        self.note("+++-", OTHER)
        text = isitup.page(self.con, [SITE, OTHER, "https://c.example/"], 240.0)
        parts = [text.split(url, 1)[1][:200] for url in (SITE, OTHER, "https://c.example/")]
        self.assertIn("25.0 %", parts[0])
        self.assertIn("75.0 %", parts[1])
        for part, state in zip(parts, ("down", "up", "unknown"), strict=True):
            self.assertRegex(part, rf"\b{state}\b")
        self.assertIn("status 500", parts[0])

    def test_it_counts_a_day_only(self):
        self.note("-")
        self.note("+", begin=100_000.0)
        self.assertIn("100.0 %", isitup.page(self.con, [SITE], 100_060.0))

    def test_what_others_say_is_text(self):
        bad = '<script>alert("1")</script>'
        isitup.note(self.con, SITE, 0.0, isitup.Look(False, 0.1, bad))
        text = isitup.page(self.con, [SITE, f"https://d.example/{bad}"], 60.0)
        self.assertNotIn("<script>", text)
        self.assertEqual(html.unescape(text).count(bad), 2)
