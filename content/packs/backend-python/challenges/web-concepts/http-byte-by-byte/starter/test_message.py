"""Tests of message. Run them with: python -m unittest test_message"""

import unittest

import message
from message import BadRequest, Request


def head(first="GET / HTTP/1.1", *fields, host="example.org"):
    lines = [first, *([f"Host: {host}"] if host else []), *fields]
    return "\r\n".join(lines).encode("latin-1")


def taken_apart(raw):
    """Return the status, the fields by small name, and the body of the bytes of a response."""
    top, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    version, status, _ = first.split(" ", 2)
    assert version == "HTTP/1.1", version
    fields = dict(line.split(": ", 1) for line in lines)
    return int(status), {name.lower(): value for name, value in fields.items()}, body


class TestStarter(unittest.TestCase):
    def test_a_request_has_parts(self):
        self.assertEqual(Request("GET", "/", "HTTP/1.1").fields, {})


class TestHead(unittest.TestCase):
    def test_the_parts_of_a_request(self):
        found = message.parse_head(head("POST /a?b=1 HTTP/1.1", "Content-Length: 3"))
        self.assertEqual((found.method, found.target, found.version), ("POST", "/a?b=1", "HTTP/1.1"))
        self.assertEqual(found.fields, {"host": "example.org", "content-length": "3"})

    def test_case_of_names_and_space_around_values(self):
        found = message.parse_head(head("GET / HTTP/1.1", "X-Note:\t a: b \t", "x-EMPTY:"))
        self.assertEqual((found.fields["x-note"], found.fields["x-empty"]), ("a: b", ""))

    def test_a_field_that_comes_twice(self):
        found = message.parse_head(head("GET / HTTP/1.1", "Accept: text/html", "accept: */*"))
        self.assertEqual(found.fields["accept"], "text/html, */*")

    def test_broken_request_lines(self):
        for first in (
            "",
            "GET /",
            "GET  / HTTP/1.1",
            "GET /a b HTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET / HTTP/9",
            "GET / http/1.1",
        ):
            with self.subTest(first), self.assertRaises(BadRequest):
                message.parse_head(head(first))

    def test_broken_fields(self):
        for field in ("no colon", ": no name", "X-Note : a", " folded: a", "X Note: a"):
            with self.subTest(field), self.assertRaises(BadRequest):
                message.parse_head(head("GET / HTTP/1.1", field))

    def test_the_host_is_needed_once(self):
        for broken in (head(host=""), head("GET / HTTP/1.1", "host: example.com")):
            with self.subTest(broken), self.assertRaises(BadRequest):
                message.parse_head(broken)
        self.assertEqual(message.parse_head(head("GET / HTTP/1.0", host="")).fields, {})


class TestLength(unittest.TestCase):
    def length(self, *fields):
        return message.body_length(message.parse_head(head("POST / HTTP/1.1", *fields)))

    def test_lengths(self):
        self.assertEqual(self.length(), 0)
        self.assertEqual(self.length("Content-Length: 0"), 0)
        self.assertEqual(self.length("Content-Length: 120"), 120)

    def test_what_is_not_a_length(self):
        for text in ("", "-1", "+5", "1_000", "1.5", "0x10", "\xb2", "3, 4"):
            with self.subTest(text), self.assertRaises(BadRequest):
                self.length(f"Content-Length: {text}")


class TestTarget(unittest.TestCase):
    def test_path_and_query(self):
        self.assertEqual(
            message.split_target("/items?page=2&tag=a&tag=b"),
            ("/items", {"page": ["2"], "tag": ["a", "b"]}),
        )
        self.assertEqual(message.split_target("/"), ("/", {}))

    def test_percent_codes_and_plus(self):
        self.assertEqual(message.split_target("/a%20b+c%C3%A9"), ("/a b+cé", {}))
        self.assertEqual(message.split_target("/?q=a+b%2Bc%26d"), ("/", {"q": ["a b+c&d"]}))

    def test_a_decoded_question_mark_begins_no_query(self):
        self.assertEqual(message.split_target("/why%3Fa=1"), ("/why?a=1", {}))

    def test_an_empty_value_is_a_value(self):
        self.assertEqual(message.split_target("/?name="), ("/", {"name": [""]}))


class TestResponse(unittest.TestCase):
    def test_the_length_is_in_bytes(self):
        status, fields, body = taken_apart(message.response(200, "café"))
        self.assertEqual((status, body), (200, "café".encode()))
        self.assertEqual(fields["content-length"], "5")
        self.assertEqual(fields["content-type"].lower(), "text/plain; charset=utf-8")

    def test_the_first_line(self):
        self.assertTrue(message.response(404).startswith(b"HTTP/1.1 404 Not Found\r\n"))

    def test_each_line_ends_with_two_characters(self):
        top = message.response(200, "a\nb").partition(b"\r\n\r\n")[0]
        self.assertEqual(top.count(b"\n"), top.count(b"\r\n"))

    def test_further_fields(self):
        fields = taken_apart(message.response(405, "", {"Allow": "GET"}))[1]
        self.assertEqual((fields["allow"], fields["content-length"]), ("GET", "0"))

    def test_head_has_the_same_fields_and_no_body(self):
        whole = taken_apart(message.response(200, "café"))
        short = taken_apart(message.response(200, "café", head_only=True))
        self.assertEqual(short, (whole[0], whole[1], b""))

    def test_statuses_without_a_body(self):
        for status in (204, 304):
            with self.subTest(status):
                _, fields, body = taken_apart(message.response(status, "ignored"))
                self.assertNotIn("content-length", fields)
                self.assertEqual(body, b"")

    def test_nobody_smuggles_a_field_in(self):
        for name, value in (
            ("Location", "/a\r\nSet-Cookie: a=b"),
            ("X\nY", "a"),
            ("X", "a\r"),
            ("X", "a\n"),
        ):
            with self.subTest((name, value)), self.assertRaises(ValueError):
                message.response(200, "", {name: value})


class TestAnswer(unittest.TestCase):
    def ask(self, first, *fields, **more):
        return taken_apart(message.answer(head(first, *fields, **more)))

    def test_the_pages(self):
        self.assertEqual(self.ask("GET / HTTP/1.1")[0], 200)
        self.assertEqual(self.ask("GET /hello HTTP/1.1")[2], b"Hello, you!")
        self.assertEqual(self.ask("GET /hello?name=Zo%C3%AB+B HTTP/1.1")[2], "Hello, Zoë B!".encode())

    def test_head(self):
        status, fields, body = self.ask("HEAD /hello HTTP/1.1")
        self.assertEqual((status, fields["content-length"], body), (200, "11", b""))

    def test_unknown_paths_and_methods(self):
        self.assertEqual(self.ask("GET /nowhere HTTP/1.1")[0], 404)
        self.assertEqual(self.ask("HEAD /nowhere HTTP/1.1")[2], b"")
        status, fields, _ = self.ask("DELETE /hello HTTP/1.1")
        self.assertEqual(status, 405)
        self.assertEqual(sorted(fields["allow"].split(", ")), ["GET", "HEAD"])

    def test_bad_requests_are_answered(self):
        for first in ("GET /", "GET / HTTP/9"):
            with self.subTest(first):
                self.assertEqual(self.ask(first)[0], 400)
        self.assertEqual(self.ask("GET / HTTP/1.1", host="")[0], 400)

    def test_each_response_says_that_the_connection_ends(self):
        self.assertEqual(self.ask("GET / HTTP/1.1")[1]["connection"], "close")
