"""Tests of settle. Run them with: python -m unittest test_settle"""

import contextlib
import io
import unittest

import settle


class TestStarter(unittest.TestCase):
    def test_a_line_is_split(self):
        self.assertEqual(settle.split_line("Ann 42.50 train tickets\n"), ("Ann", "42.50"))


class TestCents(unittest.TestCase):
    def test_amounts_that_can_be_read(self):
        for text, cents in (("12.50", 1250), ("7", 700), ("0.5", 50), ("0", 0), ("007.05", 705)):
            with self.subTest(text):
                self.assertEqual(settle.to_cents(text), cents)

    def test_no_cent_is_lost_on_the_way(self):
        for cents in range(10_000):
            text = f"{cents // 100}.{cents % 100:02}"
            self.assertEqual(settle.to_cents(text), cents, text)

    def test_cents_are_whole_numbers(self):
        self.assertIs(type(settle.to_cents("0.29")), int)

    def test_amounts_that_are_refused(self):
        for text in ("", "abc", "-3", "+3", "1,50", "1.234", "1.", ".5", "1e3", "nan", "1_000", "1.2.3"):
            with self.subTest(text), self.assertRaises(ValueError):
                settle.to_cents(text)

    def test_back_to_text(self):
        for cents, text in ((1250, "12.50"), (5, "0.05"), (0, "0.00"), (-305, "-3.05"), (-5, "-0.05")):
            with self.subTest(cents):
                self.assertEqual(settle.to_text(cents), text)


class TestShares(unittest.TestCase):
    def test_the_first_ones_pay_the_cents_that_are_left(self):
        self.assertEqual(settle.shares(1000, 3), [334, 333, 333])
        self.assertEqual(settle.shares(1001, 3), [334, 334, 333])
        self.assertEqual(settle.shares(2, 4), [1, 1, 0, 0])

    def test_they_add_up(self):
        for total in (0, 1, 99, 100, 9954):
            for people in (1, 2, 3, 7):
                with self.subTest((total, people)):
                    self.assertEqual(sum(settle.shares(total, people)), total)

    def test_somebody_must_pay(self):
        with self.assertRaises(ValueError):
            settle.shares(100, 0)


class TestReading(unittest.TestCase):
    def test_lines_in_their_order(self):
        lines = iter(["Ann 42.50 train tickets\n", "  \n", "Cy 0\n"])
        self.assertEqual(settle.read_payments(lines), [("Ann", 4250), ("Cy", 0)])

    def test_a_line_that_cannot_be_read_is_named(self):
        for broken in ("Bo", "Bo much", "Bo -1"):
            with self.subTest(broken), self.assertRaisesRegex(ValueError, "3"):
                settle.read_payments(["Ann 1", "", broken, "Cy 2"])


class TestBalances(unittest.TestCase):
    def test_who_paid_more_gets_money(self):
        found = settle.balances([("Ann", 900), ("Bo", 0), ("Cy", 0)])
        self.assertEqual(found, {"Ann": 600, "Bo": -300, "Cy": -300})

    def test_two_payments_of_one_person_count_together(self):
        found = settle.balances([("Ann", 300), ("Bo", 200), ("Ann", 101)])
        self.assertEqual(found, {"Ann": 401 - 301, "Bo": 200 - 300})

    def test_nobody(self):
        self.assertEqual(settle.balances([]), {})


class TestTransfers(unittest.TestCase):
    def settled(self, before):
        """Return what is left of balances after the transfers, and how many there are."""
        after = dict(before)
        moves = settle.transfers(before)
        for giver, taker, cents in moves:
            self.assertGreater(cents, 0)
            after[giver] += cents
            after[taker] -= cents
        return set(after.values()), len(moves)

    def test_everybody_is_even_with_fewer_transfers_than_people(self):
        for before in (
            {"Ann": 600, "Bo": -300, "Cy": -300},
            {"Ann": 2466, "Bo": -490, "Cy": -2488, "Dee": 512},
            {"Ann": -1, "Bo": 5, "Cy": -1, "Dee": -2, "Eve": -1},
        ):
            with self.subTest(before):
                left, count = self.settled(before)
                self.assertEqual(left, {0})
                self.assertLess(count, len(before))

    def test_who_is_even_has_nothing_to_do(self):
        self.assertEqual(settle.transfers({"Ann": 0, "Bo": 0}), [])
        self.assertEqual(settle.transfers({"Ann": -5, "Bo": 0, "Cy": 5}), [("Ann", "Cy", 5)])

    def test_the_balances_are_not_changed(self):
        before = {"Ann": 5, "Bo": -5}
        settle.transfers(before)
        self.assertEqual(before, {"Ann": 5, "Bo": -5})


class TestProgram(unittest.TestCase):
    def run_on(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = settle.main(list(arguments))
        return status, out.getvalue().splitlines(), err.getvalue().splitlines()

    def test_the_example(self):
        with open("trip.txt", encoding="utf-8") as lines:
            found = settle.balances(settle.read_payments(lines))
        self.assertEqual(sum(found.values()), 0)
        status, out, _ = self.run_on("trip.txt")
        self.assertEqual(status, 0)
        self.assertTrue(any(line.startswith("Cy pays Ann ") for line in out), out)
        self.assertLessEqual(len(out), 3)

    def test_a_file_that_is_not_there(self):
        status, out, err = self.run_on("no-such-file.txt")
        self.assertEqual((status, out, len(err)), (1, [], 1))
