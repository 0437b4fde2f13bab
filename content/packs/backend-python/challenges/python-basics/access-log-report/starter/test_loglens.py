"""Tests of loglens. Run them with: python -m unittest test_loglens"""

import contextlib
import io
import json
import pathlib
import tempfile
import tracemalloc
import unittest

import loglens

GOOD = '192.0.2.7 - ann [22/Nov/2026:10:15:32 +0000] "GET {} HTTP/1.1" {} {}'


def line(path="/items", status=200, size=512):
    return GOOD.format(path, status, size)


def quietly(call, *arguments):
    """Return what a call returns or exits with, and what it wrote to the two streams."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            result = call(*arguments)
        except SystemExit as end:
            result = end.code
    return result, out.getvalue(), err.getvalue()


class TestStarter(unittest.TestCase):
    def test_the_pattern_fits_a_good_line(self):
        found = loglens.LINE.fullmatch(line("/a?b=1"))
        self.assertEqual((found["target"], found["status"]), ("/a?b=1", "200"))


class TestParseLine(unittest.TestCase):
    def test_a_good_line(self):
        self.assertEqual(loglens.parse_line(line()), loglens.Entry("/items", "200", 512))

    def test_the_query_is_cut_off(self):
        self.assertEqual(loglens.parse_line(line("/items?page=2")).path, "/items")

    def test_a_size_of_minus_is_nothing(self):
        self.assertEqual(loglens.parse_line(line(size="-")).size, 0)

    def test_the_end_of_the_line_does_not_count(self):
        self.assertEqual(loglens.parse_line(line() + "\n").size, 512)

    def test_broken_lines_are_refused(self):
        for broken in ("", "\n", "hello", line()[:60]):
            with self.subTest(broken), self.assertRaises(ValueError):
                loglens.parse_line(broken)


class TestSummarise(unittest.TestCase):
    def summary(self, lines, *more):
        return quietly(loglens.summarise, lines, *more)[0]

    def test_counts(self):
        found = self.summary([line(), line(status=404, size=10), line("/a", size="-")])
        self.assertEqual(found["total"], 3)
        self.assertEqual(found["by_status"], {"200": 2, "404": 1})
        self.assertEqual(found["bytes"], 522)
        self.assertEqual(found["bad_lines"], 0)

    def test_nothing(self):
        found = self.summary([])
        self.assertEqual((found["total"], found["by_status"], found["top_paths"]), (0, {}, []))

    def test_the_busiest_paths_come_first_and_ties_by_name(self):
        lines = [line(path) for path in ("/c", "/b", "/a", "/c", "/b", "/d")]
        found = self.summary(iter(lines), 3)["top_paths"]
        self.assertEqual([list(pair) for pair in found], [["/b", 2], ["/c", 2], ["/a", 1]])

    def test_a_broken_line_is_counted_and_named_by_its_number(self):
        found, _, err = quietly(loglens.summarise, [line(), "broken", line()])
        self.assertEqual((found["total"], found["bad_lines"]), (2, 1))
        self.assertIn("2", err)

    def test_a_second_call_begins_at_zero(self):
        self.summary([line()])
        self.assertEqual(self.summary([line()])["total"], 1)

    def test_lines_are_not_collected(self):
        lines = (line(f"/{number % 20}") for number in range(20_000))
        tracemalloc.start()
        self.summary(lines)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        self.assertLess(peak, 1024 * 1024)


class TestCommandLine(unittest.TestCase):
    def run_on(self, content, *options):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "access.log")
            path.write_bytes(content)
            return quietly(loglens.main, [str(path), *options])

    def test_it_prints_json_and_succeeds(self):
        status, out, _ = self.run_on(line().encode())
        self.assertEqual((status, json.loads(out)["total"]), (0, 1))

    def test_an_empty_file(self):
        self.assertEqual(json.loads(self.run_on(b"")[1])["total"], 0)

    def test_bytes_that_are_not_utf_8(self):
        status, out, _ = self.run_on(line("/caf\xe9").encode("latin-1") + b"\n" + line().encode())
        self.assertEqual((status, json.loads(out)["total"]), (0, 2))

    def test_a_file_that_is_not_there(self):
        status, _, err = quietly(loglens.main, ["no-such-file.log"])
        self.assertEqual(status, 2)
        self.assertEqual(len(err.strip().splitlines()), 1)

    def test_top_must_be_a_number_from_one(self):
        for wrong in ("0", "-1", "x"):
            with self.subTest(wrong):
                self.assertEqual(self.run_on(line().encode(), "--top", wrong)[0], 2)
