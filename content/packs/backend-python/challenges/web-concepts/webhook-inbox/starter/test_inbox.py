"""Tests of inbox. Run them with: python -m unittest test_inbox"""

import io
import json
import pathlib
import tempfile
import unittest

import inbox
from inbox import Application, Settings, SettingsError, signature

OLD, NEW, TOKEN = "the-old-secret-of-ours", "the-new-secret-of-ours", "a-token-for-readers"
NOW = 1_800_000_000
EVENT = {"kind": "order.paid", "order": 7}


class Counted(io.BytesIO):
    """A body that counts the bytes that were read from it."""

    taken = 0

    def read(self, size=-1):
        found = super().read(size)
        self.taken += len(found)
        return found


class Inbox(unittest.TestCase):
    """A fresh inbox for each test, called as a WSGI server would."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "inbox.db")
        self.application = Application(Settings((OLD, NEW), TOKEN, str(self.path)), clock=lambda: NOW)

    def call(self, method, path, body=b"", **environ):
        """Return the status, the headers by small name and the body, taken from JSON if it is JSON."""
        seen = {}

        def start_response(status, headers, exc_info=None):
            seen.update(status=int(status[:3]), headers={name.lower(): value for name, value in headers})

        path, _, query = path.partition("?")
        self.input = Counted(body)
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "wsgi.input": self.input,
        } | environ
        content = b"".join(
            self.application({k: v for k, v in environ.items() if v is not None}, start_response)
        )
        if "json" in seen["headers"].get("content-type", ""):
            content = json.loads(content)
        return seen["status"], seen["headers"], content

    def deliver(self, body=None, secret=OLD, number=1, sent=NOW, **environ):
        body = json.dumps(EVENT).encode() if body is None else body
        defaults = {
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_DELIVERY": f"delivery-{number}",
            "HTTP_X_TIMESTAMP": str(sent),
            "HTTP_X_SIGNATURE": signature(secret, str(sent), body),
        }
        return self.call("POST", "/hooks", body, **defaults | environ)

    def events(self, query="", token=TOKEN):
        return self.call("GET", f"/events{query}", HTTP_AUTHORIZATION=f"Bearer {token}")

    def stored(self):
        return [each["delivery"] for each in self.events("?limit=100")[2]]


class TestStarter(Inbox):
    def test_it_lives(self):
        self.assertEqual(self.call("GET", "/livez")[::2], (200, b"ok"))


class TestSettings(unittest.TestCase):
    GOOD = {"WEBHOOK_SECRETS": OLD, "READER_TOKEN": TOKEN}

    def test_settings(self):
        found = inbox.read_settings(self.GOOD)
        self.assertEqual((found.secrets, found.token, found.database), ((OLD,), TOKEN, "inbox.db"))
        found = inbox.read_settings(
            self.GOOD | {"WEBHOOK_SECRETS": f"{OLD}, {NEW}", "DATABASE": "/data/a.db"}
        )
        self.assertEqual((found.secrets, found.database), ((OLD, NEW), "/data/a.db"))

    def test_a_missing_or_weak_setting_is_named_and_not_shown(self):
        for name, value in (
            ("WEBHOOK_SECRETS", "short-one"),
            ("WEBHOOK_SECRETS", f"{OLD},"),
            ("WEBHOOK_SECRETS", ""),
            ("READER_TOKEN", "short-one"),
            ("READER_TOKEN", None),
        ):
            environ = {key: text for key, text in (self.GOOD | {name: value}).items() if text is not None}
            with self.subTest((name, value)), self.assertRaisesRegex(SettingsError, name) as caught:
                inbox.read_settings(environ)
            self.assertNotIn("short-one", str(caught.exception))
            self.assertNotIn(OLD, str(caught.exception))


class TestDelivery(Inbox):
    def test_a_delivery_is_stored(self):
        self.assertEqual(self.deliver()[0], 202)
        [found] = self.events()[2]
        self.assertEqual(found, {"id": 1, "delivery": "delivery-1", "received": NOW, "body": EVENT})

    def test_a_repeated_delivery_is_stored_once(self):
        self.assertEqual([self.deliver()[0], self.deliver(sent=NOW + 10)[0]], [202, 200])
        self.assertEqual(self.stored(), ["delivery-1"])

    def test_it_is_kept_when_the_process_is_replaced(self):
        self.deliver()
        self.application = Application(self.application.settings, clock=lambda: NOW + 60)
        self.assertEqual(self.stored(), ["delivery-1"])
        self.assertEqual(self.deliver()[0], 200)

    def test_both_secrets_are_right_while_they_are_exchanged(self):
        self.assertEqual([self.deliver(secret=NEW)[0], self.deliver(secret=OLD, number=2)[0]], [202, 202])

    def test_the_media_type_may_have_a_parameter(self):
        self.assertEqual(self.deliver(CONTENT_TYPE="application/json; charset=utf-8")[0], 202)


class TestForgery(Inbox):
    def refused(self, **changes):
        status, _, body = self.deliver(**changes)
        self.assertEqual(status, 401, changes)
        self.assertIn("error", body)
        self.assertEqual(self.stored(), [])

    def test_another_secret_or_none(self):
        self.refused(secret="a-secret-of-somebody")
        self.refused(secret="")

    def test_signatures_that_do_not_fit(self):
        good = signature(OLD, str(NOW), json.dumps(EVENT).encode())
        for given in (
            None,
            "",
            "sha256=",
            good[:-1],
            good.removeprefix("sha256="),
            "sha1" + good[6:],
            "caf\xe9",
        ):
            self.refused(HTTP_X_SIGNATURE=given)

    def test_a_changed_body(self):
        other = json.dumps(EVENT | {"order": 8}).encode()
        self.refused(HTTP_X_SIGNATURE=signature(OLD, str(NOW), other))

    def test_a_changed_timestamp(self):
        self.refused(HTTP_X_TIMESTAMP=str(NOW + 1))

    def test_an_old_delivery_or_one_from_the_future(self):
        self.refused(sent=NOW - 301)
        self.refused(sent=NOW + 301)
        self.assertEqual(self.deliver(sent=NOW - 300)[0], 202)

    def test_timestamps_that_are_not_numbers(self):
        for text in (None, "", "now", "nan", "1e400", "-", "\xb2"):
            with self.subTest(text):
                body = json.dumps(EVENT).encode()
                self.refused(HTTP_X_TIMESTAMP=text, HTTP_X_SIGNATURE=signature(OLD, text or "", body))


class TestBadDeliveries(Inbox):
    def test_bodies_that_are_signed_and_still_wrong(self):
        for body in (
            b"",
            b"{",
            b"[]",
            b"7",
            b"{}",
            b'{"kind": 7}',
            b'{"kind": ""}',
            b'"kind"',
            b"\xff",
            b'{"kind": "a", "n": NaN}',
        ):
            with self.subTest(body):
                status, _, said = self.deliver(body)
                self.assertEqual(status, 400)
                self.assertIn("error", said)
        self.assertEqual(self.stored(), [])

    def test_a_delivery_needs_a_name(self):
        for name in (None, ""):
            self.assertEqual(self.deliver(HTTP_X_DELIVERY=name)[0], 400)

    def test_types_and_lengths(self):
        self.assertEqual(self.deliver(CONTENT_TYPE="text/plain")[0], 415)
        self.assertEqual(self.deliver(CONTENT_TYPE=None)[0], 415)
        for length in (None, ""):
            self.assertEqual(self.deliver(CONTENT_LENGTH=length)[0], 411)
        for length in ("x", "-1", "1_0"):
            self.assertEqual(self.deliver(CONTENT_LENGTH=length)[0], 400)

    def test_a_body_that_is_too_large_is_not_read(self):
        self.assertEqual(self.deliver(b"x" * (inbox.LARGEST + 1))[0], 413)
        self.assertEqual(self.input.taken, 0)

    def test_no_more_is_read_than_was_announced(self):
        body = json.dumps(EVENT).encode()
        self.deliver(
            body + b"more", CONTENT_LENGTH=str(len(body)), HTTP_X_SIGNATURE=signature(OLD, str(NOW), body)
        )
        self.assertEqual(self.input.taken, len(body))
        self.assertEqual(self.stored(), ["delivery-1"])


class TestEvents(Inbox):
    def test_only_with_the_token(self):
        self.deliver()
        for header in (
            None,
            "",
            "Bearer",
            "Bearer wrong-token-of-mine",
            TOKEN,
            f"Basic {TOKEN}",
            "Bearer caf\xe9",
        ):
            with self.subTest(header):
                status, headers, body = self.call("GET", "/events", HTTP_AUTHORIZATION=header)
                self.assertEqual((status, headers["www-authenticate"]), (401, "Bearer"))
                self.assertIn("error", body)

    def test_pages_by_the_last_id(self):
        for number in range(25):
            self.deliver(number=number)
        first = self.events()[2]
        self.assertEqual(
            [each["delivery"] for each in first], [f"delivery-{number}" for number in range(20)]
        )
        rest = self.events(f"?after={first[-1]['id']}&limit=3")[2]
        self.assertEqual([each["delivery"] for each in rest], ["delivery-20", "delivery-21", "delivery-22"])
        self.assertEqual(self.events("?after=999")[2], [])

    def test_wrong_pages(self):
        for query in (
            "?limit=0",
            "?limit=101",
            "?limit=x",
            "?limit=",
            "?after=-1",
            "?after=x",
            "?after=1;drop",
            f"?after={10**30}",
        ):
            with self.subTest(query):
                self.assertEqual(self.events(query)[0], 400)


class TestRest(Inbox):
    def test_paths_and_methods(self):
        self.assertEqual(self.call("GET", "/nowhere")[0], 404)
        for method, path, allowed in (
            ("GET", "/hooks", "POST"),
            ("DELETE", "/events", "GET"),
            ("POST", "/livez", "GET"),
        ):
            status, headers, _ = self.call(method, path)
            self.assertEqual((status, headers["allow"]), (405, allowed))

    def test_it_is_ready_while_the_database_answers(self):
        self.assertEqual(self.call("GET", "/readyz")[0], 200)
        self.path.write_bytes(b"this is not a database, and it is long enough to be seen as none" * 20)
        self.assertEqual([self.call("GET", path)[0] for path in ("/readyz", "/livez")], [503, 200])
