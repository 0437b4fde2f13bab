"""Tests of the link shortener. Run them with: python -m unittest test_shortener"""

import io
import json
import pathlib
import tempfile
import unittest
from datetime import UTC, datetime, timedelta
from unittest import mock

import shortener

PAGE = "https://docs.example/a?b=c#d"


class Service(unittest.TestCase):
    """The application with Ann and Bob, called as a WSGI server would."""

    users = ("ann", "bob")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.database = str(pathlib.Path(folder.name, "links.db"))
        self.app = shortener.make_app(self.database)
        self.keys = {name: shortener.add_user(self.database, name) for name in self.users}

    def ask(self, name, method, path, body=None, key=None):
        """Return the status, the headers and the JSON of an answer."""
        raw = json.dumps(body).encode() if body is not None else b""
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(raw)),
            "SERVER_NAME": "short.example",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "short.example",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(raw),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if name or key:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {key or self.keys[name]}"
        seen = {}

        def start_response(status, headers, exc_info=None):
            seen.update(status=int(status[:3]), headers={key.lower(): value for key, value in headers})

        parts = self.app(environ, start_response)
        text = b"".join(parts).decode()
        if hasattr(parts, "close"):
            parts.close()
        try:
            return seen["status"], seen["headers"], json.loads(text)
        except ValueError:
            return seen["status"], seen["headers"], None

    def add(self, name="ann", url=PAGE):
        """Add a link and return its code."""
        status, headers, _ = self.ask(name, "POST", "/api/links", {"url": url})
        self.assertEqual(status, 201)
        return headers["location"].rpartition("/")[2]


class TestStarter(Service):
    users = ()

    def test_it_is_healthy(self):
        self.assertEqual(self.ask(None, "GET", "/healthz")[0], 200)


class TestFirstSlice(Service):
    def test_a_link_leads_to_its_address(self):
        status, headers, _ = self.ask(None, "GET", f"/{self.add()}")
        self.assertEqual((status, headers["location"]), (302, PAGE))

    def test_an_unknown_code(self):
        for path in ("/nothing", "/a/b", "/' OR 1=1 --"):
            self.assertEqual(self.ask(None, "GET", path)[0], 404)


class TestTargets(Service):
    def test_only_addresses_of_the_web(self):
        bad = [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.example",
            "docs.example",
            "//docs.example",
            "",
        ]
        for url in [
            *bad,
            "https://",
            "https:docs.example",
            "http://a.example/\r\nSet-Cookie:a=b",
            "http://[",
            7,
            None,
        ]:
            with self.subTest(url):
                status, _, value = self.ask("ann", "POST", "/api/links", {"url": url})
                self.assertIn(status, (400, 422))
                self.assertIn("error", value)

    def test_bodies_that_are_no_object(self):
        for body in (None, [], "text", {}):
            with self.subTest(body):
                self.assertIn(self.ask("ann", "POST", "/api/links", body)[0], (400, 422))


class TestCodes(Service):
    def test_a_collision_is_no_error_and_takes_nothing_away(self):
        with mock.patch.object(shortener, "new_code", side_effect=["same", "same", "other"]):
            self.assertEqual(self.add("ann", "https://a.example/"), "same")
            self.assertEqual(self.add("bob", "https://b.example/"), "other")
        self.assertEqual(self.ask(None, "GET", "/same")[1]["location"], "https://a.example/")

    def test_if_there_is_no_free_code_the_service_gives_up(self):
        with mock.patch.object(shortener, "new_code", return_value="same"):
            self.add()
            self.assertEqual(self.ask("ann", "POST", "/api/links", {"url": PAGE})[0], 503)

    def test_codes_are_different_and_hard_to_guess(self):
        codes = {shortener.new_code() for _ in range(200)}
        self.assertEqual(len(codes), 200)
        self.assertTrue(all(len(code) >= 7 for code in codes))


class TestOwners(Service):
    def test_a_key_is_needed(self):
        code = self.add()
        for method, path in (
            ("POST", "/api/links"),
            ("GET", "/api/links"),
            ("DELETE", f"/api/links/{code}"),
        ):
            with self.subTest(method):
                self.assertEqual(self.ask(None, method, path, {"url": PAGE})[0], 401)
                self.assertEqual(self.ask(None, method, path, {"url": PAGE}, key="wrong")[0], 401)

    def test_others_see_and_delete_nothing_of_mine(self):
        code = self.add("ann")
        self.assertEqual(self.ask("bob", "GET", "/api/links")[::2], (200, []))
        self.assertEqual(self.ask("bob", "GET", f"/api/links/{code}")[0], 404)
        self.assertEqual(self.ask("bob", "DELETE", f"/api/links/{code}")[0], 404)
        self.assertEqual(self.ask(None, "GET", f"/{code}")[0], 302)

    def test_i_can_delete_mine_also_after_visits(self):
        code = self.add("ann")
        self.ask(None, "GET", f"/{code}")
        self.assertEqual(self.ask("ann", "DELETE", f"/api/links/{code}")[0], 204)
        self.assertEqual(self.ask(None, "GET", f"/{code}")[0], 404)
        self.assertEqual(self.ask("ann", "DELETE", f"/api/links/{code}")[0], 404)

    def test_keys_are_not_stored_as_they_are(self):
        self.assertNotIn(self.keys["ann"].encode(), pathlib.Path(self.database).read_bytes())


class TestVisits(Service):
    def test_they_are_counted_by_day_and_survive_a_restart(self):
        code, day = self.add(), datetime(2026, 11, 29, 23, 59, tzinfo=UTC)
        for minutes in (0, 0, 2):
            with mock.patch.object(shortener, "now", return_value=day + timedelta(minutes=minutes)):
                self.ask(None, "GET", f"/{code}")
        self.app = shortener.make_app(self.database)
        found = self.ask("ann", "GET", f"/api/links/{code}")[2]
        self.assertEqual((found["visits"], found["days"]), (3, {"2026-11-29": 2, "2026-11-30": 1}))
        self.assertEqual(
            self.ask("ann", "GET", "/api/links")[2], [{"code": code, "url": PAGE, "visits": 3}]
        )

    def test_a_link_without_visits_is_in_the_list(self):
        self.add()
        self.assertEqual(self.ask("ann", "GET", "/api/links")[2][0]["visits"], 0)


class TestLimit(Service):
    def test_so_many_an_hour_for_each_user(self):
        start = datetime(2026, 11, 29, 12, tzinfo=UTC)
        with (
            mock.patch.object(shortener, "LIMIT", 3),
            mock.patch.object(shortener, "now", return_value=start) as now,
        ):
            for _ in range(3):
                self.add("ann")
            self.assertEqual(self.ask("ann", "POST", "/api/links", {"url": PAGE})[0], 429)
            self.add("bob")
            now.return_value = start + timedelta(minutes=61)
            self.add("ann")
