"""Messages and forms as HTML: all there, all safe."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers.special import TextLexer

from adapters.playground import PlaygroundConfig, markup, outbound
from adapters.playground.transcript import Entry
from bot.chat import (
    Actions,
    Button,
    Choice,
    Code,
    Divider,
    Facts,
    Field,
    Footnote,
    Form,
    Heading,
    Link,
    Message,
    Picture,
    Select,
    Text,
    literal,
)
from bot.toolkit.markdown import safe_link
from content.parts import Language
from tests.adapters.playground.fakes import NOON, NOTE_FORM, SVG, daily_post, question

CONFIG = PlaygroundConfig(token="t")
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% include 'page.html' %}",
    "[x](javascript:alert(1))",
    "![x](https://example.org/pixel.png)",
    "&lt;b&gt;",
)
texts = st.one_of(st.sampled_from(ATTACKS), st.text(max_size=80)).filter(
    lambda text: not any("\ud800" <= character <= "\udfff" for character in text)
)


class Reader(HTMLParser):
    """The tags, attributes and visible text of some HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)

    def skeleton(self):
        """The markup without what people may fill in."""
        return [(tag, sorted(attrs)) for tag, attrs in self.tags]


def message_of(text, markdown):
    return Message(
        text,
        (
            Heading(text),
            Text(markdown),
            Facts(((text, text),)),
            Divider(),
            Footnote(text),
            Picture(SVG, text),
            Actions(
                (
                    Button(text, text),
                    Link(text, "https://example.org"),
                    Select(text, text, (Choice(text, text),)),
                )
            ),
        ),
    )


@given(texts)
def test_no_text_of_a_person_becomes_markup(text):
    harmless = Reader(outbound.message_html(message_of("word", literal("word"))))
    hostile = Reader(outbound.message_html(message_of(text, literal(text))))
    assert _without_paragraphs(hostile) == _without_paragraphs(harmless)


def _without_paragraphs(reader):
    """Text that is all space makes no paragraph, which is no markup of its own either."""
    return [part for part in reader.skeleton() if part != ("p", [])]


@given(texts)
def test_no_chat_becomes_markup(text):
    def entry(words):
        return Entry("m1", 1, NOON, "backend", author="ana", text=words)

    hostile = Reader(outbound.entry_html(entry(text), CONFIG, entry(text)))
    assert (
        hostile.skeleton() == Reader(outbound.entry_html(entry("word"), CONFIG, entry("word"))).skeleton()
    )


@given(texts)
def test_no_form_text_becomes_markup(text):
    def html(words):
        choice = (Choice(words, words),)
        fields = (
            Field(words, words, words, words),
            Field("the second", words, words, words, long=True),
            Field("the third", words, words, words, options=choice),
        )
        return outbound.form_html(Form(words, words, fields, words), {words: f"e {words}", "other": words})

    assert Reader(html(text)).skeleton() == Reader(html("word")).skeleton()


SAFE_TAGS = {"p", "strong", "em", "code", "pre", "span", "a", "ul", "ol", "li", "blockquote", "br"}


@given(st.text(st.sampled_from("<>[](){}!*_`~#-=|:/\\ \nabjst\"'&;."), max_size=120))
def test_markdown_yields_nothing_but_harmless_tags(text):
    for tag, attrs in Reader(str(markup.markdown(text))).tags:
        assert tag in SAFE_TAGS
        assert attrs.keys() <= {
            "href",
            "title",
            "rel",
            "target",
            "class",
            "tabindex",
            "role",
            "aria-label",
            "start",
        }
        if tag == "a":
            assert attrs["rel"] == "noopener noreferrer"
            assert safe_link(attrs["href"])


@given(st.text(max_size=200), st.sampled_from(["python", "sql", "nonsense", "", '"><b>']))
def test_code_is_shown_as_it_is(source, language):
    source = source.replace("\r", "").replace("\0", "").strip("\n")
    assert Reader(str(markup.code(source, language))).text.rstrip("\n") == source.rstrip("\n")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org", True),
        ("HTTP://example.org", True),
        ("mailto:ana@example.org", True),
        ("javascript:alert(1)", False),
        (" JaVaScRiPt:alert(1)", False),
        ("data:text/html,<b>", False),
        ("/say", False),
        ("//example.org", False),
        ("http://[broken", False),
    ],
)
def test_only_whole_addresses_that_run_nothing_are_links(url, safe):
    assert safe_link(url) is safe
    html = outbound.message_html(Message("s", (Actions((Link("label", url),)),)))
    assert ("<a " in html) is safe
    assert "label" in html


