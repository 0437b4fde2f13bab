"""Learn a deck of flashcards, a few each day: python cards.py deck.txt

A card moves one box up for a right answer, up to box 5, and back to box 1 for a wrong one. The higher its
box, the longer it rests before it is due again.
"""

import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

DAYS = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16}
"""How many days a card rests in each box after it was answered."""


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
        raise NotImplementedError

    def answered(self, right, today):
        """Return the card as it is after an answer today. This one stays as it is."""
        raise NotImplementedError


def parse_deck(lines):
    """Return the cards of any iterable of lines.

    Empty lines and lines that begin with # are skipped. Raise DeckError with the line's number, counted
    from 1, for a line without ` | `, without a question or an answer, or with a question that was there
    before. An answer may contain ` | `.
    """
    raise NotImplementedError


def due_cards(cards, today):
    """Return the cards that are due today: the lowest box first, in a box the longest overdue first.

    Cards that are equal in both stay in the order of the deck.
    """
    raise NotImplementedError


def merge(cards, saved):
    """Return the cards of the deck, each with the box and day of the saved card of the same question."""
    raise NotImplementedError


def save(cards, path):
    """Write all cards to a file as JSON. If that fails half way, the old file is still whole."""
    raise NotImplementedError


def load(path):
    """Return the saved cards; none if there is no such file.

    Raise DeckError, with the original error as its cause, for a file that isn't what `save` writes.
    """
    raise NotImplementedError


def session(cards, today, ask):
    """Ask for each card that is due, and return all cards in the order of the deck, as they are then.

    `ask` is called with a question and returns what was typed. If it raises EOFError, the session ends,
    and what was answered before counts.
    """
    raise NotImplementedError


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
