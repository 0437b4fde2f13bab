"""Tests of reading feeds. Run them with: python -m unittest test_parse"""

import unittest
from datetime import UTC, datetime

import reader

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Ann &amp; Bo</title>
<item><title>Second</title><link>https://blog.example/2</link><guid>b</guid>
 <pubDate>Sun, 29 Nov 2026 09:30:00 +0200</pubDate>
 <description>&lt;p&gt;Two &amp;amp; &lt;b&gt;more&lt;/b&gt;&lt;/p&gt;
 &lt;script&gt;alert(1)&lt;/script&gt;</description></item>
<item><title>First</title><link>https://blog.example/1</link>
 <pubDate>Sat, 28 Nov 2026 10:00:00 GMT</pubDate></item>
<item><title>No link</title><link>javascript:alert(1)</link></item>
<item><description>Nothing to know it by</description></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title>
<entry><id>tag:1</id><title type="html">A &amp;lt;b&amp;gt; &lt;i&gt;tag&lt;/i&gt;</title>
 <link rel="self" href="https://notes.example/1.atom"/><link href="https://notes.example/1"/>
 <updated>2026-11-28T10:30:00+02:00</updated><summary>5 &lt; 6</summary></entry>
<entry><id>tag:2</id><title>Plain &lt;b&gt;</title><published>2026-11-27T23:00:00-02:00</published>
 <updated>2026-11-29T00:00:00Z</updated>
 <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>Two</p></div></content></entry>
</feed>"""


class TestParse(unittest.TestCase):
    def test_rss(self):
        feed = reader.parse(RSS.encode())
        self.assertEqual(feed.title, "Ann & Bo")
        second, first, third = feed.entries
        self.assertEqual(
            (second.uid, second.link, second.summary), ("b", "https://blog.example/2", "Two & more")
        )
        self.assertEqual(second.published, datetime(2026, 11, 29, 7, 30, tzinfo=UTC))
        self.assertEqual((first.uid, first.title), ("https://blog.example/1", "First"))
        self.assertEqual((third.uid, third.link, third.published), ("No link", "", None))

    def test_atom(self):
        feed = reader.parse(ATOM.encode())
        self.assertEqual(feed.title, "Notes")
        one, two = feed.entries
        self.assertEqual((one.uid, one.title, one.link), ("tag:1", "A <b> tag", "https://notes.example/1"))
        self.assertEqual((one.summary, one.published), ("5 < 6", datetime(2026, 11, 28, 8, 30, tzinfo=UTC)))
        self.assertEqual((two.title, two.summary), ("Plain <b>", "One Two"))
        self.assertEqual(two.published, datetime(2026, 11, 28, 1, tzinfo=UTC))

    def test_the_encoding_is_that_of_the_document(self):
        text = RSS.replace("utf-8", "iso-8859-1").replace("First", "Erstes für alle")
        self.assertEqual(reader.parse(text.encode("iso-8859-1")).entries[1].title, "Erstes für alle")

    def test_bad_dates_are_no_dates(self):
        for text in ("", "yesterday", "Sat, 99 Nov 2026 10:00:00 GMT", "2026-13-01T00:00:00Z"):
            with self.subTest(text):
                found = reader.parse(RSS.replace("Sat, 28 Nov 2026 10:00:00 GMT", text).encode())
                self.assertIsNone(found.entries[1].published)

    def test_what_is_no_feed(self):
        for content in (
            b"",
            b"hello",
            b"<html><body>404</body></html>",
            RSS.encode()[:300],
            b"\xff\xfe",
            b"<rss/>",
        ):
            with self.subTest(content[:20]), self.assertRaises(reader.NotAFeed):
                reader.parse(content)
