"""Tests of sites.conf. They start nginx without root, on a free port: python -m unittest test_sites"""

import gzip
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).parent
NGINX = shutil.which(
    "nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"
)
MAIN = """
daemon off;
master_process off;
pid nginx.pid;
error_log logs/error.log;
events {}
http {
    client_body_temp_path temp;
    proxy_temp_path temp/proxy;
    fastcgi_temp_path temp/fastcgi;
    uwsgi_temp_path temp/uwsgi;
    scgi_temp_path temp/scgi;
    access_log logs/plain.log;
    types { text/html html; text/css css; }
    include sites.conf;
}
"""
FILES = {
    "index.html": "the front page",
    "guide.html": "the guide",
    "404.html": "our own page for what is missing",
    "assets/site.css": "body { color: black }\n" * 200,
    ".env": "SECRET=1",
    ".git/config": "[core]",
}


class Program(BaseHTTPRequestHandler):
    """A program behind nginx that answers with what it was asked."""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({"path": self.path, "headers": headers, "port": self.server.server_port}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def log_message(self, *_):
        pass


def free_ports(count):
    """Return as many different ports, which nobody listens on."""
    found = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in found]
    for each in found:
        each.close()
    return ports


class Sites(unittest.TestCase):
    """One nginx with two programs behind it, for all tests."""

    @classmethod
    def setUpClass(cls):
        if Sites.__dict__.get("port"):
            return
        if NGINX is None:
            raise AssertionError("nginx isn't installed")
        programs = [ThreadingHTTPServer(("127.0.0.1", 0), Program) for _ in range(2)]
        for program in programs:
            threading.Thread(target=program.serve_forever, args=(0.05,), daemon=True).start()
            unittest.addModuleCleanup(program.server_close)
            unittest.addModuleCleanup(program.shutdown)
        Sites.api, Sites.tools = (program.server_port for program in programs)
        Sites.port, Sites.log = Sites.start(Sites.api)

    @staticmethod
    def start(api):
        """Start nginx with the program of api.example on a port. Return nginx's port and its log."""
        [port], folder = free_ports(1), pathlib.Path(tempfile.mkdtemp(prefix="sites-"))
        unittest.addModuleCleanup(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        for name in ("logs", "temp"):
            (folder / name).mkdir()
            (folder / name).chmod(0o777)
        for name, text in FILES.items():
            path = folder / "www" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        text = (HERE / "sites.conf").read_text()
        for old, new in (("8080", port), ("9001", api), ("9002", Sites.tools)):
            text = text.replace(old, str(new))
        (folder / "sites.conf").write_text(text)
        (folder / "nginx.conf").write_text(MAIN)
        process = subprocess.Popen(
            [NGINX, "-p", f"{folder}/", "-c", f"{folder}/nginx.conf"], stderr=subprocess.PIPE, text=True
        )
        unittest.addModuleCleanup(process.stderr.close)
        unittest.addModuleCleanup(process.wait)
        unittest.addModuleCleanup(process.terminate)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return port, folder / "logs" / "access.log"
            except OSError:
                if process.poll() is not None:
                    raise AssertionError(process.stderr.read()) from None
                time.sleep(0.02)
        raise AssertionError("nginx doesn't accept connections")

    def ask(self, host, path="/", method="GET", body=None, port=None, **headers):
        """Return the status, the headers by small letters, and the body."""
        con = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=5)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            con.request(method, path, body, {"Host": host} | names)
            answer = con.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read()
        finally:
            con.close()

    def seen_by_program(self, *arguments, **more):
        status, _, body = self.ask(*arguments, **more)
        self.assertEqual(status, 200)
        return json.loads(body)


class TestStarter(Sites):
    def test_the_front_page(self):
        status, _, body = self.ask("docs.example")
        self.assertEqual((status, body), (200, b"the front page"))


class TestNames(Sites):
    def test_an_unknown_name_gets_no_site(self):
        for host in ("other.example", "127.0.0.1"):
            with self.subTest(host):
                try:
                    status = self.ask(host)[0]
                except (http.client.RemoteDisconnected, ConnectionResetError):
                    continue
                self.assertIn(status, (400, 404, 421))

    def test_the_old_name_leads_to_the_same_page_of_the_new_one(self):
        status, headers, _ = self.ask("old.example", "/guide?part=2")
        self.assertEqual((status, headers["location"]), (301, "http://docs.example/guide?part=2"))


