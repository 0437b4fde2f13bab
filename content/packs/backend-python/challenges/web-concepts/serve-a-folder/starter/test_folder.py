"""Tests of folder. Run them with: python -m unittest test_folder"""

import os
import pathlib
import tempfile
import tracemalloc
import unittest
from urllib.parse import unquote

from folder import Application


class Served(unittest.TestCase):
    """A folder `public` with files in it, and a secret next to it."""

    def setUp(self):
        outer = tempfile.TemporaryDirectory()
        self.addCleanup(outer.cleanup)
        self.outer = pathlib.Path(outer.name).resolve()
        self.root = self.outer / "public"
        (self.root / "docs" / "empty").mkdir(parents=True)
        self.write("index.html", "<h1>Home</h1>")
        self.write("docs/a.txt", "café")
        self.write("docs/b & <i>.txt", "b")
        self.write("docs/was it 100%?#1.txt", "c")
        self.write("docs/.hidden", "no")
        self.write(".env", "SECRET=1")
        (self.outer / "secret.txt").write_text("secret")
        (self.outer / "public2").mkdir()
        (self.outer / "public2" / "near.txt").write_text("secret")
        self.application = Application(self.root)

    def write(self, name, text):
        (self.root / name).write_bytes(text.encode())

    def ask(self, path, method="GET", query="", **headers):
        """Return the status, the headers by small name, and the body."""
        seen = []

        def start_response(status, fields, exc_info=None):
            seen.append((int(status[:3]), {name.lower(): value for name, value in fields}))

        environ = {"REQUEST_METHOD": method, "QUERY_STRING": query, "SCRIPT_NAME": ""}
        environ["PATH_INFO"] = (path if isinstance(path, bytes) else path.encode()).decode("latin-1")
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = self.application(environ, start_response)
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        return *seen[-1], content


class TestStarter(Served):
    def test_nothing_is_there(self):
        self.assertEqual(self.ask("/nowhere")[0], 404)


class TestFiles(Served):
    def test_a_file_with_its_headers(self):
        status, headers, body = self.ask("/docs/a.txt")
        self.assertEqual((status, body), (200, "café".encode()))
        self.assertEqual(headers["content-length"], "5")
        self.assertEqual(headers["content-type"].lower(), "text/plain; charset=utf-8")
        self.assertEqual(headers["cache-control"], "no-cache")
        self.assertEqual(headers["x-content-type-options"], "nosniff")

    def test_types(self):
        for name, kind in (
            ("a.css", "text/css; charset=utf-8"),
            ("a.png", "image/png"),
            ("a.unknown", "application/octet-stream"),
            ("README", "application/octet-stream"),
        ):
            with self.subTest(name):
                self.write(name, "x")
                self.assertEqual(self.ask(f"/{name}")[1]["content-type"].lower(), kind)

    def test_a_packed_file_is_not_taken_for_what_is_in_it(self):
        self.write("a.txt.gz", "x")
        self.assertNotIn("text/plain", self.ask("/a.txt.gz")[1]["content-type"])

    def test_names_with_other_letters(self):
        self.write("größe.txt", "x")
        self.assertEqual(self.ask("/größe.txt")[0], 200)

    def test_head(self):
        status, headers, body = self.ask("/docs/a.txt", "HEAD")
        self.assertEqual((status, headers["content-length"], body), (200, "5", b""))

    def test_other_methods(self):
        for method in ("POST", "PUT", "DELETE"):
            with self.subTest(method):
                status, headers, _ = self.ask("/docs/a.txt", method)
                self.assertEqual(status, 405)
                self.assertEqual(sorted(headers["allow"].split(", ")), ["GET", "HEAD"])

    def test_a_large_file_is_sent_in_pieces(self):
        with open(self.root / "large.bin", "wb") as file:
            file.truncate(4 * 1024 * 1024)
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/large.bin",
            "QUERY_STRING": "",
            "SCRIPT_NAME": "",
        }
        tracemalloc.start()
        body = self.application(environ, lambda *_: None)
        sent = sum(len(piece) for piece in body)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        if hasattr(body, "close"):
            body.close()
        self.assertEqual(sent, 4 * 1024 * 1024)
        self.assertLess(peak, 2 * 1024 * 1024)


