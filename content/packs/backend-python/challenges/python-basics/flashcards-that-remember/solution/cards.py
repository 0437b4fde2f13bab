"""Learn a deck of flashcards, a few each day: python cards.py deck.txt"""

import json
import os
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

DAYS = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16}


class DeckError(Exception):
    """A file that can't be read as a deck or as saved progress; the text says why."""


@dataclass(frozen=True)
class Card:
    """A question with its answer. A new card is in box 1 and due at once."""

    question: str
    answer: str
    box: int = 1
    due: date = date.min

    def is_right(self, text):
        """Tell if a typed text is the answer. Case and the spaces around it don't count."""
        return text.strip().casefold() == self.answer.casefold()

    def answered(self, right, today):
        """Return the card as it is after an answer today. This one stays as it is."""
        box = min(self.box + 1, max(DAYS)) if right else 1
        return replace(self, box=box, due=today + timedelta(days=DAYS[box]))


def parse_deck(lines):
    """Return the cards of any iterable of lines."""
    found = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        question, bar, answer = line.partition(" | ")
        question, answer = question.strip(), answer.strip()
        if not (bar and question and answer):
            raise DeckError(f"line {number}: not a question, a bar and an answer")
        if question in found:
            raise DeckError(f"line {number}: this question was there before")
        found[question] = Card(question, answer)
    return list(found.values())


def due_cards(cards, today):
    """Return the cards that are due today: the lowest box first, in a box the longest overdue first."""
    due = (card for card in cards if card.due <= today)
    return sorted(due, key=lambda card: (card.box, card.due))


def merge(cards, saved):
    """Return the cards of the deck, each with the box and day of the saved card of the same question."""
    known = {card.question: card for card in saved}
    return [
        replace(card, box=known[card.question].box, due=known[card.question].due)
        if card.question in known
        else card
        for card in cards
    ]


def save(cards, path):
    """Write all cards to a file as JSON. If that fails half way, the old file is still whole."""
    text = json.dumps([vars(card) | {"due": card.due.isoformat()} for card in cards], ensure_ascii=False)
    new = Path(f"{path}.new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)


def load(path):
    """Return the saved cards; none if there is no such file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    try:
        return [_card(each) for each in json.loads(text)]
    except (ValueError, TypeError, KeyError) as error:
        raise DeckError(f"{path} is not saved progress") from error


def _card(each):
    if each["box"] not in DAYS:
        raise ValueError(f"there is no box {each['box']}")
    return Card(each["question"], each["answer"], each["box"], date.fromisoformat(each["due"]))


def session(cards, today, ask):
    """Ask for each card that is due, and return all cards in the order of the deck."""
    after = {card.question: card for card in cards}
    for card in due_cards(cards, today):
        try:
            text = ask(card.question)
        except EOFError:
            break
        after[card.question] = card.answered(card.is_right(text), today)
    return list(after.values())


def main(arguments):
    """Run one session on a deck. Progress is saved next to it, with the ending .json."""
    deck = Path(arguments[0])
    progress = deck.with_suffix(".json")
    try:
        with open(deck, encoding="utf-8") as lines:
            cards = merge(parse_deck(lines), load(progress))
    except (OSError, DeckError) as error:
        print(f"cards: {error}", file=sys.stderr)
        return 1
    today = date.today()
    cards = session(cards, today, lambda question: input(f"{question} "))
    save(cards, progress)
    print(f"{len(due_cards(cards, today + timedelta(days=1)))} due tomorrow")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
