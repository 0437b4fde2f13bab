"""The normal forms that typed texts are compared by.

Each takes time linear in the text and is idempotent: the normal form of a normal form is itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

_AS_MEANT = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ׳", "'"),  # noqa: RUF001  they are what phones write
        **dict.fromkeys("“”„‟″״«»‹›「」『』", '"'),  # noqa: RUF001
        **dict.fromkeys("‐‑‒–−﹣־", "-"),  # noqa: RUF001
        **dict.fromkeys("—―", "--"),
        **dict.fromkeys("،、٬", ","),
        **dict.fromkeys("٫۔。", "."),  # noqa: RUF001
        **dict.fromkeys("؟¿", "?"),
        **dict.fromkeys("\u2028\u2029\x85\v\f\r", "\n"),
        "؛": ";",
        "¡": "!",
        "٪": "%",
        "⁄": "/",  # noqa: RUF001
    }
)
"""Punctuation and line ends as phones, word processors and other scripts write them, and the plain ones."""

_BLANKS = frozenset("\u115f\u1160\u2800\ufffc")
"""Letters and signs that show nothing: Hangul fillers, braille without dots, an object that is missing."""

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_RAISED = re.compile(f"[{_SUPERSCRIPTS}]+")
_LOWERED = str.maketrans(_SUPERSCRIPTS, "0123456789+-")
_VARIATIONS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_OPENS = {")": "(", "]": "[", "}": "{"}
_CLOSES = {opening: closing for closing, opening in _OPENS.items()}
_QUOTES = "'\""
_EDGES = frozenset(".,;:!?*_~'\"")
_LEADING = _EDGES - {"."}
_SAYS_NOTHING = frozenset(".,;:!?_~'\"-")
_ARTICLES = frozenset({"a", "an", "the"})
_TAGGED_FENCE = re.compile(r"\s*```[A-Za-z0-9+#-]*\n")


def plain(text: str) -> str:
    """Return the text in plain characters: NFKC, straight quotes and hyphens, without invisible ones.

    Digits and punctuation of other scripts become those of ASCII: ``٤٢٪`` is ``42%``. A raised number
    becomes ``^`` and the number. Lines stay lines; other white space becomes spaces.
    """
    raised = _RAISED.sub(lambda run: f"^{run[0].translate(_LOWERED)}", text.replace("\r\n", "\n"))
    lines = unicodedata.normalize("NFKC", raised).translate(_AS_MEANT)
    # Composed once more, since a letter and its accent may stand together only now.
    return unicodedata.normalize("NFKC", "".join(map(_visible, lines)))


def without_ticks(text: str) -> str:
    """Return the text, which is in plain characters, without Markdown's ticks."""
    return unicodedata.normalize("NFKC", text.replace("`", ""))


def one_line(text: str) -> str:
    """Return the text with each run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def words_form(text: str, *, case: bool) -> str:
    """Return the normal form of prose: words without the punctuation around them, a space between them.

    Capitals are kept with ``case``. ``The Event-Loop.`` becomes ``event loop``; ``-5`` and ``C++`` stay.
    """
    shown = without_ticks(plain(text))
    folded = shown if case else _folded(shown)
    words = [word for token in folded.split() for word in _words_of(token)]
    words = [word for word in words if not _SAYS_NOTHING.issuperset(word)] or words
    start = 0
    while start < len(words) - 1 and words[start].casefold() in _ARTICLES:
        start += 1
    return " ".join(words[start:])


def code_form(text: str, *, exact: bool) -> str:
    """Return the normal form of what a program prints: lines without space at their ends.

    Ticks and fences do not count. Unless ``exact``, neither do the kind of quotes and spaces next to
    punctuation: ``[1,2]`` is ``[1, 2]``.
    """
    text = plain(text)
    if fence := _TAGGED_FENCE.match(text):
        text = text[fence.end() :]
    lines = [line.rstrip() for line in without_ticks(text).strip().split("\n")]
    if not exact:
        lines = [_without_loose_spaces(one_line(line.replace('"', "'"))) for line in lines]
    return "\n".join(lines)


def top_level(text: str) -> str:
    """Return the text with every character inside brackets or quotes blotted out by NUL."""
    depth, quote, seen = 0, "", []
    for char in text:
        hidden = bool(depth or quote) or char in _QUOTES
        if quote:
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
        elif char in _CLOSES:
            depth += 1
        elif char in _OPENS:
            depth = max(depth - 1, 0)
        seen.append("\0" if hidden else char)
    return "".join(seen)


def _visible(char: str) -> str:
    """Return the character, digits in ASCII and white space as a space; "" if it shows nothing."""
    category = unicodedata.category(char)
    if char == "\n":
        return char
    if category in {"Cf", "Cs"} or char in _VARIATIONS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return " " if category in {"Cc", "Zs"} or char in _BLANKS else char


def _folded(text: str) -> str:
    """Return the text without capitals, still in NFKC."""
    once = unicodedata.normalize("NFKC", text.casefold())
    return unicodedata.normalize("NFKC", once.casefold())


def _words_of(token: str) -> Iterator[str]:
    """Yield the words of a token without white space: a hyphen or underscore parts two, a sign does not."""
    token = _bare(token)
    signed = token[:1] in "+-" and token[1:2].isdigit()
    sign, rest = (token[0], token[1:]) if signed else ("", token)
    words = [_bare(part) for part in re.split("[-_]", rest) if part] or [rest]
    yield sign + words[0]
    yield from words[1:]


def _bare(word: str) -> str:
    """Return the word without punctuation at its ends. Brackets stay where they belong to it: ``f(x)``.

    Of a word without letters and digits, such as ``!=``, only quotes are taken off.
    """
    if not any(map(str.isalnum, word)):
        return word.strip(_QUOTES) or word
    counts = Counter(word)
    start, end = 0, len(word)
    while start < end:
        first, last = word[start], word[end - 1]
        closing = _CLOSES.get(first)
        if first in _LEADING or (closing and (last == closing or not counts[closing])):
            counts[first] -= 1
            start += 1
        elif last in _EDGES or (last in _OPENS and not counts[_OPENS[last]]):
            counts[last] -= 1
            end -= 1
        else:
            break
    return word[start:end]


def _without_loose_spaces(line: str) -> str:
    """Return the line without the spaces that stand next to punctuation other than a quote."""
    return "".join(
        char
        for place, char in enumerate(line)
        if char != " " or not (_is_loose(line[place - 1]) or _is_loose(line[place + 1]))
    )


def _is_loose(char: str) -> bool:
    return char not in _QUOTES and unicodedata.category(char)[0] in "PS"
