"""Names and texts as people mean them, without what is only there to be unseen.

Cleaned once, where they come in, by the properties that Unicode gives to each character (``regex`` knows
them, and newer ones than Python's own tables). A text that shows nothing comes out empty, so that the core
has one test for it. Every function here is pure, takes any text, and changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from unicodedata import normalize

import regex

NAME_LENGTH = 60
"""Characters of a name, at most."""


OPENING, CLOSING = "\ufdd0", "\ufdd1"
"""Noncharacters of Unicode that mark our tokens within texts: nobody can type them."""

ELLIPSIS = "…"
FSI, PDI = "\u2068", "\u2069"
"""First strong isolate, pop directional isolate: what is between them moves nothing outside (UAX #9)."""

_DEEPEST = 2
"""Isolates within one another in a text of ours: a name in a sentence that is isolated itself."""

_MARKS = 4
"""Marks in a row that a letter can need: pointed Hebrew with an accent has as many."""

_BREAK = regex.compile(r"\r\n|[\r\v\f\x1C-\x1E\x85\u2028\u2029]")
_SPACES = regex.compile(r"\s+")
# Blank letters and signs, which are as wide as a space: Hangul fillers, braille without dots, and the like.
_BLANK = regex.compile(r"[\u2800\u3164\uFFA0\U0001D159\U00013441\U00013442]")
_UNSEEN = regex.compile(
    r"""[[\p{Control}\p{Format}\p{Surrogate}\p{Private_Use}\p{Unassigned}\p{Default_Ignorable_Code_Point}\uFFFC]
    --[\n\t\u180E\u200C\u200D\p{Variation_Selector}\U000E0020-\U000E007F
    \p{Prepended_Concatenation_Mark}\p{Extended_Pictographic}]]""",
    regex.VERSION1 | regex.VERBOSE,
)
# Letters, marks and digits of the scripts in which a joiner changes how a word is written.
_JOINED = (
    r"[[\p{L}\p{M}\p{Nd}]--[\p{ASCII}\p{Latin}\p{Greek}\p{Cyrillic}\p{Armenian}\p{Georgian}\p{Hebrew}\p{Han}"
    r"\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\u0300-\u036F\u20D0-\u20FF\p{Variation_Selector}]]"
)
_STEERING = r"[\u180E\u200C\u200D\p{Variation_Selector}\U000E0020-\U000E007F]"
_GLUE = regex.compile(
    rf"""(?=[\U0001F3F4{_STEERING}])(?:(?P<needed>  # looked for first, since most texts have none
      \U0001F3F4[\U000E0030-\U000E0039\U000E0061-\U000E007A]{{2,6}}\U000E007F    # the flag of a region
    | (?<=[\p{{Extended_Pictographic}}\p{{Emoji_Modifier}}\uFE0F])\u200D(?=\p{{Extended_Pictographic}})
    | (?<={_JOINED})\u200C(?={_JOINED}) | (?<={_JOINED})\u200D
    | (?<=[\p{{Emoji}}--\p{{ASCII}}])[\uFE0E\uFE0F] | (?<=[0-9\#*])\uFE0F(?=\u20E3)
    | (?<=\p{{Han}})[\uFE00-\uFE0D\U000E0100-\U000E01EF]
    | (?<=[\p{{Sm}}\p{{Myanmar}}\p{{Phags_Pa}}\p{{Manichaean}}])[\uFE00-\uFE02]
    | (?<=[\p{{Mongolian}}&&\p{{L}}])(?:[\u180B-\u180D\u180F]|\u180E(?=\p{{Mongolian}}))
    )|{_STEERING})""",
    regex.VERSION1 | regex.VERBOSE,
)
_JOINERS = regex.compile(r"(?<=[\u200C\u200D])[\u200C\u200D]+")
_PILED = regex.compile(rf"(?<=[\p{{Mn}}\p{{Me}}]{{{_MARKS}}})[\p{{Mn}}\p{{Me}}]+")
_BASELESS = regex.compile(r"(?<!\S)\p{M}+")
_SEEN = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}\p{Prepended_Concatenation_Mark}\p{Extended_Pictographic}]")
_FROM_THE_RIGHT = regex.compile(r"[\p{bc=R}\p{bc=AL}\p{bc=AN}]")
_ISOLATE = regex.compile(rf"{FSI}[^{FSI}{PDI}]*{PDI}")
_CLUSTER = regex.compile(r"\X")
# Whatever looks like a double quotation mark; not single ones, which are apostrophes too.
_QUOTATION = regex.compile(
    r"[\p{Quotation_Mark}\u02BA\u02EE\u2033\u2036\u275D\u275E\u3003\U0001F676-\U0001F678"
    r"--['\u2018-\u201B\u2039\u203A\uFF07]]",
    regex.VERSION1,
)


