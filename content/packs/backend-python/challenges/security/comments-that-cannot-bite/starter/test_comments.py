"""Tests of the comments. Run them with: python -m unittest test_comments"""

import io
import json
import re
import time
import unittest
from html.parser import HTMLParser
from urllib.parse import urlencode

import safe
from comments import Application

HERE = "http://comments.example"
ALLOWED = {"p": set(), "strong": set(), "em": set(), "code": set(), "a": {"href", "rel"}}


class Reader(HTMLParser):
    """Read HTML as a browser would, into a list of elements and their text."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), len(self.text)))

    def handle_data(self, data):
        self.text += data

    def handle_decl(self, decl):
        self.elements.append(("!", {}, 0))

    handle_comment = handle_pi = unknown_decl = handle_decl

    def tags(self):
        return [tag for tag, _, _ in self.elements]

    def attributes(self, tag):
        return [attributes for found, attributes, _ in self.elements if found == tag]


class TestStarter(unittest.TestCase):
    def test_an_honest_comment_is_shown(self):
        self.assertEqual(Reader(safe.render("Nice page!")).text, "Nice page!")


class TestRender(unittest.TestCase):
    def assert_harmless(self, source):
        """Check that only allowed elements with harmless attributes come out, and return the reader."""
        found = Reader(safe.render(source))
        for tag, attributes, _ in found.elements:
            self.assertIn(tag, ALLOWED)
            self.assertLessEqual(set(attributes), ALLOWED[tag])
            if tag == "a":
                self.assertRegex(attributes["href"], r"^https?://[^/]")
                self.assertEqual(attributes["rel"], "nofollow noopener ugc")
        return found

    def test_markup(self):
        found = self.assert_harmless(
            "A *small* `x = 1` or `2` and a **big** one,\n\nsee [the docs](https://docs.example/a?b=1&c=2)."
        )
        self.assertEqual(found.tags(), ["p", "em", "code", "code", "strong", "p", "a"])
        self.assertEqual(found.text, "A small x = 1 or 2 and a big one,see the docs.")
        self.assertEqual(found.attributes("a")[0]["href"], "https://docs.example/a?b=1&c=2")

    def test_what_looks_like_html_is_shown_as_it_was_typed(self):
        typed = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "</p></article><h1>hello",
            "<!-- hidden -->",
            "<?php echo 1 ?>",
            "1 < 2 && 3 > 2",
            "&lt;b&gt; &amp; &#60;",
            "\"quoted\" and 'quoted'",
        ]
        for source in typed:
            with self.subTest(source):
                self.assertEqual(self.assert_harmless(source).text, source)

    def test_no_html_inside_of_markup_either(self):
        for mark in ("`{}`", "*{}*", "**{}**", "[{}](https://e.example/)"):
            with self.subTest(mark):
                found = self.assert_harmless(mark.format("<img src=x onerror=alert(1)>"))
                self.assertEqual(found.text, "<img src=x onerror=alert(1)>")

    def test_markup_in_code_stays_as_it_is(self):
        found = self.assert_harmless("`**a** [b](https://e.example/)`")
        self.assertEqual((found.tags(), found.text), (["p", "code"], "**a** [b](https://e.example/)"))

    def test_an_address_cannot_break_out_of_its_attribute(self):
        found = self.assert_harmless('[x](https://e.example/"onmouseover="alert`1`)')
        self.assertEqual(found.attributes("a")[0].keys(), {"href", "rel"})

    def test_other_addresses_are_no_links(self):
        addresses = [
            "javascript:alert`1`",
            "JaVaScRiPt:alert`1`",
            "java\tscript:alert`1`",
            "\x01javascript:alert`1`",
            "javascript://e.example/%0aalert`1`",
            "data:text/html,hello",
            "vbscript:x",
            "//e.example/",
            "/logout",
            "https:e.example",
            "https://",
            "http://[",
        ]
        for address in addresses:
            with self.subTest(address):
                self.assertNotIn("a", self.assert_harmless(f"[x]({address})").tags())

    def test_marks_that_are_not_closed_cost_no_time(self):
        begin = time.process_time()
        for mark in ("*", "**", "`", "[", "[a](", "*a", "**a*", "[a](https://", "\n", " \n"):
            self.assert_harmless((mark * 20_000)[:20_000])
        self.assertLess(time.process_time() - begin, 5)


class TestContexts(unittest.TestCase):
    def test_a_name_between_tags(self):
        self.assertEqual(Reader(safe.text("<b>Ann</b>")).text, "<b>Ann</b>")

    def test_a_draft_in_the_form_comes_back_as_it_was(self):
        for draft in (
            '" autofocus onfocus="alert(1)',
            "</textarea><script>alert(1)</script>",
            "a b",
            "'&#39;",
        ):
            with self.subTest(draft):
                found = Reader(safe.form(draft, draft, "token"))
                self.assertEqual(sorted(found.tags()), ["button", "form", "input", "input", "textarea"])
                by_name = {each["name"]: each for each in found.attributes("input")}
                self.assertEqual(by_name["name"]["value"], draft)
                self.assertLessEqual(set(by_name["name"]), {"name", "value", "type", "maxlength"})
                self.assertIn(draft, found.text)

    def test_data_for_a_script_cannot_end_it(self):
        for name in ("</script><script>alert(1)</script>", "<!--<script>", 'Ann & "Bo"'):
            with self.subTest(name):
                block = safe.data_block({"names": [name]})
                [content] = re.findall(
                    r'^<script type="application/json" id="data">(.*)</script>$', block, re.DOTALL
                )
                self.assertEqual(json.loads(content), {"names": [name]})
                self.assertNotIn("<", content)


class TestHeaders(unittest.TestCase):
    def policy(self):
        text = safe.headers("abc").get("Content-Security-Policy", "")
        rules = (each.split() for each in text.split(";") if each.strip())
        return {name: values for name, *values in rules}

    def test_only_the_script_with_the_nonce_runs(self):
        policy = self.policy()
        self.assertEqual(policy.get("script-src"), ["'nonce-abc'"])
        self.assertEqual(policy.get("default-src"), ["'none'"])
        self.assertEqual(policy.get("base-uri"), ["'none'"])

    def test_no_frames_and_no_foreign_forms(self):
        policy = self.policy()
        self.assertEqual(policy.get("frame-ancestors"), ["'none'"])
        self.assertEqual(policy.get("form-action"), ["'self'"])

    def test_no_guessing(self):
        self.assertEqual(safe.headers("abc").get("X-Content-Type-Options"), "nosniff")

    def test_a_nonce_is_new_each_time_and_long(self):
        found = {safe.new_nonce() for _ in range(100)}
        self.assertEqual(len(found), 100)
        for nonce in found:
            self.assertRegex(nonce, r"^[A-Za-z0-9+/_-]{22,}={0,2}$")


class TestToken(unittest.TestCase):
    def test_it_fits_its_session_for_a_while(self):
        token = safe.token("ann", 1000)
        self.assertTrue(safe.fits(token, "ann", 1000))
        self.assertTrue(safe.fits(token, "ann", 1000 + safe.LIFETIME))
        self.assertFalse(safe.fits(token, "ann", 1001 + safe.LIFETIME))
        self.assertFalse(safe.fits(token, "ann", 900))
        self.assertFalse(safe.fits(token, "bo", 1000))

    def test_a_changed_one_does_not(self):
        token = safe.token("ann", 1000)
        for place, character in enumerate(token):
            other = "1" if character != "1" else "2"
            self.assertFalse(safe.fits(token[:place] + other + token[place + 1 :], "ann", 1000), place)
        self.assertFalse(safe.fits(token[:-1], "ann", 1000))

    def test_time_and_session_cannot_be_shifted_into_each_other(self):
        self.assertNotEqual(
            safe.token("1ann", 1000).rpartition(".")[2], safe.token("ann", 10001).rpartition(".")[2]
        )

    def test_rubbish_fits_nothing(self):
        for given in ("", ".", "x", "1000", "1000.", "9" * 5000, "\u0661\u0660.x", "\x00", "ü.ü"):
            with self.subTest(given):
                self.assertFalse(safe.fits(given, "ann", 1000))


class TestApplication(unittest.TestCase):
    def setUp(self):
        self.application = Application()

    def call(self, method="GET", fields=(), **more):
        body, seen = urlencode(fields).encode(), {}
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "comments.example",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
        } | more

        def start_response(status, headers, exc_info=None):
            seen.update(status=int(status[:3]), headers=dict(headers))

        content = b"".join(self.application(environ, start_response)).decode()
        return seen["status"], seen["headers"], content

    def visit(self):
        """Load the page; return the cookie and the token of its form."""
        _, headers, content = self.call()
        inputs = {each["name"]: each.get("value") for each in Reader(content).attributes("input")}
        return headers["Set-Cookie"].partition(";")[0], inputs["token"]

    def send(self, cookie, token, **more):
        return self.call(
            "POST", {"name": "Ann", "text": "Hello", "token": token}, HTTP_COOKIE=cookie, **more
        )[0]

    def test_from_the_page_itself(self):
        cookie, token = self.visit()
        self.assertEqual(self.send(cookie, token, HTTP_ORIGIN=HERE), 303)
        self.assertEqual(self.send(cookie, token, HTTP_SEC_FETCH_SITE="same-origin"), 303)
        self.assertEqual(len(self.application.comments), 2)

    def test_without_a_token_or_with_that_of_another_session(self):
        cookie, _ = self.visit()
        _, other = self.visit()
        for token in ("", other):
            self.assertEqual(self.send(cookie, token, HTTP_ORIGIN=HERE), 403)
        self.assertEqual(self.application.comments, [])

    def test_from_elsewhere(self):
        cookie, token = self.visit()
        strangers = [
            {"HTTP_ORIGIN": "http://evil.example"},
            {"HTTP_ORIGIN": "http://comments.example.evil.example"},
            {"HTTP_ORIGIN": "https://comments.example"},
            {"HTTP_ORIGIN": "null"},
            {"HTTP_ORIGIN": ""},
            {"HTTP_ORIGIN": "http://comments"},
            {"HTTP_ORIGIN": "http://evil.example", "HTTP_SEC_FETCH_SITE": "same-origin"},
            {"HTTP_SEC_FETCH_SITE": "cross-site"},
            {"HTTP_SEC_FETCH_SITE": "same-site"},
            {},
        ]
        for stranger in strangers:
            with self.subTest(stranger):
                self.assertEqual(self.send(cookie, token, **stranger), 403)
        self.assertEqual(self.application.comments, [])

    def test_the_page_has_one_script_that_may_run(self):
        cookie, token = self.visit()
        fields = {"name": "<script>alert(1)</script>", "text": "<script>alert(1)</script>", "token": token}
        self.call("POST", fields, HTTP_COOKIE=cookie, HTTP_ORIGIN=HERE)
        _, headers, content = self.call()
        scripts = Reader(content).attributes("script")
        self.assertEqual([each.get("type") for each in scripts], ["application/json", None])
        self.assertIn(f"'nonce-{scripts[1]['nonce']}'", headers["Content-Security-Policy"])
