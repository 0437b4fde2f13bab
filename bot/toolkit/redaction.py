"""Text without secrets: each is replaced by ``***``, be it known as one or written where secrets are.

Two sources: values that the process knows, such as its tokens (``withhold``), in every form in which they
travel; and places, such as the last part of a webhook's address, for secrets that arrive while it runs.
What people write has no such form. It is left out of what is told while their act is served (``discreet``).
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

MARK = "***"

LEAST = 4
"""Characters of a secret, at least; a shorter one is in every other word, and is replaced only where
secrets are written.
"""

_FRAGMENT = 6
"""Characters of a secret that are too many to be there by chance, where a text was cut off."""

Instead = str | Callable[[re.Match[str]], str]
"""Replacement for what a pattern matches, as ``re.sub`` takes it."""

_BROKEN = 12
"""Characters of a secret that is also found where something divides it, such as a line break. Parts of a
shorter one may follow each other by chance."""

_known: dict[str, None] = {}
_forms: tuple[str, ...] = ()
_joined: dict[str, None] = {}
_words: ContextVar[tuple[_Texts, ...]] = ContextVar("words", default=())


def withhold(value: str) -> None:
    """Replace this value from now on, whatever the text. Of an address, only its passwords are secret."""
    _keep_back(_secrets_in(value))


def withhold_passwords(value: str) -> None:
    """Replace the passwords from now on if this is an address, be it a wrong one. Else do nothing."""
    _keep_back(_passwords_in(value.strip()))


def withhold_where(pattern: str, instead: Instead = MARK) -> None:
    """Replace, from now on, what is written in this way: a platform knows how its own secrets look."""
    place = (re.compile(pattern, re.DOTALL), instead)
    if place not in _PLACES:
        _PLACES.append(place)


@dataclass(slots=True)
class _Texts:
    texts: Iterable[str]

    def found(self) -> frozenset[str]:
        """Return those that are long enough to be looked for."""
        if not isinstance(self.texts, frozenset):
            self.texts = frozenset(text for text in self.texts if len(text) >= LEAST)
        return self.texts


@contextmanager
def discreet(texts: Iterable[str]) -> Iterator[None]:
    """Leave these texts and their words out of messages of errors and of what is filled into log lines.

    It holds for this task and the tasks that it begins, until the block is left. The texts are looked for
    when there is something to tell, which is seldom.
    """
    told = _words.set((*_words.get(), _Texts(texts)))
    try:
        yield
    finally:
        _words.reset(told)


def texts_in(document: object, names: Collection[str]) -> Iterator[str]:
    """Every text under one of these names in a document of JSON, however deep."""
    waiting: list[tuple[bool, object]] = [(False, document)]
    while waiting:
        named, found = waiting.pop()
        match found:
            case Mapping():
                waiting += [(name in names, each) for name, each in found.items()]
            case list() | tuple():
                waiting += [(named, each) for each in found]
            case str() if named:
                yield found


def redacted(text: str) -> str:
    """Return the text without its secrets.

    >>> withhold("correct-horse"); redacted("401 for correct-horse")
    '401 for ***'
    """
    for form in _forms:
        if form in text:
            text = text.replace(form, MARK)
    text = _without_ends(_without_broken(text))
    for place, instead in _PLACES:
        text = place.sub(instead, text)
    return text


def unsaid(text: str) -> str:
    """Return the text without its secrets and without the words that ``discreet`` was given."""
    for said in sorted(frozenset().union(*(texts.found() for texts in _words.get())), key=_longest):
        for form in (said, *_escaped(said)):
            text = text.replace(form, MARK)
        words = {word for word in re.findall(r"\w+", said) if len(word) >= LEAST}
        if words:
            any_of = "|".join(map(re.escape, sorted(words, key=_longest)))
            text = re.sub(rf"(?<!\w)(?:{any_of})(?!\w)", MARK, text)
    return redacted(text)


def _longest(text: str) -> tuple[int, str]:
    return -len(text), text


def _keep_back(secrets: Iterable[str]) -> None:
    global _forms  # noqa: PLW0603 - as the handlers of logging are, this is the process's
    new = [secret for secret in secrets if len(secret) >= LEAST and secret not in _known]
    if new:
        _known.update(dict.fromkeys(new))
        _joined.update(dict.fromkeys(_joinable(new)))
        _forms = tuple(sorted({*_forms, *(form for each in new for form in _ways(each))}, key=_longest))


def _secrets_in(value: str) -> Iterator[str]:
    """The passwords of an address; else the value, its lines, and each of several divided by commas."""
    value = value.strip()
    yield from _passwords_in(value)
    if "://" in value:
        return
    yield value
    yield from (part for each in value.split(",") for line in each.splitlines() if (part := line.strip()))


def _passwords_in(address: str) -> Iterator[str]:
    """The passwords of an address, also of one that was written wrongly, so that no program can read it."""
    if between := _USER_AND_PASSWORD.match(address):
        # Its pieces too: a program that stops reading early takes one for a port, and says so.
        yield from {between[1], unquote(between[1]), *re.split("[/?#@:]", between[1])}
    if "://" in address:
        with suppress(ValueError):  # such as a bracket that is not closed
            parts = urlsplit(address)
            given = parts.netloc.rpartition("@")[0].partition(":")[2]
            asked = [text for name, text in parse_qsl(parts.query) if "pass" in name.lower()]
            yield from {given, unquote(given), *asked}


def _ways(secret: str) -> Iterator[str]:
    """The ways in which a secret is written: as it is, escaped, quoted for an address, and in base64."""
    yield secret
    yield from _escaped(secret)
    once = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    # An address within an address is quoted twice.
    for written in {*once, *(quote(each, safe="") for each in once)}:
        yield written
        yield re.sub("%(?:25)*[0-9A-F]{2}", lambda found: found[0].lower(), written)
    yield from _ways_as_letters(secret)


def _ways_as_letters(secret: str) -> Iterator[str]:
    """Yield a secret in hexadecimal digits and base64, unless too short to be told from other letters."""
    raw = secret.encode("utf-8", "surrogatepass")
    if len(raw) >= _FRAGMENT:
        yield raw.hex()
        for before in range(3):
            yield from _in_base64(raw, before)


def _escaped(text: str) -> set[str]:
    """Return a text as JSON, Python and HTML write it between quotes."""
    return {
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(text)[1:-1],
        ascii(text)[1:-1],
        repr(text.encode("utf-8", "surrogatepass"))[2:-1],
        html.escape(text),
    }


def _in_base64(raw: bytes, before: int) -> Iterator[str]:
    """Yield the base64 of the bytes after so many others, without letters that others share in."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        letters = encode(bytes(before) + raw).decode()
        end = len(letters) - (0, 3, 2)[(before + len(raw)) % 3]
        yield letters[(0, 2, 3)[before] : end]


