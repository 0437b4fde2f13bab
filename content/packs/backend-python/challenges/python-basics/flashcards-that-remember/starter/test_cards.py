"""Tests of cards. Run them with: python -m unittest test_cards"""

import json
import pathlib
import tempfile
import unittest
from datetime import date, timedelta

import cards
from cards import Card, DeckError

TODAY = date(2026, 11, 30)


def later(days):
    return TODAY + timedelta(days=days)


class TestStarter(unittest.TestCase):
    def test_a_new_card_is_in_box_one(self):
        self.assertEqual(Card("Why?", "Because").box, 1)


class TestCard(unittest.TestCase):
    def test_a_right_answer_moves_it_up(self):
        card = Card("Why?", "Because", box=2, due=TODAY)
        self.assertEqual(card.answered(True, TODAY), Card("Why?", "Because", 3, later(4)))
        self.assertEqual(card.box, 2)

    def test_the_last_box_is_the_fifth(self):
        card = Card("Why?", "Because", box=5, due=TODAY)
        self.assertEqual(card.answered(True, TODAY), Card("Why?", "Because", 5, later(16)))

    def test_a_wrong_answer_moves_it_back_to_the_first(self):
        card = Card("Why?", "Because", box=4, due=TODAY)
        self.assertEqual(card.answered(False, TODAY), Card("Why?", "Because", 1, later(1)))

    def test_which_answers_are_right(self):
        card = Card("Road in German?", "Straße")
        for text, right in (
            ("Straße", True),
            ("  straße ", True),
            ("STRASSE", True),
            ("Strase", False),
            ("", False),
        ):
            with self.subTest(text):
                self.assertIs(card.is_right(text), right)


class TestDeck(unittest.TestCase):
    def test_lines_become_cards(self):
        lines = iter(["# a comment\n", "\n", "Why? | Because\n", " How? |  a | b \n"])
        self.assertEqual(cards.parse_deck(lines), [Card("Why?", "Because"), Card("How?", "a | b")])

    def test_a_broken_line_is_named(self):
        for broken in ("Why?", "Why?|Because", " | Because", "Why? | ", "First? | again"):
            with self.subTest(broken), self.assertRaisesRegex(DeckError, "3"):
                cards.parse_deck(["First? | one\n", "\n", broken + "\n"])


class TestDue(unittest.TestCase):
    def test_the_lowest_box_comes_first_then_the_longest_overdue(self):
        deck = [
            Card("high", "", 3, later(-9)),
            Card("today", "", 2, TODAY),
            Card("tomorrow", "", 1, later(1)),
            Card("overdue", "", 2, later(-1)),
            Card("today too", "", 2, TODAY),
            Card("new", ""),
        ]
        found = [card.question for card in cards.due_cards(deck, TODAY)]
        self.assertEqual(found, ["new", "overdue", "today", "today too", "high"])


class TestMerge(unittest.TestCase):
    def test_progress_is_kept_and_the_deck_decides(self):
        deck = [Card("new?", "n"), Card("changed?", "better answer")]
        saved = [Card("changed?", "old answer", 4, TODAY), Card("gone?", "g", 2, TODAY)]
        self.assertEqual(
            cards.merge(deck, saved), [Card("new?", "n"), Card("changed?", "better answer", 4, TODAY)]
        )


class TestFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "deck.json")

    def test_what_was_saved_is_loaded(self):
        deck = [Card("Größe?", "naïve", 3, TODAY), Card("new?", "n")]
        cards.save(deck, self.path)
        self.assertEqual(cards.load(self.path), deck)

    def test_no_file_is_no_progress(self):
        self.assertEqual(cards.load(self.path), [])

    def test_a_failure_half_way_leaves_the_old_file(self):
        deck = [Card("Why?", "Because", 2, TODAY)]
        cards.save(deck, self.path)
        for broken in (Card("?", object()), Card("?", "!", 1, object())):
            with self.subTest(broken), self.assertRaises(Exception):
                cards.save([*deck, broken], self.path)
            self.assertEqual(cards.load(self.path), deck)

    def test_the_old_file_is_replaced_and_never_written_to(self):
        cards.save([Card("Why?", "Because", 2, TODAY)], self.path)
        before = self.path.stat().st_ino
        cards.save([Card("How?", "So")], self.path)
        self.assertNotEqual(self.path.stat().st_ino, before)

    def test_a_broken_file_is_refused(self):
        good = '[{"question": "a", "answer": "b", "box": 1, "due": "2026-11-30"}]'
        bad_day, no_number, no_box = (
            good.replace("-30", "-31"),
            good.replace("1,", '"x",'),
            good.replace("1,", "6,"),
        )
        for broken in ("", "{", "7", "[7]", "[{}]", bad_day, no_number, no_box):
            self.path.write_text(broken, encoding="utf-8")
            with self.subTest(broken), self.assertRaises(DeckError):
                cards.load(self.path)

    def test_the_error_has_a_cause(self):
        self.path.write_text("[{", encoding="utf-8")
        with self.assertRaises(DeckError) as caught:
            cards.load(self.path)
        self.assertIsInstance(caught.exception.__cause__, ValueError)

    def test_the_file_is_json(self):
        cards.save([Card("Why?", "Because", 2, TODAY)], self.path)
        [saved] = json.loads(self.path.read_text(encoding="utf-8"))
        self.assertEqual(saved, {"question": "Why?", "answer": "Because", "box": 2, "due": "2026-11-30"})


class TestSession(unittest.TestCase):
    DECK = (Card("a?", "a", 2, TODAY), Card("b?", "b", 1, TODAY), Card("c?", "c", 1, later(5)))

    def test_cards_that_are_due_are_asked_and_all_are_returned(self):
        asked = []
        found = cards.session(self.DECK, TODAY, lambda question: asked.append(question) or "b")
        self.assertEqual(asked, ["b?", "a?"])
        self.assertEqual([card.box for card in found], [1, 2, 1])
        self.assertEqual([card.question for card in found], ["a?", "b?", "c?"])

    def test_stopping_keeps_what_was_answered(self):
        answers = iter(["b"])

        def ask(question):
            for answer in answers:
                return answer
            raise EOFError

        found = cards.session(self.DECK, TODAY, ask)
        self.assertEqual(
            [(card.box, card.due) for card in found], [(2, TODAY), (2, later(2)), (1, later(5))]
        )
