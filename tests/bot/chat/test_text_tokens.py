"""Instants in texts: each platform shows them in the reader's own zone, others in words."""

import datetime as dt
from dataclasses import replace

import pytest

from adapters.discord.outbound import shown, walk
from adapters.playground.outbound import line, message_html
from adapters.playground.transcript import Entry
from adapters.slack.outbound import blocks, summary
from bot.chat import (
    Actions,
    Button,
    Capabilities,
    Facts,
    Field,
    Footnote,
    Form,
    Heading,
    Message,
    OpenForm,
    Send,
    Text,
    TimeStyle,
    degrade,
    in_words,
    literal,
    moment,
)
from bot.toolkit.text import shorten
from tests.loopback.slack.words import words_of

AT = dt.datetime(2026, 12, 10, 8, 0, tzinfo=dt.UTC)
UNIX = 1796889600
BERLIN = "Thu 10 Dec, 09:00 (Europe/Berlin)"
NATIVE = Capabilities(moments=True)


def everywhere(token):
    """A message with the token in each kind of text."""
    return Message(
        f"Closes {token}.",
        (
            Heading(f"Closes {token}"),
            Text(f"It **closes** {token}, *then*\n\n- {token}"),
            Facts((("Next", f"Question, {token}"),)),
            Footnote(f"closes {token} · 5 answers"),
            Actions((Button(f"Until {token}", "a"),)),
        ),
    )


@pytest.mark.parametrize(
    ("zone", "style", "words"),
    [
        ("Europe/Berlin", TimeStyle.AT, BERLIN),
        ("America/New_York", TimeStyle.AT, "Thu 10 Dec, 03:00 (America/New_York)"),
        ("Pacific/Kiritimati", TimeStyle.UNTIL, "Thu 10 Dec, 22:00 (Pacific/Kiritimati)"),
        ("Etc/GMT+12", TimeStyle.AT, "Wed 9 Dec, 20:00 (Etc/GMT+12)"),
        ("America/Argentina/Buenos_Aires", TimeStyle.TIME, "05:00 (America/Argentina/Buenos_Aires)"),
    ],
)
def test_an_instant_has_words(zone, style, words):
    token = moment(AT, zone, style)
    assert in_words(f"closes {token}.") == f"closes {words}."


def test_a_platform_that_shows_no_instants_gets_words_in_every_text():
    reply = degrade(Send(everywhere(moment(AT, "Europe/Berlin"))), Capabilities())
    assert isinstance(reply, Send)
    assert str(reply).count(BERLIN) == 7
    assert "\ufdd0" not in str(reply)


def test_a_platform_that_shows_instants_gets_words_on_buttons_and_in_titles_only():
    token = moment(AT, "Europe/Berlin")
    message = replace(everywhere(token), discussion=f"Until {token}")
    reply = degrade(Send(message), NATIVE)
    assert isinstance(reply, Send)
    assert reply.message.discussion == f"Until {BERLIN}"
    assert reply.message.blocks[-1] == Actions((Button(f"Until {BERLIN}", "a"),))
    assert reply.message.summary == f"Closes {token}."


def test_forms_have_words():
    token = moment(AT, "Europe/Berlin")
    form = Form(f"At {token}", "a", (Field("x", f"Before {token}", placeholder=token),))
    reply = degrade(OpenForm(form), replace(NATIVE, max_title=80))
    assert isinstance(reply, OpenForm)
    assert reply.form.title == f"At {BERLIN}"
    assert reply.form.fields[0].placeholder == BERLIN


def test_half_an_instant_is_cut_off_whole():
    token = moment(AT, "Europe/Berlin")
    for limit in range(len(f"closes {token} and more")):
        cut = shorten(f"closes {token} and more", limit)
        assert "\ufdd0" not in cut.replace(token, "")
        assert len(cut) <= limit


def test_what_is_no_token_is_left_out():
    for broken in ("\ufdd0", "\ufdd1", "\ufdd0at12x\ufdd1", "\ufdd0at9999999999999999x555443\ufdd1"):
        assert in_words(f"a{broken}b") == "ab"


def test_escaping_leaves_an_instant_whole():
    token = moment(AT, "America/New_York")
    assert in_words(literal(f"*{token}*")) == r"\*Thu 10 Dec, 03:00 (America/New_York)\*"


def test_discord_shows_its_own_timestamps():
    components = shown(everywhere(moment(AT, "Europe/Berlin"))).components
    texts = [part["content"] for part in walk(components) if "content" in part]
    assert texts[0] == f"### Closes <t:{UNIX}:f>"
    assert f"It **closes** <t:{UNIX}:f>, *then*" in texts[1]
    assert texts[2] == f"**Next** Question, <t:{UNIX}:f>"
    assert texts[3] == f"-# closes <t:{UNIX}:f> · 5 answers"


@pytest.mark.parametrize(
    ("style", "written"),
    [(TimeStyle.TIME, f"<t:{UNIX}:t>"), (TimeStyle.UNTIL, f"<t:{UNIX}:f> (<t:{UNIX}:R>)")],
)
def test_discord_shows_times_and_distances(style, written):
    components = shown(Message("", (Footnote(moment(AT, "UTC", style)),))).components
    assert [p["content"] for p in walk(components) if "content" in p] == [f"-# {written}"]


def test_slack_shows_its_own_dates():
    message = everywhere(moment(AT, "Europe/Berlin"))
    mark = f"<!date^{UNIX}^{{date_short_pretty}} at {{time}}|{BERLIN}>"
    heading, text, facts, small, actions = blocks(message)
    date = {
        "type": "date",
        "timestamp": UNIX,
        "format": "{date_short_pretty} at {time}",
        "fallback": BERLIN,
    }
    assert heading["elements"][0]["elements"][1] == {**date, "style": {"bold": True}}
    assert date in text["elements"][0]["elements"]
    assert date in text["elements"][1]["elements"][0]["elements"]
    assert date in facts["elements"][0]["elements"]
    assert small["elements"] == [{"type": "mrkdwn", "text": f"closes {mark} · 5 answers", "verbatim": True}]
    assert actions["elements"][0]["text"]["text"] == f"Until {BERLIN}"
    assert summary(message).startswith(f"Closes {mark}.")
    assert BERLIN in "".join(words_of([text]))


def test_small_print_with_an_instant_formats_nothing_else():
    (small,) = blocks(Message("", (Footnote(f"*<!here>* & _x_ {moment(AT, 'UTC')}"),)))
    said = small["elements"][0]["text"]
    assert said.startswith("*\u2060&lt;!here&gt;*\u2060 &amp; _\u2060x_\u2060 <!date^")


def test_the_playground_tells_the_browser_the_instant():
    page = message_html(everywhere(moment(AT, "Europe/Berlin")))
    assert page.count(f'<time datetime="2026-12-10T08:00:00+00:00" data-style="at">{BERLIN}</time>') == 5
    entry = Entry("m1", 1, AT, "c", message=everywhere(moment(AT, "Europe/Berlin")))
    assert line(entry) == f"Closes {BERLIN}."