def storable(text: str) -> str:
    """``text`` with U+FFFD for each half of a character and without NULs: no database takes either.

    Two halves that belong together become the character.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def clean_text(text: str) -> str:
    """Return what is seen of ``text``, in as many lines; empty when nothing is.

    Joiners, variation selectors and tags stay where spelling or an emoji needs them. Left out is what only
    steers other characters or shows nothing, and all but the first marks of a pile.
    """
    if text.isascii() and text.isprintable():
        return text if text.strip() else ""
    return _stable(_cleaned_text, text)


@lru_cache(maxsize=4096)
def clean_name(name: str, limit: int = NAME_LENGTH) -> str:
    """Return what is seen of a name: one line, composed (NFC), of at most ``limit`` characters.

    Empty for a name that shows nothing.

    >>> clean_name("  Ana   B. ")
    'Ana B.'
    """
    if name.isascii() and name.isprintable():
        return cut(" ".join(name.split()), limit)
    return cut(_stable(_cleaned_line, name), limit)


def visible(text: str) -> str:
    """``text`` of our own on one line, without what is not seen; moments and pairs of isolates stay."""
    if text.isascii() and text.isprintable():
        return text.strip()
    parts = regex.split(f"([{FSI}{PDI}{OPENING}{CLOSING}])", " ".join(text.split()))
    # What people write never holds these four: see ``_UNSEEN``.
    return "".join(
        part if number % 2 else _without_unseen(part) for number, part in enumerate(parts)
    ).strip()


def isolated(text: str) -> str:
    """``text``, in an isolate if anything in it is written from right to left and moves its neighbours.

    For each name, title or text of somebody's that is in one line with other words. A text that is written
    from left to right stays as it is.
    """
    if text.isascii() or not _FROM_THE_RIGHT.search(_ISOLATE.sub("", text)):
        return text
    return f"{FSI}{text}{PDI}"


def quoted(name: str) -> str:
    """A name in quotation marks, which it cannot close itself: no words of ours can be part of it."""
    unquoted = _QUOTATION.sub("'", name)
    return f"“{isolated(unquoted)}”"


def echoed(text: str, limit: int = NAME_LENGTH) -> str:
    """Return what somebody typed, to be told back to them within a sentence."""
    return isolated(cut(visible(text), limit))


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters; an ellipsis says that some are missing. No letter is cut in two.

    >>> cut("Authentication", 8)
    'Authent…'
    """
    return text if len(text) <= limit else ended(beginning(text, limit).rstrip(), limit)


def shorten(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, cut after a word of the last half, or between letters."""
    if len(text) <= limit:
        return text
    room = beginning(text, limit)
    at_word = room.rsplit(None, 1)[0] if " " in room.strip() else room
    kept = at_word if len(at_word) * 2 >= len(room) else room
    return ended(kept.rstrip("\\ "), limit)


def beginning(text: str, limit: int) -> str:
    """As many whole letters, and whole moments, as leave room in ``limit`` for what :func:`ended` adds."""
    kept = whole_letters(text, max(limit - len(ELLIPSIS) - min(text.count(FSI), _DEEPEST), 0))
    return kept[: kept.rindex(OPENING)] if kept.rfind(OPENING) > kept.rfind(CLOSING) else kept


def ended(kept: str, limit: int) -> str:
    """The beginning of a text with an ellipsis; an isolate that the cut has left open is closed."""
    still_open = max(kept.count(FSI) - kept.count(PDI), 0)
    return (kept + ELLIPSIS + PDI * still_open)[:limit]


def whole_letters(text: str, limit: int) -> str:
    """The beginning of ``text`` in at most ``limit`` characters that ends where a letter ends.

    A letter is what is read as one: an accent, a vowel sign or the members of an emoji family belong to it.
    One that is longer than ``limit`` is cut all the same.
    """
    kept = 0
    for cluster in _CLUSTER.finditer(text, endpos=min(len(text), limit + 1)):
        if cluster.end() > limit:
            break
        kept = cluster.end()
    return text[: kept or limit]


def first_letter(text: str) -> str:
    """Return the first letter as it is read, with its accents; empty for an empty text."""
    found = _CLUSTER.match(text)
    return found[0] if found else ""


def _stable(once: Callable[[str], str], text: str) -> str:
    """Repeat a change until it changes nothing: leaving something out makes new neighbours."""
    while (result := once(text)) != text:
        text = result
    return text


def _cleaned_text(text: str) -> str:
    lines = _BREAK.sub("\n", storable(text))
    seen = _PILED.sub("", _without_unseen(lines))
    return seen if _SEEN.search(seen) else ""


def _cleaned_line(text: str) -> str:
    line = _without_unseen(" ".join(storable(text).split()))
    seen = _PILED.sub("", _BASELESS.sub("", normalize("NFC", " ".join(line.split()))))
    return seen if _SEEN.search(seen) else ""


def _without_unseen(text: str) -> str:
    seen = _JOINERS.sub("", _UNSEEN.sub("", _BLANK.sub(" ", text)))
    return str(_GLUE.sub(lambda found: found["needed"] or "", seen))


_CLOSING_QUOTES = "\"'”’»"


def clause(text: str) -> str:
    """Return the text without its full stop, so that a sentence of ours can continue after it.

    >>> clause("I lack a permission.")
    'I lack a permission'
    """
    return text.rstrip(". \t\n")


def sentence(text: str) -> str:
    """Return the text with exactly one mark at its end.

    >>> sentence("I lack a permission"), sentence("Who knows?")
    ('I lack a permission.', 'Who knows?')
    """
    text = text.rstrip()
    text = f"{clause(text)}…" if text.endswith("...") else clause(text)
    said = text.rstrip(_CLOSING_QUOTES)
    closed = said.endswith(("?", "!", "…")) or (said != text and said.endswith("."))
    return text if closed or not text else f"{text}."
