"""Web addresses as people paste them: from a browser or a sentence, in brackets, without ``https://``."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from bot.toolkit.text import clean_text, echoed

LINK_LENGTH = 300
"""Characters of an address as it is typed, at most; twice as many once each letter is a safe one."""

_NOT_WHOLE = "Give a full web address, such as https://github.com/you/project."
_TITLED = re.compile(r"\[[^\[\]]*\]\((\S*)\)")
_BEFORE, _AFTER = "<([{«“\"'`", ".,;:!?…>\"'`"
"""Characters dropped around an address; so is a bracket at its end that nothing in it has opened."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+")
_CLOSING = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“"}
# What means something in an address, and brackets: nothing of it ends ``<address>`` early.
_SAFE = "%/:@!$&()*+,;=?~-._#"


class BadLink(ValueError):
    """Text that isn't a web address that can be shared; the message says why."""


def read_link(typed: str) -> str:
    """Return the address that was meant: http or https, in ASCII, unable to end a link early.

    Raises BadLink.

    >>> read_link("<example.org/notes>")
    'https://example.org/notes'
    """
    link = _bare(clean_text(typed).strip())
    if not link:
        raise BadLink(_NOT_WHOLE)
    if any(character.isspace() for character in link):
        raise BadLink("There's a space in that address. Remove it, or write it as %20.")
    parts, named = _split(link)
    host = _host(parts)
    if not host or not (named or "." in host):
        raise BadLink(_NOT_WHOLE)
    try:
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        raise BadLink(
            "The port in that address, after the colon, isn't a number. Correct it or leave it out."
        ) from None
    query = f"?{parts.query}" if parts.query else ""
    rest = f"{parts.path}{query}" + (f"#{parts.fragment}" if parts.fragment else "")
    whole = f"{parts.scheme}://{host}{port}{quote(rest, safe=_SAFE)}"
    if len(whole) > 2 * LINK_LENGTH:
        raise BadLink(f"That link is too long. Use up to {LINK_LENGTH} characters.")
    return whole


def _bare(text: str) -> str:
    """Return the address without the brackets, quotes and full stop that were written around it."""
    if found := _TITLED.fullmatch(text):
        text = found[1]
    text = text.lstrip(_BEFORE).strip()
    while text and (text[-1] in _AFTER or _closes_nothing(text)):
        text = text[:-1]
    return text


def _closes_nothing(text: str) -> bool:
    """Tell whether the last character is a bracket that was opened before the address."""
    opening = _CLOSING.get(text[-1])
    return opening is not None and text.count(text[-1]) > text.count(opening)


def _split(link: str) -> tuple[SplitResult, bool]:
    """The parts of the address, with https where no scheme was typed; and whether one was."""
    scheme = _SCHEME.match(link)
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        raise BadLink(f"An address that begins with {echoed(scheme[0], 20)} can't be shared. Use https://.")
    try:
        return urlsplit(link if scheme else f"https://{link.removeprefix('//')}"), scheme is not None
    except ValueError:
        raise BadLink(_NOT_WHOLE) from None


def _host(parts: SplitResult) -> str:
    """The host in ASCII (IDNA); empty for what cannot be one."""
    if "@" in parts.netloc:
        raise BadLink("Remove the name or password before the @. Everyone in the group would see it.")
    try:
        host = (parts.hostname or "").encode("idna").decode()
    except UnicodeError:
        return ""
    if not _HOST.fullmatch(host):
        return ""
    return f"[{host}]" if ":" in host else host
