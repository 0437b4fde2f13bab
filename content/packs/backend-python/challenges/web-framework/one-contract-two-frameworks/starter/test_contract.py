"""Tests of the contract, by HTTP alone. Run them with: python -m unittest test_contract

They start first.py and second.py, each with an empty database, and end them. With BASE_URL in the
environment they ask the server there, and start none.
"""

import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from contextlib import closing
from urllib.parse import urlsplit

servers = {}


def setUpModule():
    if "BASE_URL" in os.environ:
        servers["given"] = os.environ["BASE_URL"]
        return
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    for name in ("first", "second"):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = {
            "PORT": str(port),
            "DATABASE": str(pathlib.Path(folder.name, f"{name}.db")),
            "SECRET_KEY": "x" * 40,
        }
        log = open(pathlib.Path(folder.name, f"{name}.log"), "w+")
        process = subprocess.Popen(
            [sys.executable, f"{name}.py"], env=os.environ | settings, stdout=log, stderr=log
        )
        unittest.addModuleCleanup(stop, process, log)
        servers[name] = f"http://127.0.0.1:{port}"
    for name, base in servers.items():
        wait(base, name)


def stop(process, log):
    process.terminate()
    process.wait(10)
    log.close()


def wait(base, name):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            return fetch(base, "GET", "/healthz")
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{name} does not answer at {base}: start it by hand to see why")


def fetch(base, method, path, body=None):
    """Return the status, the headers and the bytes of an answer."""
    where = urlsplit(base)
    with closing(http.client.HTTPConnection(where.netloc, timeout=10)) as connection:
        headers = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, where.path + path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


class Contract(unittest.TestCase):
    """Runs each test against each server."""

    def run(self, result=None):
        for self.server, self.base in servers.items():
            super().run(result)
        return result

    def __str__(self):
        return f"{super().__str__()} [{getattr(self, 'server', 'not started')}]"

    def ask(self, method, path, body=None, raw=None):
        """Return the status, the headers and the value of a JSON answer."""
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        status, headers, content = fetch(self.base, method, path, data)
        self.assertEqual(headers.get_content_type(), "application/json", (self.server, method, path))
        value = json.loads(content)
        if status >= 400:
            self.assertIsInstance(value.get("error"), str, (self.server, method, path))
        return status, headers, value

    def status(self, *request, **more):
        return self.ask(*request, **more)[0]

    def tool(self, **fields):
        status, _, found = self.ask("POST", "/tools", {"name": "Saw", "owner": "Ann"} | fields)
        self.assertEqual(status, 201)
        return found

    def loan(self, tool=None):
        tool = tool or self.tool()
        status, _, found = self.ask("POST", f"/tools/{tool['id']}/loans", {"borrower": "Bo"})
        self.assertEqual(status, 201)
        return found


class TestStarter(Contract):
    def test_it_is_healthy(self):
        self.assertEqual(self.ask("GET", "/healthz")[::2], (200, {"status": "ok"}))


class TestTools(Contract):
    def test_what_was_added_is_at_its_address(self):
        status, headers, made = self.ask("POST", "/tools", {"name": "Ladder", "owner": "Zoë"})
        self.assertEqual((status, made), (201, {"id": made["id"], "name": "Ladder", "owner": "Zoë"}))
        self.assertEqual(headers["Location"], f"/tools/{made['id']}")
        self.assertEqual(self.ask("GET", headers["Location"])[::2], (200, made))

    def test_the_list_by_id(self):
        first, second = self.tool(name="Z"), self.tool(name="A")
        status, _, found = self.ask("GET", "/tools")
        self.assertEqual((status, found[-2:]), (200, [first, second]))

    def test_the_phone_is_never_shown(self):
        made = self.tool(phone="0123 456", colour="red")
        self.assertEqual(set(made), {"id", "name", "owner"})
        for path in (f"/tools/{made['id']}", "/tools"):
            self.assertNotIn("0123 456", json.dumps(self.ask("GET", path)[2]))

    def test_wrong_fields(self):
        good = {"name": "Saw", "owner": "Ann"}
        for wrong in (
            {"name": ""},
            {"name": "  "},
            {"owner": 7},
            {"owner": None},
            {"name": "x" * 101},
            {"phone": 7},
        ):
            with self.subTest(wrong):
                self.assertEqual(self.status("POST", "/tools", good | wrong), 422)
        for body in ({"name": "Saw"}, {}, [], "text", 7, None):
            with self.subTest(body):
                self.assertEqual(self.status("POST", "/tools", raw=json.dumps(body).encode()), 422)

    def test_bodies_that_are_not_json(self):
        for raw in (b"", b"{", b"name=Saw", b"\xff"):
            with self.subTest(raw):
                self.assertEqual(self.status("POST", "/tools", raw=raw), 400)

    def test_a_quote_is_only_a_letter(self):
        name = "O'Brien'); DROP TABLE tool;--"
        made = self.tool(name=name)
        self.assertEqual(self.ask("GET", f"/tools/{made['id']}")[2]["name"], name)


