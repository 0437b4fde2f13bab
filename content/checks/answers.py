"""Rules for answers that are typed: what is accepted, what has feedback, and what gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from content.checks.findings import Finding, Places, Severity
from content.checks.keys import Judge
from content.kinds import Question
from content.kinds.matching import Matching, NumberMatching, TextMatching, compiled_pattern

_PROBES = ("x", "no idea", "something else entirely", "0", "42")
"""Texts that no pattern should let through, unless they are declared."""

_SHORTEST_GIVEAWAY = 3
"""Letters from which a word in the stem is taken for the answer."""

_LIST = re.compile(r"\w\W* or \W*\w", re.IGNORECASE)


def check_answers(question: Question, places: Places, judge: Judge) -> Iterator[Finding]:
    """Check the typed answers of one question; none for a question that is not typed."""
    matching = question.matching
    if matching is None:
        return
    yield from _accepted(question, matching, places, judge)
    yield from _mistakes(question, matching, places, judge)
    yield from _repeated_mistakes(question, matching, places, judge)
    if isinstance(matching, TextMatching):
        yield from _lists(question, matching, places)
        yield from _aliases(question, matching, places, judge)
        yield from _pattern(question, matching, places, judge)
        yield from _giveaways(question, matching, places)


def _accepted(question: Question, matching: Matching, places: Places, judge: Judge) -> Iterator[Finding]:
    """Check that what is declared is accepted, and what is to be refused is not."""
    texts = matching.accept if isinstance(matching, TextMatching) else (matching.shown,)
    for index, text in enumerate(texts):
        if judge(matching, text) is not True:
            place = places.of_question(question.id, "answer", "accept", index)
            yield Finding(*place, f"'{text}' is declared and not accepted", check="answers")
    refused = matching.refuse if isinstance(matching, TextMatching) else ()
    for index, text in enumerate(refused):
        if judge(matching, text):
            place = places.of_question(question.id, "answer", "refuse", index)
            yield Finding(*place, f"'{text}' is to be refused and is accepted", check="answers")


def _mistakes(question: Question, matching: Matching, places: Places, judge: Judge) -> Iterator[Finding]:
    """Check that each mistake is wrong and can be read: else nobody would see its feedback."""
    for index, mistake in enumerate(question.known_mistakes):
        for number, text in enumerate(mistake.answers):
            judged = judge(matching, text)
            place = places.of_question(question.id, "mistakes", index, "answers", number)
            if judged:
                yield Finding(*place, f"the mistake '{text}' is accepted as right", check="answers")
            elif judged is None:
                message = f"the mistake '{text}' can't be read as one answer"
                yield Finding(*place, message, "Nobody would see its feedback.", check="answers")


def _repeated_mistakes(
    question: Question, matching: Matching, places: Places, judge: Judge
) -> Iterator[Finding]:
    """Check that no wrong answer stands under two mistakes, or twice: only the first would be seen."""
    before: list[str] = []
    for index, mistake in enumerate(question.known_mistakes):
        for number, text in enumerate(mistake.answers):
            if any(_same(matching, judge, each, text) for each in before):
                place = places.of_question(question.id, "mistakes", index, "answers", number)
                message = f"the mistake '{text}' is the same answer as one before it"
                yield Finding(*place, message, "Nobody would see this feedback.", check="answers")
            before.append(text)


def _same(matching: Matching, judge: Judge, one: str, other: str) -> bool:
    """Tell whether two wrong answers are the same; numbers with a unit only if they are written alike."""
    if isinstance(matching, NumberMatching):
        try:
            return Decimal(one) == Decimal(other)
        except InvalidOperation:
            return one.casefold() == other.casefold()
    only = {"accept": (one,), "pattern": None, "typos": 0, "refuse": ()}
    return bool(judge(matching.model_copy(update=only), other))


def _lists(question: Question, matching: TextMatching, places: Places) -> Iterator[Finding]:
    """Check that no accepted text is a list of answers, none of which would be accepted by itself."""
    for index, text in enumerate(matching.accept):
        if matching.form == "words" and _LIST.search(text):
            place = places.of_question(question.id, "answer", "accept", index)
            hint = "List each of them under `accept`."
            yield Finding(*place, f"'{text}' reads like several answers", hint, check="answers")


def _aliases(question: Question, matching: TextMatching, places: Places, judge: Judge) -> Iterator[Finding]:
    """Check that no accepted text says what another one says already."""
    for index, text in enumerate(matching.accept):
        before = matching.accept[:index]
        only = {"accept": before, "pattern": None, "typos": 0}
        if before and judge(matching.model_copy(update=only), text):
            place = places.of_question(question.id, "answer", "accept", index)
            message = f"'{text}' is the same answer as one before it"
            yield Finding(*place, message, "Leave it out.", check="answers", severity=Severity.WARNING)


def _pattern(question: Question, matching: TextMatching, places: Places, judge: Judge) -> Iterator[Finding]:
    """Check that the pattern lets neither anything nor a denial of the answer through."""
    if matching.pattern is None:
        return
    place = places.of_question(question.id, "answer", "pattern")
    if compiled_pattern(matching.pattern, case=matching.keeps_case).fullmatch(""):
        hint = "Leave out what makes all of it optional."
        yield Finding(*place, "the pattern lets an empty text through", hint, check="answers")
        return
    denials = [f"not {text}" for text in matching.accept] + [f"{text} {text}" for text in matching.accept]
    for text in (*_PROBES, *denials):
        if judge(matching, text):
            yield Finding(*place, f"the pattern lets '{text}' through", "Narrow it.", check="answers")
            return


def _giveaways(question: Question, matching: TextMatching, places: Places) -> Iterator[Finding]:
    """Check that neither the stem nor a hint has the answer in it."""
    for path, text in question.texts():
        if path[0] not in ("stem", "hints"):
            continue
        for answer in matching.accept:
            if len(answer) >= _SHORTEST_GIVEAWAY and _holds(text, answer):
                place = places.of_question(question.id, *path)
                yield Finding(*place, f"the answer '{answer}' stands in it", check="answers")


def _holds(text: str, answer: str) -> bool:
    found = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE)
    return found is not None