def test_every_block_is_shown():
    html = outbound.message_html(daily_post())
    assert '<h3 class="heading">Day 12' in html
    assert "<strong>safe</strong>" in html
    assert 'rel="noopener noreferrer"' in html
    assert "<dt>Answered</dt><dd>3 of 8</dd>" in html
    assert 'class="button primary" data-action="mp1|open|"' in html
    assert '<option value="1">Too easy</option>' in html


def test_spent_buttons_are_disabled_and_code_is_coloured():
    html = outbound.message_html(question("B"))
    assert html.count(" disabled>") == 3
    assert '<span class="kn">import</span>' in html


def test_a_picture_is_inlined_with_its_words():
    tag, attrs = Reader(outbound.message_html(Message("s", (Picture(SVG, "A line"),)))).tags[0]
    assert (tag, attrs["alt"], attrs["role"]) == ("img", "A line", "img")
    assert attrs["src"].startswith("data:image/svg+xml;base64,")


def test_a_message_without_blocks_shows_its_summary():
    assert "Just this" in outbound.message_html(Message("Just this", ()))


@pytest.mark.parametrize(
    ("language", "source", "label", "coloured"),
    [
        ("log", "ERROR 502", "Log: ERROR 502", "ERROR 502"),
        ("text", "a b", "Text: a b", "a b"),
        ("traceback", "Traceback (most recent call last):\nKeyError: 1", "Traceback: Tr", 'class="gt"'),
        ("diff", "-old\n+new", "Diff: -old", 'class="gi"'),
        ("dockerfile", "FROM python", "Code, dockerfile: FROM", 'class="k"'),
        ("ini", "[uwsgi]\nmaster = true", "Code, ini: [uwsgi]", 'class="na"'),
        ("json", '{"a": null}', "Code, json: {", 'class="kc"'),
        ("apache", "ProxyPass / http://a/", "Code, apache: ProxyPass", 'class="nb"'),
    ],
)
def test_each_language_is_named_and_coloured(language, source, label, coloured):
    html = str(markup.code(source, language))
    assert f'aria-label="{label}' in html
    assert coloured in html


def test_every_language_of_a_pack_has_a_lexer_or_is_plain_on_purpose():
    plain = {each for each in get_args(Language) if isinstance(markup._lexer(each), TextLexer)}
    assert plain == {"log", "text"}


def test_code_blocks_can_be_scrolled_by_keyboard():
    assert 'tabindex="0" role="group" aria-label="Code, sql' in outbound.message_html(
        Message("s", (Code("SELECT 1", "sql"),))
    )


def test_private_public_and_commands_are_told_apart():
    reply = Entry("m1", 1, NOON, "backend", message=question(), only_for="ana", by="ana", used="quiz")
    private = outbound.entry_html(reply, CONFIG)
    assert "Only you can see this" in private
    assert "<b><bdi>Ana</bdi></b> used <code>/quiz</code>" in private
    assert "data-reply" not in private
    public = outbound.entry_html(replace(reply, only_for=""), CONFIG)
    assert "Only you can see this" not in public
    assert "data-reply" in public
    direct = outbound.entry_html(replace(reply, channel="@ana"), CONFIG)
    assert "Only you can see this" not in direct


def test_errors_stand_beside_their_fields():
    html = outbound.form_html(NOTE_FORM, {"title": "Too short.", "": "Not saved.", "gone": "Odd."})
    assert '<p class="error" id="field-1-error">Too short.</p>' in html
    assert html.count('aria-invalid="true"') == 1
    assert "Not saved. Odd." in html


def test_somebody_who_left_keeps_their_id_as_a_name():
    html = outbound.entry_html(Entry("m1", 1, NOON, "backend", author="zed", text="hi"), CONFIG)
    assert '<span class="author" id="by-m1"><bdi>zed</bdi></span>' in html
