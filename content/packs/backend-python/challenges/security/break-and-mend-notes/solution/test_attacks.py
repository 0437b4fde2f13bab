"""Attacks on the notes. Each asserts what should be so."""

import pathlib
import sqlite3
from contextlib import closing

from test_notes import PASSWORD, Forms, Service


class TestAttacks(Service):
    def test_1_search_finds_nothing_foreign(self):
        self.add(self.bob, "Bob's secret")
        found = self.send(self.ann, "/", 0, q="x%' OR 1=1 --")
        self.assertEqual(found.status_code, 200)
        self.assertNotIn("secret", Forms(found.text).text)

    def test_1_login_needs_the_password(self):
        stranger = self.app.test_client()
        self.add(self.ann, "Call O'Brien")
        answer = self.send(stranger, "/login", 0, name="ann' --", password="x")
        self.assertEqual(answer.status_code, 401)
        self.assertIn("Call O'Brien", Forms(self.send(self.ann, "/", 0, q="O'B").text).text)

    def test_2_a_note_is_text(self):
        for text in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>"):
            with self.subTest(text):
                path = self.add(self.ann, text)
                for page in ("/", path):
                    found = Forms(self.ann.get(page).text)
                    self.assertFalse({"script", "img"} & set(found.tags))
                    self.assertIn(text, found.text)

    def test_3_deleting_needs_a_token_and_the_right_origin(self):
        path = self.add(self.ann, "Buy milk")
        [(_, action, hidden)] = Forms(self.ann.get(path).text).forms
        attacks = [({}, "http://localhost"), (hidden, "http://evil.example"), (hidden, "null")]
        for fields, origin in attacks:
            with self.subTest(origin):
                answer = self.ann.post(action, data=fields, headers={"Origin": origin})
                self.assertIn(answer.status_code, (400, 403))
        self.assertEqual(self.ann.get(path).status_code, 200)

    def test_4_no_page_may_be_framed(self):
        path = self.add(self.ann, "Buy milk")
        for page in ("/", path, "/login", "/nowhere"):
            with self.subTest(page):
                policy = self.ann.get(page).headers.get("Content-Security-Policy", "")
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertNotIn("unsafe-inline", policy)

    def test_5_notes_of_others_are_not_there(self):
        path = self.add(self.bob, "Bob's secret")
        self.assertEqual(self.ann.get(path).status_code, 404)

    def test_5_nor_can_they_be_deleted(self):
        path, own = self.add(self.bob, "Bob's secret"), self.add(self.ann, "Ann's own")
        [(_, _, hidden)] = Forms(self.ann.get(own).text).forms
        answer = self.ann.post(f"{path}/delete", data=hidden, headers={"Origin": "http://localhost"})
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.bob.get(path).status_code, 200)

    def test_6_logins_are_limited(self):
        for name in ("ann", "bob"):
            self.user(name)
        stranger = self.app.test_client()

        def attempts(name):
            return [
                self.send(stranger, "/login", 0, name=name, password="wrong").status_code for _ in range(7)
            ]

        self.assertEqual(attempts("ann"), attempts("nobody"))
        self.assertEqual(self.send(stranger, "/login", 0, name="ann", password=PASSWORD).status_code, 429)
        self.assertEqual(self.send(stranger, "/login", 0, name="bob", password=PASSWORD).status_code, 303)

    def test_7_passwords_have_a_slow_hash(self):
        self.user("ann")
        with closing(sqlite3.connect(self.database)) as con:
            for (secret,) in con.execute("SELECT secret FROM user"):
                self.assertTrue(secret.startswith("$argon2id$"))

    def test_8_no_known_hole_comes_along(self):
        pins = pathlib.Path(__file__).with_name("requirements.txt").read_text().split()
        self.assertTrue(all("==" in pin for pin in pins))
        self.assertNotIn("jinja2==3.1.2", pins)
