"""Tests of the bookmark service. Run them with: python -m unittest test_bookmarks"""

import io
import json
import pathlib
import tempfile
import unittest
from urllib.parse import urlencode

from bookmarks import Application

FORM = "application/x-www-form-urlencoded"
BOOK = {"url": "https://example.org/a", "title": "An example"}


class Service(unittest.TestCase):
    """A fresh service for each test, called as a WSGI server would."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.application = Application(str(pathlib.Path(folder.name, "test.db")))

    def call(self, method, path, body=b"", kind="application/json", length=None):
        """Return the status, the headers and the body of one request."""
        seen = {}

        def start_response(status, headers, exc_info=None):
            seen.update(status=int(status[:3]), headers=dict(headers))

        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)) if length is None else length,
            "wsgi.input": io.BytesIO(body),
        }
        content = b"".join(self.application(environ, start_response))
        return seen["status"], seen["headers"], content.decode()

    def add(self, **changes):
        return self.call("POST", "/api/bookmarks", json.dumps(BOOK | changes).encode())


class TestStarter(Service):
    def test_it_is_healthy(self):
        self.assertEqual(self.call("GET", "/healthz")[::2], (200, "ok"))


class TestApi(Service):
    def test_what_was_added_is_found_at_its_address(self):
        status, headers, _ = self.add()
        self.assertEqual(status, 201)
        status, _, body = self.call("GET", headers["Location"])
        self.assertEqual(status, 200)
        self.assertEqual({key: json.loads(body)[key] for key in BOOK}, BOOK)

    def test_the_list(self):
        self.assertEqual(json.loads(self.call("GET", "/api/bookmarks")[2]), [])
        self.add()
        [found] = json.loads(self.call("GET", "/api/bookmarks")[2])
        self.assertEqual(found["title"], BOOK["title"])

    def test_the_same_address_again_is_a_conflict(self):
        self.add()
        self.assertEqual(self.add(title="Again")[0], 409)
        self.assertEqual(len(json.loads(self.call("GET", "/api/bookmarks")[2])), 1)

    def test_delete(self):
        where = self.add()[1]["Location"]
        self.assertEqual(self.call("DELETE", where)[0], 204)
        self.assertEqual(self.call("GET", where)[0], 404)
        self.assertEqual(self.call("DELETE", where)[0], 404)

    def test_unknown_paths_and_methods(self):
        self.assertEqual(self.call("GET", "/nowhere")[0], 404)
        self.assertEqual(self.call("GET", "/api/bookmarks/x")[0], 404)
        status, headers, _ = self.call("PUT", "/api/bookmarks")
        self.assertEqual(status, 405)
        allowed = {method.strip() for method in headers["Allow"].split(",")}
        self.assertLessEqual({"GET", "POST"}, allowed)

    def test_bad_input_is_answered_and_never_an_error_of_ours(self):
        bad = [b"", b"{", b"[]", b'"text"', b'{"url": "https://example.org"}', b"\xff"]
        for body in bad:
            with self.subTest(body):
                status, _, text = self.call("POST", "/api/bookmarks", body)
                self.assertIn(status, (400, 422))
                self.assertIn("error", json.loads(text))
        for length in ("", "x", "-1"):
            with self.subTest(length):
                self.assertIn(self.call("POST", "/api/bookmarks", b"{}", length=length)[0], (400, 422))

    def test_only_web_addresses_are_taken(self):
        for url in ("javascript:alert(1)", "ftp://example.org", "example.org", 7, None):
            with self.subTest(url):
                self.assertIn(self.add(url=url)[0], (400, 422))

    def test_a_quote_is_only_a_letter(self):
        title = "O'Brien'); DROP TABLE bookmark;--"
        where = self.add(title=title)[1]["Location"]
        self.assertEqual(json.loads(self.call("GET", where)[2])["title"], title)


class TestPage(Service):
    def send(self, **fields):
        return self.call("POST", "/", urlencode(BOOK | fields).encode(), FORM)

    def test_the_form_adds_one_and_leads_back(self):
        status, headers, _ = self.send()
        self.assertEqual((status, headers["Location"]), (303, "/"))
        status, headers, body = self.call("GET", "/")
        self.assertEqual(status, 200)
        self.assertTrue(headers["Content-Type"].startswith("text/html"))
        self.assertIn("An example", body)
        self.assertIn("<form", body)

    def test_a_title_is_text_and_no_script(self):
        self.send(title="<script>alert(1)</script>")
        body = self.call("GET", "/")[2]
        self.assertNotIn("<script>alert", body)
        self.assertIn("&lt;script&gt;", body)
