"""Foreign texts made into Markdown: what is kept, and that no tag is left standing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.formats.base import Snippet
from content.formats.markdown import (
    _CODE,
    _TAG,
    from_html,
    from_markdown,
    from_plain,
    plain_from_html,
    split_code,
    with_code,
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("a <b>bold</b> and <em>soft</em><br>word", "a **bold** and *soft*\nword"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ('<a href="https://x.org/a">here</a>', "[here](https://x.org/a)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<code>a &lt; b</code>", "`a < b`"),
        ("<code>a`b</code>", "`` a`b ``"),
        ("2 * 3 &lt; __init__ &lt;b&gt;", r"2 \* 3 < \_\_init\_\_ \<b>"),
        ("a<script>alert(1)</script>b<style>p {}</style>", "ab"),
        ("<svg onload=alert(1)>x</svg><iframe src=x></iframe>", ""),
        ('<p onclick="x()">One\x00 \u202eowt</p>', "One owt"),
        ("<img src=x onerror=alert(1)>cat", "cat"),
    ],
)
def test_html_becomes_markdown(html, text):
    assert from_html(html).text == text


def test_a_block_of_code_keeps_its_lines_and_its_language():
    html = '<p>Look:</p><pre><code class="language-python">if a &lt; b:\n    go()</code></pre>'
    assert split_code(from_html(html).text) == ("Look:", Snippet("python", "if a < b:\n    go()"))


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("a `<b>` and **c**", "a `<b>` and **c**"),
        ("a < b and c > d", "a < b and c > d"),
        ("x <script>alert(1)</script> y", "x  y"),
        ("<b>x</b> &amp; y", "x & y"),
        ("![cat](https://x.org/cat.png)", "cat"),
        ("[a](javascript:alert) [b](https://x.org)", "a [b](https://x.org)"),
        ("<!-- note -->x", "x"),
    ],
)
def test_markdown_keeps_its_code_and_loses_its_tags(markdown, text):
    assert from_markdown(markdown).text == text


def test_entities_stand_for_nothing_that_does_not_show():
    for clean in (from_html, from_markdown, plain_from_html):
        assert clean("<b>ye&#8238;s</b>&#8206;").text.strip("*") == "yes"


def test_an_answer_to_type_has_a_line_for_each_of_its_lines():
    assert plain_from_html("a <b>b</b>\n c<br title='x>y'>d<ul><li>e_f</li></ul>").text == "a b c\nd\ne_f"


def test_images_are_told():
    assert from_html("<img src=x>").lost == ["images and media"]
    assert from_markdown("![a](b)").lost == ["images and media"]


def test_a_plain_text_about_tags_keeps_them():
    assert from_plain("What does <br> do?").text == r"What does \<br> do?"


@given(st.text("<>/!?ab `\\&;ltgscriptimg=\n'\"[]()x:*", max_size=60))
def test_no_tag_is_left_standing_outside_of_code(text):
    for clean in (from_html, from_markdown, from_plain):
        assert not any(_TAG.search(part) for part in _CODE.split(clean(text).text)[::2])


def test_code_at_the_end_of_a_text_is_set_apart():
    code = Snippet("sql", "SELECT 1")
    assert split_code(with_code("What comes?", code)) == ("What comes?", code)
    assert split_code("one\n\n```sql\nx\n```\n\nmore") == ("one\n\n```sql\nx\n```\n\nmore", None)
    assert split_code("one\n\n```cobol\nx\n```") == ("one", Snippet("text", "x"))