class TestLoans(Contract):
    def test_a_loan_from_beginning_to_end(self):
        tool = self.tool()
        status, headers, made = self.ask("POST", f"/tools/{tool['id']}/loans", {"borrower": "Bo"})
        self.assertEqual(made, {"id": made["id"], "tool": tool["id"], "borrower": "Bo", "returned": False})
        self.assertEqual((status, headers["Location"]), (201, f"/loans/{made['id']}"))
        self.assertIn(made, self.ask("GET", "/loans")[2])
        after = made | {"returned": True}
        for _ in range(2):
            self.assertEqual(self.ask("PATCH", headers["Location"], {"returned": True})[::2], (200, after))
        self.assertEqual(self.ask("GET", headers["Location"])[::2], (200, after))
        self.assertNotIn(made["id"], [each["id"] for each in self.ask("GET", "/loans")[2]])

    def test_a_tool_that_is_out(self):
        tool = self.tool()
        first = self.loan(tool)
        self.assertEqual(self.status("POST", f"/tools/{tool['id']}/loans", {"borrower": "Cy"}), 409)
        self.ask("PATCH", f"/loans/{first['id']}", {"returned": True})
        self.assertNotEqual(self.loan(tool)["id"], first["id"])

    def test_wrong_fields(self):
        tool, loan = self.tool(), self.loan()
        for body in ({}, {"borrower": " "}, {"borrower": 7}):
            self.assertEqual(self.status("POST", f"/tools/{tool['id']}/loans", body), 422)
        for body in ({}, {"returned": False}, {"returned": "true"}, {"returned": 1}, {"returned": None}):
            self.assertEqual(self.status("PATCH", f"/loans/{loan['id']}", body), 422)
        self.assertFalse(self.ask("GET", f"/loans/{loan['id']}")[2]["returned"])

    def test_unknown_things(self):
        for number in ("999999", "x", "1.5", "-1"):
            with self.subTest(number):
                self.assertEqual(self.status("GET", f"/tools/{number}"), 404)
                self.assertEqual(self.status("GET", f"/loans/{number}"), 404)
                self.assertEqual(self.status("POST", f"/tools/{number}/loans", {"borrower": "Bo"}), 404)
                self.assertEqual(self.status("PATCH", f"/loans/{number}", {"returned": True}), 404)
        self.assertEqual(self.status("GET", "/nowhere"), 404)


class TestMethods(Contract):
    def test_methods_that_are_not_offered(self):
        loan = self.loan()
        for method, path, offered in (
            ("DELETE", "/tools", {"GET", "POST"}),
            ("PUT", f"/tools/{loan['tool']}", {"GET"}),
            ("GET", f"/tools/{loan['tool']}/loans", {"POST"}),
            ("POST", "/loans", {"GET"}),
            ("DELETE", f"/loans/{loan['id']}", {"GET", "PATCH"}),
        ):
            with self.subTest((method, path)):
                status, headers, _ = self.ask(method, path)
                self.assertEqual(status, 405)
                allowed = {each.strip() for each in headers["Allow"].split(",")}
                self.assertEqual(allowed - {"HEAD", "OPTIONS"}, offered)