def _joinable(secrets: Iterable[str]) -> Iterator[str]:
    """The ways in which secrets are written, without gaps, but for quoting: that is undone to find them."""
    for secret in secrets:
        for way in (secret, *_escaped(secret), *_ways_as_letters(secret)):
            if len(joined := _GAP.sub("", way)) >= _BROKEN:
                yield joined


def _without_broken(text: str) -> str:
    """The text without the secrets that something divides, or that are quoted for an address in any manner.

    Looks for them in the text without gaps and quoting, which costs one pass; only what is there is then
    looked for by a pattern.
    """
    read = unquote(unquote(text)) if "%" in text else text
    whole = {_GAP.sub("", each) for each in {text, read}}
    for joined in _joined:
        if any(joined in each for each in whole):
            text = _divided(joined).sub(MARK, text)
    return text


@lru_cache(maxsize=64)
def _divided(joined: str) -> re.Pattern[str]:
    """The letters with any gaps between them, each as it is or as its bytes are quoted for an address."""
    return re.compile(rf"(?:{_GAP.pattern})*".join(map(_in_any_way, joined)))


def _in_any_way(letter: str) -> str:
    quoted = "".join(f"%(?:25)*(?i:{byte:02x})" for byte in letter.encode("utf-8", "surrogatepass"))
    return f"(?:{re.escape(letter)}|{quoted})"


