"""Addresses as people paste them: taken, or refused by what is in the way."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.domain.links import LINK_LENGTH, BadLink, read_link

WIKIPEDIA = "https://en.wikipedia.org/wiki/Python_(programming_language)"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (WIKIPEDIA, WIKIPEDIA),
        (f"<{WIKIPEDIA}>", WIKIPEDIA),
        (f"({WIKIPEDIA}).", WIKIPEDIA),
        (f"{WIKIPEDIA},", WIKIPEDIA),
        (f"“{WIKIPEDIA}”", WIKIPEDIA),
        (f"[Python]({WIKIPEDIA})", WIKIPEDIA),
        ("github.com/me/x", "https://github.com/me/x"),
        ("//github.com/me/x", "https://github.com/me/x"),
        ("example.org:8080/a", "https://example.org:8080/a"),
        ("  https://github.com/me/x  ", "https://github.com/me/x"),
        ("HTTPS://GitHub.com/Me", "https://github.com/Me"),
        ("http://wiki/page", "http://wiki/page"),
        ("https://example.org/?a[]=1&b={2}#c|d", "https://example.org/?a%5B%5D=1&b=%7B2%7D#c%7Cd"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://example.org/\\\"'`<>x", "https://example.org/%5C%22%27%60%3C%3Ex"),
        ("https://de.wikipedia.org/wiki/Köln", "https://de.wikipedia.org/wiki/K%C3%B6ln"),
        ("https://köln.de/straße", "https://xn--kln-sna.de/stra%C3%9Fe"),
        ("https://ar.wikipedia.org/wiki/علم", "https://ar.wikipedia.org/wiki/%D8%B9%D9%84%D9%85"),
        ("https://my_site.github.io/x_y*z~", "https://my_site.github.io/x_y*z~"),
        ("https://medium.com/@me/post", "https://medium.com/@me/post"),
        ("https://example.org/\u202ex\u200b", "https://example.org/x"),
        ("https://[2001:db8::1]:80/x", "https://[2001:db8::1]:80/x"),
        ("https://example.org/x|https://evil.org", "https://example.org/x%7Chttps://evil.org"),
    ],
)
def test_an_address_is_taken_as_it_was_meant(typed, address):
    assert read_link(typed) == address
    assert read_link(address) == address


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Give a full web address"),
        ("\u3164", "Give a full web address"),
        ("<>", "Give a full web address"),
        ("nope", "Give a full web address"),
        ("https://", "Give a full web address"),
        ("https:///x", "Give a full web address"),
        ("https://[", "Give a full web address"),
        ("https://a..b", "Give a full web address"),
        ("https://example.org\\evil", "Give a full web address"),
        ("https://example.org:x/", "port"),
        ("https://example.org/a b", "space"),
        ("https://example.org/\nx", "space"),
        ("my project: https://example.org", "space"),
        ("javascript:alert(1)", "begins with javascript:"),
        ("data:text/html,x", "begins with data:"),
        ("ftp://example.org/x", "begins with ftp:"),
        ("mailto:me@example.org", "begins with mailto:"),
        ("me@example.org", "before the @"),
        ("https://user:word@example.org", "before the @"),
        ("https://example.org@evil.org", "before the @"),
        ("https://example.org/" + "x" * 2 * LINK_LENGTH, "too long"),
    ],
)
def test_a_refusal_names_what_is_in_the_way(typed, why):
    with pytest.raises(BadLink, match=why):
        read_link(typed)


@given(st.one_of(st.text(max_size=40), st.text(max_size=40).map("https://example.org/{}".format)))
@example("https://example.org/x>y")
@settings(max_examples=400, deadline=None)
def test_whatever_is_taken_is_one_address_and_nothing_else(typed):
    try:
        address = read_link(typed)
    except BadLink:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(" <>`\"'|\\{}")
    assert urlsplit(address).scheme in {"http", "https"}
    assert "@" not in urlsplit(address).netloc
    opened, _, closed = MarkdownIt().parseInline(f"<{address}>")[0].children
    assert (opened.type, closed.type) == ("link_open", "link_close")
    assert read_link(address) in (address, address.rstrip(".,;:!?)…"))
