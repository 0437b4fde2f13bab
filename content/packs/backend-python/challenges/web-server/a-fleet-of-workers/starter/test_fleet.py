"""Tests of the server. They start it with a small application: python -m unittest test_fleet"""

import contextlib
import http.client
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).parent
APPLICATION = '''
import os, pathlib, time
VERSION = "one"
HERE = pathlib.Path(__file__).parent

def wait_for(name):
    """Wait until a test, or another request, creates a file."""
    end = time.monotonic() + 2
    while not (HERE / name).exists() and time.monotonic() < end:
        time.sleep(0.01)

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/boom":
        raise ValueError("a bug of the application")
    if path == "/slow":
        (HERE / "started").write_text("")
        wait_for("go")
    if path.startswith("/meet/"):  # answers once a second process is here too
        _, _, place, me, other = path.split("/")
        (HERE / f"{place}-{me}").write_text("")
        wait_for(f"{place}-{other}")
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{VERSION} {os.getpid()} ".encode() + body]
'''


def patiently(look, seconds=2):
    """Return what a function returns as soon as it is true, or its last answer."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = pathlib.Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


class Server(unittest.TestCase):
    """A server in a folder with app.py."""

    def start(self, *options, source=APPLICATION):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "app.py").write_text(source)
        self.process = subprocess.Popen(
            [sys.executable, HERE / "fleet.py", "app:application", "--port", "0", *options],
            cwd=self.folder, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(self.end, self.process)
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    @staticmethod
    def end(process):
        """Kill the server and all its workers, whatever state they are in."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        process.stderr.close()

    def ask(self, path="/", body=None):
        """Return the status, and the words of the answer: version, process, body."""
        con = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        try:
            con.request("POST" if body else "GET", path, body)
            answer = con.getresponse()
            return answer.status, answer.read().decode().split(" ", 2)
        finally:
            con.close()

    def ask_meanwhile(self, *paths):
        """Ask for several paths at the same time. Return a function that waits for the answers."""
        answers = {}

        def ask(path):
            try:
                answers[path] = self.ask(path)
            except OSError as error:
                answers[path] = (type(error).__name__, ["", "0", ""])

        threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()

        def wait():
            for thread in threads:
                thread.join()
            return [answers[path] for path in paths]

        return wait

    def meet(self, place):
        """Let two requests wait for each other, and return the processes that answered them."""
        answers = self.ask_meanwhile(f"/meet/{place}/a/b", f"/meet/{place}/b/a")()
        self.assertEqual([status for status, _ in answers], [200, 200])
        return {int(words[1]) for _, words in answers}

    def stop(self, number, seconds=2):
        """Send a signal and return the exit status, or None if it is still running."""
        self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None


class TestStarter(Server):
    def test_it_answers(self):
        self.start()
        self.assertEqual(self.ask(body="hello")[1][::2], ["one", "hello"])


class TestWorkers(Server):
    def test_two_requests_are_answered_at_the_same_time_and_the_master_answers_none(self):
        self.start()
        processes = self.meet("here")
        self.assertEqual(len(processes), 2)
        self.assertNotIn(self.process.pid, processes)

    def test_a_bug_in_the_application_costs_one_request_and_no_worker(self):
        self.start("--workers", "1")
        before = {self.ask()[1][1] for _ in range(5)}
        self.assertEqual(self.ask("/boom")[0], 500)
        self.assertEqual(before | {self.ask()[1][1]}, before)
        self.assertEqual(len(before), 1)

    def test_a_worker_that_dies_is_replaced(self):
        self.start()
        first = self.meet("first")
        for worker in first:
            os.kill(worker, signal.SIGKILL)
        second = self.meet("second")
        self.assertEqual(len(second), 2)
        self.assertFalse(first & second)

    def test_an_application_that_cannot_be_imported_ends_the_server(self):
        self.start(source="import no_such_module\n")
        self.assertEqual(self.process.wait(2), 3)
        text = self.process.stderr.read()
        self.assertIn("no_such_module", text)
        self.assertLess(text.count("Traceback"), 6)


class TestStop(Server):
    def test_all_processes_end_and_the_status_is_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                self.start()
                workers = self.meet("here")
                self.assertEqual(self.stop(number), 0)
                self.assertTrue(patiently(lambda them=workers: not any(map(alive, them))))
                with self.assertRaises(ConnectionRefusedError):
                    self.ask()

    def test_a_running_request_gets_its_full_answer(self):
        self.start()
        wait = self.ask_meanwhile("/slow")
        patiently((self.folder / "started").exists)
        self.assertIsNone(self.stop(signal.SIGTERM, 0.2))
        (self.folder / "go").write_text("")
        self.assertEqual(wait()[0][0], 200)
        self.assertEqual(self.process.wait(5), 0)

    def test_one_that_takes_too_long_does_not_hold_it_up(self):
        self.start("--grace", "0.2")
        wait = self.ask_meanwhile("/slow")
        patiently((self.folder / "started").exists)
        self.assertEqual(self.stop(signal.SIGTERM, 3), 0)
        self.assertNotEqual(wait()[0][0], 200)


class TestReload(Server):
    def test_new_code_is_served_and_what_runs_finishes_on_the_old(self):
        self.start()
        wait = self.ask_meanwhile("/slow")
        patiently((self.folder / "started").exists)
        (self.folder / "app.py").write_text(APPLICATION.replace('"one"', '"two"'))
        self.process.send_signal(signal.SIGHUP)
        self.assertTrue(patiently(lambda: {self.ask()[1][0] for _ in range(10)} == {"two"}))
        self.assertEqual(len(self.meet("new")), 2)
        (self.folder / "go").write_text("")
        [(status, words)] = wait()
        self.assertEqual((status, words[0]), (200, "one"))
        self.assertTrue(patiently(lambda: not alive(int(words[1]))))
        self.assertIsNone(self.process.poll())

    def test_nobody_is_turned_away_meanwhile(self):
        self.start()
        self.ask()
        for _ in range(3):
            self.process.send_signal(signal.SIGHUP)
            self.assertEqual({self.ask()[0] for _ in range(10)}, {200})
