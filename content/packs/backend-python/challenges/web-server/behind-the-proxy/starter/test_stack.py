"""Tests of Gunicorn behind nginx, without root: python -m unittest test_stack"""

import http.client
import json
import os
import pathlib
import runpy
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).parent
PLACES = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"
CLIENT = "127.0.0.5" if sys.platform == "linux" else "127.0.0.1"  # a visitor who isn't the proxy
HOST = "app.example"
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
    access_log logs/access.log;
    types { text/html html; text/css css; }
    include site.conf;
}
"""


def free_ports(count):
    """Return as many different ports, which nobody listens on."""
    found = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in found]
    for each in found:
        each.close()
    return ports


def program(name):
    """Return the path of a program, or end the tests with a word about it."""
    found = shutil.which(name, path=PLACES)
    if found is None:
        raise AssertionError(f"{name} isn't installed")
    return found


class Stack(unittest.TestCase):
    """One nginx with a certificate for all tests, and a Gunicorn that tests may stop and start."""

    @classmethod
    def setUpClass(cls):
        if hasattr(Stack, "gunicorn"):
            return
        Stack.http, Stack.https, Stack.inner = free_ports(3)
        Stack.folder = pathlib.Path(tempfile.mkdtemp(prefix="stack-"))
        unittest.addModuleCleanup(shutil.rmtree, Stack.folder, ignore_errors=True)
        Stack.folder.chmod(0o755)
        for name in ("logs", "temp", "static"):
            (Stack.folder / name).mkdir()
            (Stack.folder / name).chmod(0o777)
        (Stack.folder / "static" / "site.css").write_text("h1 { color: teal }")
        subprocess.run(
            [program("openssl"), "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec",
             "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", f"/CN={HOST}",
             "-addext", f"subjectAltName=DNS:{HOST}",
             "-keyout", "key.pem", "-out", "cert.pem"],
            cwd=Stack.folder, check=True, capture_output=True,
        )  # fmt: skip
        text = (HERE / "site.conf").read_text()
        for old, new in (("8080", Stack.http), ("8443", Stack.https), ("8000", Stack.inner)):
            text = text.replace(old, str(new))
        (Stack.folder / "site.conf").write_text(text)
        (Stack.folder / "nginx.conf").write_text(MAIN)
        nginx = subprocess.Popen(
            [program("nginx"), "-p", f"{Stack.folder}/", "-c", f"{Stack.folder}/nginx.conf"]
        )
        unittest.addModuleCleanup(nginx.wait)
        unittest.addModuleCleanup(nginx.terminate)
        Stack.wait_for_port(Stack.http, nginx)
        Stack.start_gunicorn()
        unittest.addModuleCleanup(Stack.stop_gunicorn)

    @staticmethod
    def wait_for_port(port, process):
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if process.poll() is not None:
                    raise AssertionError(f"it ended with {process.returncode} before it listened") from None
                time.sleep(0.02)
        raise AssertionError("it doesn't listen")

    @staticmethod
    def start_gunicorn():
        Stack.log = open(Stack.folder / "logs" / "gunicorn.log", "a")
        Stack.gunicorn = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{Stack.inner}", "app:application"],
            cwd=HERE, env=os.environ | {"SLOW": "0.5"}, stdout=Stack.log, stderr=Stack.log,
        )  # fmt: skip
        Stack.wait_for_port(Stack.inner, Stack.gunicorn)

    @staticmethod
    def stop_gunicorn():
        Stack.gunicorn.terminate()
        Stack.gunicorn.wait()
        Stack.log.close()

    def ask(self, path, secure=True, **headers):
        """Return the status, the headers by small letters, and the text of the answer."""
        if secure:
            trust = ssl.create_default_context(cafile=self.folder / "cert.pem")
            raw = socket.create_connection(("127.0.0.1", self.https), 10, (CLIENT, 0))
            con = http.client.HTTPConnection(HOST)
            con.sock = trust.wrap_socket(raw, server_hostname=HOST)
        else:
            con = http.client.HTTPConnection("127.0.0.1", self.http, 10, (CLIENT, 0))
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            con.request("GET", path, headers={"Host": HOST} | names)
            answer = con.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        finally:
            con.close()


class TestStarter(Stack):
    def test_the_proxy_reaches_the_application(self):
        self.assertIn(self.ask("/healthz", secure=False)[0], (200, 301, 308))


class TestSecure(Stack):
    def test_https_works_with_a_checked_certificate(self):
        self.assertEqual(self.ask("/healthz")[::2], (200, "ok"))

    def test_http_leads_there_for_good(self):
        status, headers, _ = self.ask("/whoami?a=b", secure=False)
        self.assertIn(status, (301, 308))
        self.assertTrue(headers["location"].startswith(f"https://{HOST}"))
        self.assertTrue(headers["location"].endswith("/whoami?a=b"))

    def test_browsers_are_told_to_come_by_https_only(self):
        for path in ("/", "/nothing", "/static/site.css"):
            with self.subTest(path):
                self.assertRegex(
                    self.ask(path)[1].get("strict-transport-security", ""), r"max-age=[1-9]\d{5}"
                )

    def test_the_cookie_is_for_https_and_not_for_scripts(self):
        parts = {part.strip().lower() for part in self.ask("/")[1]["set-cookie"].split(";")}
        self.assertLessEqual({"secure", "httponly"}, parts)


class TestForwarded(Stack):
    def test_the_application_sees_the_visitor(self):
        seen = json.loads(self.ask("/whoami")[2])
        self.assertEqual(seen, {"address": CLIENT, "scheme": "https", "host": HOST})

    def test_what_a_visitor_claims_is_not_believed(self):
        forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "http"}
        seen = json.loads(self.ask("/whoami", **forged)[2])
        self.assertEqual(seen, {"address": CLIENT, "scheme": "https", "host": HOST})


class TestOperation(Stack):
    def test_two_workers_or_more_on_a_port_that_others_cannot_reach(self):
        settings = runpy.run_path(str(HERE / "gunicorn.conf.py"))
        self.assertGreaterEqual(settings["workers"], 2)
        self.assertRegex(settings["bind"], r"^(127\.0\.0\.1:|unix:|localhost:)")

    def test_a_stop_loses_no_request_and_leaves_the_files(self):
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.ask("/slow")))
        thread.start()
        time.sleep(0.2)
        self.gunicorn.terminate()
        thread.join()
        self.stop_gunicorn()
        try:
            self.assertEqual(answers[0][::2], (200, "slow, and complete"))
            status, headers, text = self.ask("/static/site.css")
            self.assertEqual((status, text), (200, "h1 { color: teal }"))
            self.assertTrue(headers["content-type"].startswith("text/css"))
            self.assertEqual(self.ask("/whoami")[0], 502)
            self.assertIn(self.ask("/static/../site.conf")[0], (400, 403, 404, 502))
        finally:
            self.start_gunicorn()