class TestFences(Served):
    def test_nothing_outside_is_served(self):
        for path in (
            "/../secret.txt",
            "/docs/../../secret.txt",
            "//etc/passwd",
            f"/{self.outer}/secret.txt",
            "/../public2/near.txt",
            "/docs/..",
            "/..\\secret.txt",
        ):
            with self.subTest(path):
                self.assertEqual(self.ask(path)[0], 404)

    def test_nothing_that_begins_with_a_dot(self):
        for path in ("/.env", "/docs/.hidden", "/./index.html"):
            with self.subTest(path):
                self.assertEqual(self.ask(path)[0], 404)

    @unittest.skipUnless(hasattr(os, "symlink") and os.name == "posix", "needs symbolic links")
    def test_links_that_lead_out(self):
        (self.root / "out.txt").symlink_to(self.outer / "secret.txt")
        (self.root / "near").symlink_to(self.outer / "public2")
        (self.root / "inside.txt").symlink_to(self.root / "docs" / "a.txt")
        self.assertEqual(
            [self.ask(path)[0] for path in ("/out.txt", "/near/near.txt", "/inside.txt")], [404, 404, 200]
        )

    def test_paths_that_make_no_sense(self):
        for path in ("/a\0b", "/" + "a" * 300, b"/\xff", "/docs/a.txt/", "/docs/a.txt/b"):
            with self.subTest(path):
                self.assertEqual(self.ask(path)[0], 404)


class TestCaching(Served):
    def test_a_copy_that_is_still_right(self):
        tag = self.ask("/docs/a.txt")[1]["etag"]
        self.assertRegex(tag, r'^"[^"]+"$')
        for header in (tag, f"W/{tag}", f'"other", {tag}', f'"other",{tag} , "more"', "*"):
            with self.subTest(header):
                status, headers, body = self.ask("/docs/a.txt", if_none_match=header)
                self.assertEqual((status, headers["etag"], body), (304, tag, b""))
                self.assertNotIn("content-length", headers)

    def test_a_copy_that_is_out_of_date(self):
        before = self.ask("/docs/a.txt")[1]["etag"]
        path = self.root / "docs" / "a.txt"
        times = path.stat()
        self.write("docs/a.txt", "cafe!")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        for header in (before, before.strip('"'), '"other"'):
            with self.subTest(header):
                self.assertEqual(self.ask("/docs/a.txt", if_none_match=header)[0], 200)


class TestFolders(Served):
    def test_the_index(self):
        status, headers, body = self.ask("/")
        self.assertEqual((status, body), (200, b"<h1>Home</h1>"))
        self.assertTrue(headers["content-type"].startswith("text/html"))

    def test_a_missing_slash_is_added(self):
        status, headers, _ = self.ask("/docs", query="a=1&b=2")
        self.assertEqual((status, headers["location"]), (308, "/docs/?a=1&b=2"))

    def test_the_way_to_another_site_is_not_shown(self):
        (self.root / "example.org").mkdir()
        status, headers, _ = self.ask("//example.org")
        self.assertFalse(status == 308 and headers["location"].startswith("//"), headers)

    def test_each_link_of_a_listing_leads_somewhere(self):
        status, headers, body = self.ask("/docs/")
        self.assertEqual(status, 200)
        self.assertEqual(headers["content-type"].lower(), "text/html; charset=utf-8")
        self.assertEqual(int(headers["content-length"]), len(body))
        links = [part.partition('"')[0] for part in body.decode().split('href="')[1:]]
        targets = [unquote(link) for link in links]
        self.assertEqual(targets, ["a.txt", "b & <i>.txt", "empty/", "was it 100%?#1.txt"])
        for target in targets[:2] + targets[3:]:
            self.assertEqual(self.ask(f"/docs/{target}")[0], 200)
        self.assertNotIn("?", "".join(links))
        self.assertNotIn("#", "".join(links))

    def test_names_are_shown_as_text(self):
        body = self.ask("/docs/")[2].decode()
        self.assertNotIn("<i>", body)
        self.assertIn("b &amp; &lt;i&gt;.txt", body)

    def test_an_empty_folder(self):
        status, _, body = self.ask("/docs/empty/")
        self.assertEqual((status, body.count(b"href")), (200, 0))
