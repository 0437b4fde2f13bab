"""Tests of the shrinker. Run them with: python -m unittest test_shrink"""

import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest

import shrink

HERE = pathlib.Path(__file__).parent


class Asked:
    """A question that remembers what it was asked."""

    def __init__(self, fails):
        self.fails, self.lists = fails, []

    def __call__(self, items):
        self.lists.append(tuple(items))
        return self.fails(items)


def needs(*wanted):
    """Return a question that says yes if all wanted items are there."""
    return Asked(lambda items: set(wanted) <= set(items))


class TestStarter(unittest.TestCase):
    def test_the_bug_shows_on_the_messy_file(self):
        done = subprocess.run(
            [sys.executable, HERE / "orders.py", HERE / "messy.csv"],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("KeyError: 'yarn'", done.stderr)


class TestShrink(unittest.TestCase):
    def test_one_two_and_three_culprits(self):
        for wanted in ((0,), (99,), (37,), (0, 99), (49, 50), (3, 50, 98)):
            with self.subTest(wanted):
                self.assertEqual(shrink.shrink(range(100), needs(*wanted)), list(wanted))

    def test_the_order_stays_and_equal_items_are_different(self):
        question = Asked(lambda items: "".join(items).count("b") >= 3 and "a" in items)
        self.assertEqual("".join(shrink.shrink("xbxxaxxbxb", question)), "babb")

    def test_all_or_nothing(self):
        self.assertEqual(shrink.shrink("abc", needs("a", "b", "c")), ["a", "b", "c"])
        self.assertEqual(shrink.shrink("abc", Asked(lambda items: True)), [])
        self.assertEqual(shrink.shrink([], Asked(lambda items: True)), [])

    def test_nothing_can_be_left_out_of_what_is_left(self):
        for modulus in (3, 5, 7):
            question = Asked(lambda items, by=modulus: sum(items) % by == 1)
            with self.subTest(modulus):
                items = [*range(1, 40), (1 - sum(range(40))) % modulus]
                found = shrink.shrink(items, question)
                self.assertTrue(question(found))
                for place in range(len(found)):
                    self.assertFalse(question(found[:place] + found[place + 1 :]))

    def test_what_does_not_fail_is_refused(self):
        with self.assertRaises(ValueError):
            shrink.shrink("abc", needs("z"))

    def test_no_list_is_asked_about_twice(self):
        question = needs(3, 50, 98)
        shrink.shrink(range(100), question)
        self.assertEqual(len(question.lists), len(set(question.lists)))

    def test_it_asks_much_less_often_than_there_are_items(self):
        question = needs(617)
        shrink.shrink(range(1000), question)
        self.assertLess(len(question.lists), 60)

    def test_nor_does_it_begin_again_after_each_success(self):
        question = needs(*range(0, 1000, 100))
        shrink.shrink(range(1000), question)
        self.assertLess(len(question.lists), 600)

    def test_the_items_themselves_are_not_changed(self):
        items = list("abcdef")
        shrink.shrink(items, needs("c"))
        self.assertEqual(items, list("abcdef"))


class TestFailureOf(unittest.TestCase):
    def failure(self, source, content=b"hello"):
        return shrink.failure_of([sys.executable, "-c", source, "FILE"], content)

    def test_success_is_none(self):
        self.assertIsNone(self.failure("import sys; print(open(sys.argv[1]).read(), file=sys.stderr)"))

    def test_the_program_gets_the_content(self):
        found = self.failure(
            "import sys; sys.exit(open(sys.argv[1], 'rb').read().decode('latin-1'))", b"\xe9"
        )
        self.assertIsNotNone(found)
        self.assertNotEqual(found, self.failure("import sys; sys.exit('other')"))

    def test_status_and_last_line_make_the_difference(self):
        one = self.failure("import sys; print('noise', file=sys.stderr); sys.exit('the end')")
        self.assertEqual(one, self.failure("import sys; sys.exit('the end')"))
        self.assertNotEqual(one, self.failure("import sys; sys.exit('another end')"))
        self.assertNotEqual(self.failure("raise SystemExit(3)"), self.failure("raise SystemExit(4)"))


class TestMain(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name, "input.txt")

    def run_on(self, text, source):
        self.file.write_text(text)
        command = [str(self.file), "--", sys.executable, "-c", source, "FILE"]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return shrink.main(command)

    def test_a_file_is_cut_to_the_line_with_the_same_failure(self):
        source = (
            "import sys\n"
            "text = open(sys.argv[1]).read()\n"
            "assert text, 'empty'\n"
            "sys.exit('bad line' if 'bad' in text else 0)\n"
        )
        self.assertEqual(self.run_on("one\ntwo\nbad\nfour\n", source), 0)
        self.assertEqual(self.file.with_name("input.txt.small").read_text(), "bad\n")

    def test_a_command_that_does_not_fail(self):
        self.assertEqual(self.run_on("one\n", "pass"), 1)
        self.assertFalse(self.file.with_name("input.txt.small").exists())
