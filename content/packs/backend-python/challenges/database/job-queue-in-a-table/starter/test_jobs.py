"""Tests of jobs. Run them with: python -m unittest test_jobs"""

import pathlib
import sqlite3
import tempfile
import threading
import time
import unittest

import jobs
from jobs import LostLease

NOW = 1_800_000_000
SCHEMA = pathlib.Path(jobs.__file__).with_name("schema.sql")


class Queue(unittest.TestCase):
    """An empty queue in a file."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "queue.db")
        self.con = self.connect()
        jobs.create_schema(self.con)

    def connect(self):
        con = jobs.connect(self.path)
        self.addCleanup(con.close)
        return con

    def add(self, kind="mail", run_at=NOW, **more):
        return jobs.enqueue(self.con, kind, {"to": "ann"}, run_at, **more)

    def claim(self, worker="w", now=NOW):
        return jobs.claim(self.con, worker, now)

    def column(self, name, job):
        return self.con.execute(f"SELECT {name} FROM job WHERE id = ?", (job,)).fetchone()[0]


class TestStarter(unittest.TestCase):
    def test_a_job_waits_at_first(self):
        con = sqlite3.connect(":memory:")
        con.executescript(SCHEMA.read_text(encoding="utf-8"))
        con.execute("INSERT INTO job (kind, payload, run_at) VALUES ('mail', '{}', 0)")
        self.assertEqual(con.execute("SELECT state FROM job").fetchone(), ("waiting",))
        con.close()


class TestSchema(Queue):
    def refused(self, **values):
        values = {"kind": "mail", "payload": "{}", "run_at": NOW} | values
        query = f"INSERT INTO job ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
        with self.assertRaises(sqlite3.IntegrityError, msg=values):
            self.con.execute(query, tuple(values.values()))

    def test_states(self):
        self.refused(state="lost")
        self.refused(state=None)

    def test_a_lease_belongs_to_running(self):
        self.refused(state="running")
        self.refused(state="running", worker="w")
        self.refused(state="running", leased_until=NOW)
        self.refused(worker="w")
        self.refused(state="done", leased_until=NOW)

    def test_a_key_is_there_once_while_it_matters(self):
        self.add(key="a")
        self.refused(key="a")
        self.refused(key="a", state="running", worker="w", leased_until=NOW)
        self.con.execute(
            "INSERT INTO job (kind, payload, run_at, key, state) VALUES ('mail', '{}', 0, 'a', 'done')"
        )

    def test_wal(self):
        self.assertEqual(self.con.execute("PRAGMA journal_mode").fetchone(), ("wal",))
        self.assertEqual(self.con.execute("PRAGMA busy_timeout").fetchone(), (5000,))
        self.assertIsNone(self.con.isolation_level)


class TestEnqueue(Queue):
    def test_the_same_key_is_the_same_job(self):
        first = self.add(key="a")
        self.assertEqual(self.add(key="a"), first)
        self.assertNotEqual(self.add(key="b"), first)
        job = self.claim()
        self.assertEqual(self.add(key="a"), first)
        jobs.finish(self.con, job, NOW)
        self.assertNotEqual(self.add(key="a"), first)

    def test_without_a_key_each_is_new(self):
        self.assertNotEqual(self.add(), self.add())

    def test_a_rollback_takes_it_along(self):
        self.con.execute("BEGIN")
        self.add()
        self.assertTrue(self.con.in_transaction)
        self.con.execute("ROLLBACK")
        self.assertIsNone(self.claim())

    def test_what_was_not_committed_is_not_seen(self):
        other = self.connect()
        self.con.execute("BEGIN")
        self.add()
        self.assertEqual(jobs.counts(other)["waiting"], 0)
        self.con.execute("COMMIT")
        self.assertEqual(jobs.counts(other)["waiting"], 1)


class TestClaim(Queue):
    def test_the_job_as_it_was_put_in(self):
        number = self.add()
        job = self.claim("ann")
        self.assertEqual((job.id, job.kind, job.payload, job.attempts), (number, "mail", {"to": "ann"}, 1))
        self.assertEqual((self.column("state", number), self.column("worker", number)), ("running", "ann"))
        self.assertEqual(self.column("leased_until", number), NOW + jobs.LEASE)
        self.assertIsNone(self.claim())

    def test_the_order(self):
        late = self.add(run_at=NOW - 1)
        first, second = self.add(run_at=NOW - 5), self.add(run_at=NOW - 5)
        urgent = self.add(priority=1)
        self.add(priority=9, run_at=NOW + 1)
        self.assertEqual([self.claim().id for _ in range(4)], [urgent, first, second, late])
        self.assertIsNone(self.claim())

    def test_a_lease_that_is_over(self):
        self.add()
        first = self.claim("a")
        self.assertIsNone(self.claim("b", NOW + jobs.LEASE))
        second = self.claim("b", NOW + jobs.LEASE + 1)
        self.assertEqual((second.id, second.attempts), (first.id, 2))

    def test_who_lost_the_lease_cannot_end_the_job(self):
        self.add()
        first = self.claim("w")
        second = self.claim("w", NOW + jobs.LEASE + 1)
        for end in (
            lambda: jobs.finish(self.con, first, NOW),
            lambda: jobs.fail(self.con, first, "no", NOW),
        ):
            with self.assertRaises(LostLease):
                end()
        self.assertEqual(self.column("state", first.id), "running")
        jobs.finish(self.con, second, NOW)

    def test_an_index_finds_the_next(self):
        sent = []
        self.add()
        self.con.set_trace_callback(sent.append)
        self.claim()
        self.con.set_trace_callback(None)
        [query] = [each for each in sent if "job" in each and "RETURNING" in each.upper()]
        plan = [row[3] for row in self.con.execute(f"EXPLAIN QUERY PLAN {query}")]
        self.assertFalse(any(step.startswith("SCAN job") and "INDEX" not in step for step in plan), plan)

    def test_each_job_goes_to_one_of_many_workers(self):
        self.con.execute("BEGIN")
        for _ in range(20):
            self.add()
        self.con.execute("COMMIT")
        start, taken = threading.Barrier(4), []

        def take(name):
            con = jobs.connect(self.path)
            con.set_trace_callback(lambda statement: time.sleep(0.002))
            start.wait()
            try:
                for _ in range(30):
                    if job := jobs.claim(con, name, NOW):
                        taken.append(job.id)
            except Exception as error:
                taken.append(repr(error))
            con.close()

        threads = [threading.Thread(target=take, args=(f"w{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(map(str, taken)), sorted(map(str, range(1, 21))))


class TestEnd(Queue):
    def test_done_is_done(self):
        number = self.add()
        job = self.claim()
        jobs.finish(self.con, job, NOW)
        self.assertEqual((self.column("state", number), self.column("worker", number)), ("done", None))
        self.assertIsNone(self.claim(now=NOW + 10**6))
        with self.assertRaises(LostLease):
            jobs.finish(self.con, job, NOW)

    def test_pauses_grow_until_it_is_dead(self):
        number, now = self.add(), NOW
        for pause in (10, 20, 40):
            jobs.fail(self.con, self.claim(now=now), f"failed at {now}", now)
            self.assertEqual(
                (self.column("state", number), self.column("run_at", number)), ("waiting", now + pause)
            )
            self.assertEqual(self.column("error", number), f"failed at {now}")
            self.assertIsNone(self.claim(now=now + pause - 1))
            now += pause
        jobs.fail(self.con, self.claim(now=now), "the last", now)
        self.assertEqual((self.column("state", number), self.column("error", number)), ("dead", "the last"))
        self.assertIsNone(self.claim(now=now + 10**6))

    def test_a_job_that_takes_its_worker_along_is_not_tried_for_ever(self):
        self.add()
        now = NOW
        for _ in range(jobs.MOST):
            self.assertIsNotNone(self.claim(now=now))
            now += jobs.LEASE + 1
        self.assertIsNone(self.claim(now=now))
        self.assertEqual(
            [jobs.bury(self.con, now - 2), jobs.bury(self.con, now), jobs.bury(self.con, now)], [0, 1, 0]
        )
        self.assertEqual(jobs.counts(self.con)["dead"], 1)

    def test_counts(self):
        self.assertEqual(jobs.counts(self.con), {"waiting": 0, "running": 0, "done": 0, "dead": 0})
        for _ in range(3):
            self.add()
        jobs.finish(self.con, self.claim(), NOW)
        self.claim()
        self.assertEqual(jobs.counts(self.con), {"waiting": 1, "running": 1, "done": 1, "dead": 0})


class TestWork(Queue):
    def work(self, now=NOW, **handlers):
        return jobs.work(self.con, "w", handlers, now)

    def test_a_job_is_done(self):
        seen = []
        number = self.add()
        self.assertEqual(self.work(mail=seen.append).id, number)
        self.assertEqual((seen, jobs.counts(self.con)["done"]), ([{"to": "ann"}], 1))
        self.assertIsNone(self.work(mail=seen.append))

    def test_a_handler_that_fails(self):
        number = self.add()
        self.assertIsNotNone(self.work(mail=lambda payload: payload["from"]))
        self.assertEqual(self.column("state", number), "waiting")
        self.assertIn("from", self.column("error", number))

    def test_a_kind_that_nobody_knows(self):
        number = self.add("fax")
        self.work(mail=print)
        self.assertIn("fax", self.column("error", number))

    def test_ctrl_c_is_not_a_failure_of_the_job(self):
        def stopped(payload):
            raise KeyboardInterrupt

        number = self.add()
        with self.assertRaises(KeyboardInterrupt):
            self.work(mail=stopped)
        self.assertEqual(self.column("error", number), None)

    def test_the_queue_is_free_while_a_handler_runs(self):
        other = self.connect()

        def handler(payload):
            self.assertFalse(self.con.in_transaction)
            jobs.enqueue(other, "next", {}, NOW)

        self.add()
        self.work(mail=handler)
        self.assertEqual(jobs.counts(self.con), {"waiting": 1, "running": 0, "done": 1, "dead": 0})
