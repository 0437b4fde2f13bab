"""Tests of honest use. They pass before and after each fix: python -m unittest test_notes"""

import pathlib
import tempfile
import unittest
from functools import cached_property
from html.parser import HTMLParser

import notes

PASSWORD = "seven purple umbrellas"


class Forms(HTMLParser):
    """The forms of a page: a list of (method, action, fields with their values), and its text."""

    def __init__(self, source):
        super().__init__()
        self.forms, self.tags, self.text = [], [], ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "form":
            self.forms.append((given.get("method", "get"), given.get("action", ""), {}))
        if tag in ("input", "textarea") and "name" in given:
            self.forms[-1][2][given["name"]] = given.get("value") or ""

    def handle_data(self, data):
        self.text += data


class Service(unittest.TestCase):
    """The service, with Ann and Bob if a test needs them, each in a browser of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.database = str(pathlib.Path(folder.name, "notes.db"))
        self.app = notes.create_app(self.database)

    @cached_property
    def ann(self):
        return self.user("ann")

    @cached_property
    def bob(self):
        return self.user("bob")

    def user(self, name):
        """Sign up, log in, and return the browser."""
        browser = self.app.test_client()
        self.assertEqual(self.send(browser, "/signup", 0, name=name, password=PASSWORD).status_code, 303)
        self.assertEqual(self.send(browser, "/login", 0, name=name, password=PASSWORD).status_code, 303)
        return browser

    def send(self, browser, page, number, **fields):
        """Fill in a form of a page as a browser would, hidden fields included, and send it."""
        method, action, hidden = Forms(browser.get(page).text).forms[number]
        self.assertLessEqual(set(fields), set(hidden))
        if method == "get":
            return browser.get(action, query_string=hidden | fields)
        return browser.post(action, data=hidden | fields, headers={"Origin": "http://localhost"})

    def add(self, browser, text):
        """Add a note and return its path."""
        answer = self.send(browser, "/", 1, text=text)
        self.assertEqual(answer.status_code, 303)
        return answer.headers["Location"]


class TestStarter(Service):
    def test_add_show_and_list(self):
        path = self.add(self.ann, "Buy milk")
        self.assertIn("Buy milk", Forms(self.ann.get(path).text).text)
        self.assertIn("Buy milk", Forms(self.ann.get("/").text).text)

    def test_search(self):
        self.add(self.ann, "Buy milk")
        self.add(self.ann, "Call Cy")
        found = Forms(self.send(self.ann, "/", 0, q="milk").text).text
        self.assertIn("Buy milk", found)
        self.assertNotIn("Call Cy", found)

    def test_delete(self):
        path = self.add(self.ann, "Buy milk")
        self.assertEqual(self.send(self.ann, path, 0).status_code, 303)
        self.assertEqual(self.ann.get(path).status_code, 404)

    def test_a_wrong_password_and_no_login(self):
        stranger = self.app.test_client()
        self.user("ann")
        self.assertEqual(self.send(stranger, "/login", 0, name="ann", password="wrong").status_code, 401)
        self.assertEqual(stranger.get("/").status_code, 401)
