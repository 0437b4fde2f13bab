"""Checks of words that give a key away, that point at a place on the screen, or that do not fit a chat."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator

from content.checks.findings import Finding, Places, Severity
from content.checks.text import code_lines, normalised, without_code
from content.kinds import LineQuestion, MatchQuestion, Question
from content.kinds.base import Path

LINE = 72
"""Characters of the longest line of code that a phone shows without folding it badly."""

SHORTEST_TELLING = 3
"""Characters from which a left side gives a pair away that stands in the right one."""

_ALL_OR_NONE = re.compile(
    r"\b(all|any|both|neither|none|either) of (the (above|below|others?|options|answers)"
    r"|these (options|answers))\b",
    re.IGNORECASE,
)
_POSITION = re.compile(
    r"\b(?:[Oo]ptions?|[Aa]nswer|[Cc]hoice) (?:[A-E]|[1-5])\b"
    r"|\b(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ll]ast) (?:option|answer)s?\b"
    r"|\b(?:[Tt]he|[Ss]ee|[Aa]s|[Ss]hown|[Ll]isted|[Mm]entioned|options?|answers?|choices?|code"
    r"|snippet|example|[Oo]ne) (?:above|below)\b"
    r"|\b(?:[Aa]bove|[Bb]elow) (?:option|answer|choice|code|snippet|example)s?\b"
)
_QUOTED = re.compile(r'"[^"]*"')
_LOUD_NOT = re.compile(r"\bNOT\b(?! (?:NULL|IN|EXISTS|LIKE|BETWEEN)\b)")
_QUIET_NOT = re.compile(
    r"\b(?:which|what)(?: \w+){0,2}(?: of (?:these|the following)(?: \w+){0,2})?"
    r" (?:is|are|does|do|was|will|would|can|should) (?-i:not)\b[^.]*\?"
    r"|\b(?:of these|the following)\b[^.?]*\b(?-i:except)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(an?)\W*$", re.IGNORECASE)
_VOWEL = re.compile(r"\W*[aeiou]", re.IGNORECASE)
_VERB = re.compile(r"\b(is|was|are|were)\W*$", re.IGNORECASE)
_PLURAL = re.compile(r"\w[^\Ws]s\W*$")


def check_wording(question: Question, places: Places) -> Iterator[Finding]:
    """Check every rule about the words of one question."""
    yield from _options(question, places)
    yield from _stem(question, places)
    yield from _pointing(question, places)
    yield from _praise(question, places)
    yield from _telling_pairs(question, places)
    yield from _long_lines(question, places)


def is_negative(question: Question) -> bool:
    """Tell whether the stem asks, in capitals, for what is NOT so. SQL's own NOT does not count."""
    return bool(_LOUD_NOT.search(without_code(question.stem)))


def check_code(questions: Iterable[Question], places: Places) -> Iterator[Finding]:
    """Yield what keeps the code of a line question from compiling, as it is and with the line fixed."""
    for question in questions:
        if not isinstance(question, LineQuestion) or question.code.language != "python":
            continue
        sources = {"code": question.code.source, "fixed": question.fixed_source}
        for key, source in sources.items():
            try:
                ast.parse(source)
            except SyntaxError as error:
                place = places.of_question(question.id, key)
                yield Finding(*place, f"the code can't be compiled: {error.msg}", check="wording")


def _options(question: Question, places: Places) -> Iterator[Finding]:
    for group in question.rivals():
        seen: dict[str, str] = {}
        for path, id_, text in group:
            place = places.of_question(question.id, *path)
            if found := _ALL_OR_NONE.search(without_code(text)):
                yield Finding(*place, f"the {_singular(path)} says '{found[0]}'", check="bias")
            twin = seen.setdefault(normalised(text), id_)
            if twin != id_:
                yield Finding(*place, f"the {_singular(path)} reads like '{twin}'", check="bias")


def _singular(path: Path) -> str:
    return {"options": "option", "items": "item", "pairs": f"{path[-1]} side"}[str(path[0])]


def _stem(question: Question, places: Places) -> Iterator[Finding]:
    place = places.of_question(question.id, "stem")
    stem = without_code(question.stem)
    if _QUIET_NOT.search(stem):
        yield Finding(*place, "a negative that is easy to miss", "Write NOT.", check="bias")
    if _article_cue(stem, question) or _number_cue(stem, question):
        message = "the last word of the stem fits the key and no other option"
        yield Finding(*place, message, check="bias", severity=Severity.WARNING)


def _article_cue(stem: str, question: Question) -> bool:
    """Tell whether the stem ends with a or an, and only the key begins with a sound that fits."""
    ending = _ARTICLE.search(stem)
    if not ending:
        return False
    with_vowel = ending[1].lower() == "an"
    return _only_key(question, lambda option: bool(_VOWEL.match(option)) is with_vowel)


def _number_cue(stem: str, question: Question) -> bool:
    """Tell whether the stem ends with a verb, and only the key agrees with it in number."""
    ending = _VERB.search(stem)
    if not ending:
        return False
    plural = ending[1].lower() in ("are", "were")
    return _only_key(question, lambda option: bool(_PLURAL.search(option)) is plural)


def _only_key(question: Question, fits: Callable[[str], bool]) -> bool:
    choices = question.choices
    return bool(choices) and all(fits(option.text) is option.correct for option in choices)


def _pointing(question: Question, places: Places) -> Iterator[Finding]:
    """Check for words such as "above": options are shuffled and feedback is a message of its own."""
    for path, text in question.texts():
        prose = _QUOTED.sub(" ", without_code(text))
        if path != ("stem",) and (found := _POSITION.search(prose)):
            hint = "Say what the option says: options are shuffled."
            place = places.of_question(question.id, *path)
            yield Finding(*place, f"'{found[0]}' refers to a place", hint, check="wording")


def _praise(question: Question, places: Places) -> Iterator[Finding]:
    for index, option in enumerate(question.choices):
        if option.correct and re.match(r"\W*correct\b", option.feedback, re.IGNORECASE):
            place = places.of_question(question.id, "options", index, "feedback")
            hint = "The bot has already said so. Add something new."
            yield Finding(*place, "the feedback begins with 'Correct'", hint, check="wording")


def _telling_pairs(question: Question, places: Places) -> Iterator[Finding]:
    """Check that no right side has its left side in it, which nobody would have to know."""
    if not isinstance(question, MatchQuestion):
        return
    for index, pair in enumerate(question.pairs):
        left = normalised(pair.left)
        holding = [other.id for other in question.pairs if f" {left} " in f" {normalised(other.right)} "]
        if len(left) >= SHORTEST_TELLING and holding == [pair.id]:
            place = places.of_question(question.id, "pairs", index, "right")
            yield Finding(*place, "the right side repeats the left one", "Say it otherwise.", check="bias")


def _long_lines(question: Question, places: Places) -> Iterator[Finding]:
    code = [(("code",), question.code.source.splitlines())] if question.code else []
    blocks = [(path, code_lines(text)) for path, text in question.texts()]
    for path, lines in (*code, *blocks):
        longest = max(map(len, lines), default=0)
        if longest > LINE:
            place = places.of_question(question.id, *path)
            message = f"a line of code has {longest} characters, {LINE} at most"
            yield Finding(*place, message, check="wording")