class TestDocs(Sites):
    def test_pages_need_no_ending(self):
        self.assertEqual(self.ask("docs.example", "/guide")[::2], (200, b"the guide"))
        self.assertEqual(self.ask("docs.example", "/guide.html")[0], 200)

    def test_what_is_missing_gets_our_page_and_404(self):
        status, _, body = self.ask("docs.example", "/nothing")
        self.assertEqual((status, body), (404, FILES["404.html"].encode()))

    def test_hidden_files_stay_hidden(self):
        for path in ("/.env", "/.git/config"):
            with self.subTest(path):
                self.assertIn(self.ask("docs.example", path)[0], (403, 404))

    def test_assets_are_kept_for_a_year_and_pages_are_not(self):
        kept = self.ask("docs.example", "/assets/site.css")[1].get("cache-control", "")
        self.assertIn("max-age=31536000", kept)
        self.assertNotIn("31536000", self.ask("docs.example", "/guide")[1].get("cache-control", ""))

    def test_style_sheets_are_compressed_for_those_who_can_read_it(self):
        _, headers, body = self.ask("docs.example", "/assets/site.css", Accept_Encoding="gzip")
        self.assertEqual(headers.get("content-encoding"), "gzip")
        self.assertEqual(gzip.decompress(body), FILES["assets/site.css"].encode())
        _, headers, body = self.ask("docs.example", "/assets/site.css")
        self.assertEqual(body, FILES["assets/site.css"].encode())
        self.assertIn("accept-encoding", headers.get("vary", "").lower())


class TestEverywhere(Sites):
    def test_no_answer_may_be_sniffed_and_none_names_the_version(self):
        pages = [
            ("docs.example", "/guide"),
            ("docs.example", "/nothing"),
            ("docs.example", "/assets/site.css"),
        ]
        for host, path in [*pages, ("api.example", "/"), ("tools.example", "/tools/")]:
            with self.subTest(host + path):
                headers = self.ask(host, path)[1]
                self.assertEqual(headers.get("x-content-type-options"), "nosniff")
                self.assertNotRegex(headers.get("server", ""), "nginx/")


class TestApi(Sites):
    def test_the_program_sees_path_and_name_as_they_were(self):
        seen = self.seen_by_program("api.example", "/a%20b/c?d=e")
        self.assertEqual((seen["port"], seen["path"]), (self.api, "/a%20b/c?d=e"))
        self.assertEqual(seen["headers"]["host"].partition(":")[0], "api.example")
        self.assertEqual(seen["headers"]["x-forwarded-proto"], "http")

    def test_a_forged_address_does_not_arrive(self):
        seen = self.seen_by_program("api.example", X_Forwarded_For="203.0.113.9")
        self.assertEqual(seen["headers"]["x-forwarded-for"], "127.0.0.1")

    def test_bodies_above_64_kibibytes_are_refused(self):
        self.assertEqual(self.ask("api.example", "/", "POST", b"x" * 60_000)[0], 200)
        self.assertEqual(self.ask("api.example", "/", "POST", b"x" * 70_000)[0], 413)

    def test_logins_are_limited_and_other_requests_are_not(self):
        found = [self.ask("api.example", "/login", "POST", b"")[0] for _ in range(12)]
        self.assertEqual(found[:3], [200, 200, 200])
        self.assertEqual(found[-1], 429)
        self.assertEqual({self.ask("api.example", "/items")[0] for _ in range(12)}, {200})

    def test_while_the_program_is_away_clients_are_told_when_to_come_back(self):
        port, _ = self.start(*free_ports(1))
        status, headers, body = self.ask("api.example", "/items", port=port)
        self.assertEqual((status, headers.get("retry-after")), (503, "30"))
        self.assertIn("error", json.loads(body))
        self.assertTrue(headers["content-type"].startswith("application/json"))

    def test_a_line_of_the_log_is_json_with_the_id_that_the_program_got(self):
        seen = self.seen_by_program("api.example", '/say"hello"?for=log')
        lines = []
        for _ in range(50):
            lines = self.log.read_text().splitlines() if self.log.exists() else []
            if any("for=log" in line for line in lines):
                break
            time.sleep(0.02)
        [entry] = [json.loads(line) for line in lines if "for=log" in line]
        self.assertEqual((entry["host"], entry["status"]), ("api.example", 200))
        self.assertEqual(entry["id"], seen["headers"]["x-request-id"])
        self.assertIsInstance(entry["seconds"], float)


class TestTools(Sites):
    def test_the_program_does_not_see_the_prefix(self):
        seen = self.seen_by_program("tools.example", "/tools/a/b?c=d")
        self.assertEqual((seen["port"], seen["path"]), (self.tools, "/a/b?c=d"))
        self.assertEqual(seen["headers"]["x-forwarded-prefix"], "/tools")

    def test_the_prefix_alone_gets_its_slash_and_anything_else_is_missing(self):
        status, headers, _ = self.ask("tools.example", "/tools")
        self.assertEqual(status, 301)
        self.assertTrue(headers["location"].endswith("/tools/"))
        for path in ("/", "/toolsmith", "/other"):
            with self.subTest(path):
                self.assertEqual(self.ask("tools.example", path)[0], 404)
