"""Tells if a typed answer is one that its question accepts.

The form of a list ("GET or POST") is refused before it is compared, right or wrong, so that nobody finds
the answer by listing guesses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from rapidfuzz.distance import OSA

from bot.domain.questions.match_reason import MatchReason
from bot.domain.questions.normalise import code_form, one_line, plain, top_level, without_ticks, words_form
from bot.domain.questions.quantity import is_within, read_number
from content.kinds.matching import Matching, NumberMatching, TextMatching, compiled_pattern

LONGEST = {"words": 300, "code": 1000, "number": 60}
"""Characters of an answer that are read, by the form of the question."""

_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
_SEPARATORS = {
    "words": {
        "newline": re.compile(r"\n"),
        "comma": _COMMA,
        "semicolon": re.compile(r";"),
        "bar": re.compile(r"\|"),
        "slash": re.compile(r"/"),
        "or": re.compile(r"\b(?:or|vs|versus)\b", re.IGNORECASE),
        "and": re.compile(r"\band\b|(?<!\S)&(?!\S)", re.IGNORECASE),
    },
    "code": {
        "comma": _COMMA,
        "slash": re.compile(r" / "),
        "or": re.compile(r"\bor\b"),
    },
}
"""The marks between candidates. One that an accepted text has in it stands between none."""

_LONG_WORD, _VERY_LONG_WORD = 6, 10
"""Letters from which a word may have one wrong letter, and two."""


@dataclass(frozen=True, slots=True)
class Match:
    """Result of matching: ``score`` is 1 for an accepted answer, else 0; ``detail`` says why."""

    accepted: bool
    score: float
    detail: MatchReason


def accepts(spec: Matching, text: str) -> Match:
    """Hold a typed answer against what its question accepts. Never raises, whatever the text.

    >>> accepts(TextMatching(accept=("GET",)), "get or post").detail
    <MatchReason.SEVERAL: 'several'>
    """
    reason = _number(spec, text) if isinstance(spec, NumberMatching) else _text(spec, text)
    return Match(reason.accepts, float(reason.accepts), reason)


def judge(spec: Matching, text: str) -> bool | None:
    """Return True for an accepted answer, False for a wrong one, None for one that can't be read as one."""
    reason = accepts(spec, text).detail
    return None if reason.refuses else reason.accepts


def same_answer(spec: Matching, one: str, other: str) -> bool:
    """Return True when two typed texts are the same answer to the question, right or wrong."""
    if isinstance(spec, NumberMatching):
        number = read_number(spec, one)
        return not isinstance(number, MatchReason) and number == read_number(spec, other)
    return normal_form(spec, one) == normal_form(spec, other)


def normal_form(spec: TextMatching, text: str) -> str:
    """Return what a text is compared by: texts with the same normal form are the same answer."""
    if spec.form == "code":
        return code_form(text, exact=spec.exact)
    return words_form(text, case=spec.case)


def _number(spec: NumberMatching, text: str) -> MatchReason:
    if len(text) > LONGEST["number"]:
        return MatchReason.TOO_LONG
    if not any(map(str.isalnum, words_form(text, case=True))):
        return MatchReason.NO_NUMBER if plain(text).strip(" \n`") else MatchReason.EMPTY
    number = read_number(spec, text)
    if isinstance(number, MatchReason):
        return number
    if number == spec.value:
        return MatchReason.EXACT
    return MatchReason.TOLERANCE if is_within(spec, number) else MatchReason.WRONG


def _text(spec: TextMatching, text: str) -> MatchReason:
    if len(text) > LONGEST[spec.form]:
        return MatchReason.TOO_LONG
    form = normal_form(spec, text)
    if not form or _says_nothing(spec, form):
        return MatchReason.EMPTY
    if form in _forms(spec, spec.accept):
        return MatchReason.EXACT
    if _lists_several(spec, text):
        return MatchReason.SEVERAL
    if form in _forms(spec, spec.refuse):
        return MatchReason.WRONG
    if _fits_the_pattern(spec, form, text):
        return MatchReason.PATTERN
    if spec.typos and any(_is_typo(form, right, spec.typos) for right in _forms(spec, spec.accept)):
        return MatchReason.TYPO
    return MatchReason.WRONG


def _says_nothing(spec: TextMatching, form: str) -> bool:
    """Return True for prose without a letter or digit, such as ``?``, unless an accepted text has none."""
    return (
        spec.form == "words"
        and not any(map(str.isalnum, form))
        and all(any(map(str.isalnum, accepted)) for accepted in _forms(spec, spec.accept))
    )


@lru_cache(maxsize=4096)
def _forms(spec: TextMatching, texts: tuple[str, ...]) -> frozenset[str]:
    """Return the normal forms of declared texts, computed once for each question."""
    return frozenset(normal_form(spec, text) for text in texts)


def _fits_the_pattern(spec: TextMatching, form: str, text: str) -> bool:
    """Return True when the pattern matches all of the normal form, or all of the text as it was typed."""
    if spec.pattern is None:
        return False
    pattern = compiled_pattern(spec.pattern, case=spec.keeps_case)
    return any(pattern.fullmatch(each) for each in (form, one_line(without_ticks(plain(text)))))


def _lists_several(spec: TextMatching, text: str) -> bool:
    """Return True when the text has the form of a list of candidates, right or wrong."""
    shown = _laid_open(spec, text)
    if spec.form == "words" and re.match(r"either\b", shown, re.IGNORECASE):
        return True
    return any(
        sum(1 for part in separator.split(shown) if part.strip()) > 1 for separator in _separators_of(spec)
    )


@lru_cache(maxsize=4096)
def _separators_of(spec: TextMatching) -> tuple[re.Pattern[str], ...]:
    """Return the separators that no accepted text has in it."""
    accepted = [_laid_open(spec, text) for text in spec.accept]
    return tuple(
        separator
        for separator in _SEPARATORS[spec.form].values()
        if not any(map(separator.search, accepted))
    )


def _laid_open(spec: TextMatching, text: str) -> str:
    """Return the text in which separators count: in code, those outside brackets and quotes."""
    shown = plain(text).replace("`", " ")
    return top_level(shown) if spec.form == "code" else shown.strip()


def _is_typo(form: str, right: str, most: int) -> bool:
    """Return True when the words are the same but for a few wrong letters in long ones.

    The first letter of a word has to be right: ``a`` and ``un`` in front turn a meaning around.
    """
    typed_words, right_words = form.split(), right.split()
    if len(typed_words) != len(right_words):
        return False
    wrong = 0
    for typed, meant in zip(typed_words, right_words, strict=True):
        if typed != meant:
            wrong += _wrong_letters(typed, meant, most)
    return wrong <= most


def _wrong_letters(typed: str, meant: str, most: int) -> int:
    """Return how many letters are wrong, or more than ``most`` where none may be."""
    allowed = (len(meant) >= _LONG_WORD) + (len(meant) >= _VERY_LONG_WORD)
    if typed[0] != meant[0] or not all(map(str.isalpha, chain(typed, meant))):
        return most + 1
    wrong = OSA.distance(typed, meant, score_cutoff=min(most, allowed))
    return wrong if wrong <= allowed else most + 1