def _without_ends(text: str) -> str:
    """The text without the beginning or the end of a secret, where something was cut off."""
    for cut in reversed(list(_CUT.finditer(text))):
        before, after = text[: cut.start()], text[cut.end() :]
        for secret in _known:
            for length in range(len(secret) - 1, _FRAGMENT - 1, -1):
                if before.endswith(secret[:length]):
                    before = before[:-length] + MARK
                if cut[0] and after.startswith(secret[-length:]):
                    after = MARK + after[length:]
        text = before + cut[0] + after
    return text


_USER_AND_PASSWORD = re.compile(r"[a-z][\w+.-]*:/+[^:@]*:(.+)@", re.IGNORECASE | re.DOTALL)
_GAP = re.compile(r"""\s|\\[nrt]|\\(?=\n)|["']\s+b?["']|%(?:25)*(?:0[ADad]|20)""")
"""Separators within something long: blanks and line breaks, also written as such, and quotes that end
on one line and begin on the next.
"""
_CUT = re.compile(r"\.\.\.|…|\Z")
_QUOTED = r"""b?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_NAMES = (
    r"[\w-]*(?:token|secret|passw(?:or)?d|api_?key|signing|private_?key|ticket|csrf)"
    r"|code|state|once|session|verifier|cookie|authorization"
)
_HEADERS = r"(?:proxy-)?authorization|(?:set-)?cookie"
_PLACES: list[tuple[re.Pattern[str], Instead]] = [
    # What lets one in: headers, and passwords in addresses.
    (re.compile(r"\b(Bearer|Basic|Bot) [\w.~+/=-]{16,}"), rf"\1 {MARK}"),
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://[^\s/:@?#\"']*:)[^\s/\"']+@"), rf"\1{MARK}@"),
    # Values by their names: in an address, a form, JSON, a header, or Python's own writing.
    (re.compile(rf"(?i)([?&](?:{_NAMES}|key|signature)=)[^&\s\"'<>#]+"), rf"\1{MARK}"),
    (re.compile(rf"(?i)(\b(?:{_NAMES})\b\\?[\"']?\s*[:=]\s*){_QUOTED}"), rf"\1{MARK}"),
    (re.compile(rf"(?i)(\b(?:{_HEADERS})[\"'],\s*){_QUOTED}"), rf"\1{MARK}"),
    (re.compile(r"(?i)(\b[\w-]*(?:token|secret|password|passwd)=)[^&\s\"'<>#,;]+"), rf"\1{MARK}"),
    (re.compile(rf"(?i)(\b(?:{_NAMES})[\"']?: )(?=[^\s,;]*\d)[^\s,;\"'{{}}\[\]()]{{8,}}"), rf"\1{MARK}"),
    (re.compile(r"(?i)(\b(?:set-)?cookie[\"']?\s*[:=,]\s*b?[\"']?)[^\s;=]+=[^\n\"']+"), rf"\1{MARK}"),
    # What errors repeat of the rows and texts that they are about.
    (re.compile(r"(DETAIL:).*?(?=\n(?:HINT|CONTEXT|QUERY|WHERE):|\n\[SQL|\Z)", re.DOTALL), rf"\1 {MARK}"),
    (re.compile(r"(\[parameters: ).*?\](?=\s*(?:\n|\Z))", re.DOTALL), rf"\1{MARK}]"),
    (re.compile(r"(invalid input for query argument \$\d+[^:]*: ).*", re.DOTALL), rf"\1{MARK}"),
    (re.compile(r"(input_value=).*?(?=, input_type=|\]?\Z)", re.DOTALL), rf"\1{MARK}"),
]
