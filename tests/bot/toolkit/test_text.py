"""Names and texts as people write them: nothing that is seen is lost, and nothing else gets in."""
# ruff: noqa: RUF001 - letters that look alike are what is tested

from __future__ import annotations

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat import ChannelRef, CommandInvoked, FormSubmitted, Origin, ReplyReceived, UserRef
from bot.chat.events import cleaned, scoped
from bot.chat.messages import literal
from bot.toolkit.text import (
    NAME_LENGTH,
    clean_name,
    clean_text,
    cut,
    first_letter,
    isolated,
    shorten,
    storable,
    visible,
)
from tests.support.helpers import posts_project
from tests.support.people import MONDAY, markdown, words, world_at

QUIZ, PROMPT = "Question of the day", "Roadmap"
FSI, PDI = "\u2068", "\u2069"
FAMILY = "👩\u200d👩\u200d👧\u200d👦"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
SPELT = [
    "Ana",
    "Zoë Łuczak",
    "علی\u200cرضا",  # Persian, zero width non-joiner
    "می\u200cخواهم",
    "ශ්\u200dරී ලංකා",  # Sinhala, zero width joiner after a vowel killer
    "র\u200d্যাব",  # Bengali, before one
    "അവന്\u200d",  # Malayalam, at the end of a word
    "क्\u200cष",  # Hindi
    "Nguyễn Thị Ánh",
    "ผู้ก่อตั้ง",
    "हिन्दी",
    "שָׁלוֹם",
    "မြန်မာ",
    "བོད་སྐད",
    "한글",
    "李\U000e0100",  # a registered variant of an ideograph
    "ᠮᠣᠩᠭᠣᠯ\u180eᠠ",
    f"Ana {FAMILY}",
    "❤\ufe0f\u200d🔥",
    "1\ufe0f\u20e3",
    "👍🏽",
    "🇸🇪",
    WALES,
    "\u0600\u0661",  # a sign that is seen, though it is of the format characters
]
UNSEEN = [
    "",
    "   ",
    "\u3164",
    "\u2800",
    "\u115f\u1160",
    "\uffa0",
    "\u00ad",
    "\u034f",
    "\u200b\u200c\u200d\u2060\ufeff",
    "\u200d\u200d",
    "\u202e\u202c\u2066\u2067\u2068\u2069\u061c\u200e\u200f",
    "\ufffc",
    "\ufff9\ufffb",
    "\U000e0041\U000e007f",
    "\ufe0f",
    "\U000e0100",
    "\u180b\u180e",
    "\ue000\U000f0000",
    "\uffff\ufdd0",
    "\u2061\u2064",
    "\U0001d159",
    "\U0001d173",
    "\u0301\u0302",
    "\x00\x07\x1b\x7f\x9b",
    "\u2028\u2029\x85",
]
RARE = st.sampled_from(
    "".join(SPELT + UNSEEN)
    + "\ud83d\ude00\udfff\u0301\u20dd\u0661ا\u05d0\u0915\u094d\ufe0e\u180b🏴👩a1 #*\n"
)
ANY = st.text(st.one_of(st.characters(exclude_categories=()), RARE), max_size=40)


@pytest.mark.parametrize("name", SPELT)
def test_what_spelling_needs_stays(name):
    assert clean_name(name) == clean_text(name) == name
    assert clean_name(f"\u202e{name}\u200b\u3164") == name
    assert visible(name) == name


@pytest.mark.parametrize("name", UNSEEN)
def test_what_shows_nothing_is_empty(name):
    assert clean_name(name) == clean_text(name) == ""


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("A\u200dna", "Ana"),
        ("Ana\ufe0f", "Ana"),
        ("A\u00adna\u034f", "Ana"),
        ("Ana\u3164", "Ana"),
        ("Dr.\u3164Ana", "Dr. Ana"),
        ("Ana\n# Title", "Ana # Title"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("Bob \ud83d", "Bob \ufffd"),
        ("\ud83d\ude00", "😀"),
        ("a" + "\u0301\u0300" * 40, "\u00e1" + "\u0300\u0301\u0300\u0301"),
        ("ก" + "็" * 40, "ก็็็็"),
        ("علی\u200c", "علی"),
        ("می\u200c\u200c\u200cخواهم", "می\u200cخواهم"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
        ("\u2067Ana\u2069", "Ana"),
        ("\U0001f3f4\U000e0067\U000e0062", "🏴"),
        ("\ue000Ana\U000f0001", "Ana"),
        ("🫩 \U0001fae8", "🫩 \U0001fae8"),  # newer than Python's own tables
    ],
)
def test_a_name_is_what_is_seen_of_it(written, seen):
    assert clean_name(written) == seen


def test_a_text_keeps_its_lines_and_its_spaces():
    assert clean_text("one\r\n\ttwo  three\u2028four\x00\u202e") == "one\n\ttwo  three\nfour"


def test_a_name_is_cut_at_a_letter_and_says_so():
    assert clean_name("x" * 60) == "x" * 60
    assert clean_name("x" * 61) == "x" * 59 + "…"
    assert clean_name("x" * 57 + FAMILY) == "x" * 57 + "…"
    assert clean_name("x" * 58 + "क्षि") == "x" * 58 + "…"
    assert len(clean_name("👩\u200d" * 80 + "👩")) <= NAME_LENGTH
    assert cut("علی و رضا", 5).startswith("علی")


def test_words_are_shortened_at_a_letter_and_isolates_are_closed():
    assert shorten("x" * 8 + FAMILY, 12) == "x" * 8 + "…"
    assert shorten(f"By {FSI}{'ع' * 9}{PDI}", 10) == f"By {FSI}{'ع' * 4}…{PDI}"
    assert first_letter(FAMILY + "a") == FAMILY


@pytest.mark.parametrize("name", ["Ana", "Zoë", "李", "हिन्दी", "नेहा 3", "a! (b) 30"])
def test_a_name_from_left_to_right_stays_as_it_is(name):
    assert isolated(name) == name


@pytest.mark.parametrize("name", ["علی", "שלום", "Ana علی", "٣", "ܐܒ", "30 علی"])
def test_a_name_from_right_to_left_is_isolated_once(name):
    once = f"{FSI}{name}{PDI}"
    assert isolated(name) == isolated(once) == visible(once) == once
    assert isolated(f"Progress of {once}: 3") == f"Progress of {once}: 3"
    assert literal(name).count(FSI) == literal(once).count(FSI) == 1


@given(ANY)
@example("\u0915\u200d\ufe0f\u200d")
@example("👩\ufe0f\ufe0f\u200d👩")
@settings(max_examples=500, deadline=None)
def test_any_text_is_cleaned_once_and_is_seen_or_empty(text):
    name, words_, line = clean_name(text), clean_text(text), visible(clean_name(text))
    assert clean_name(name) == name == line
    assert clean_text(words_) == words_
    for result in (name, words_, storable(text), literal(text), isolated(name)):
        result.encode()
        assert "\0" not in result
    assert len(name) <= NAME_LENGTH
    assert bool(name) == bool(words_)
    assert not name or any(unicodedata.category(c)[0] in "LNPS" or not c.isprintable() for c in name)
    assert not set(name + words_) & set(
        "\u061c\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"
    )


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_every_way_in_is_cleaned(text):
    user, channel = UserRef("p", "w", text), ChannelRef("p", "w", text)
    origin = Origin(text, user, text, channel, MONDAY)
    for did in (
        CommandInvoked(origin, text, {text: text}, {text: text}),
        FormSubmitted(origin, text, {text: text}),
        ReplyReceived(origin, text),
    ):
        once = cleaned(did)
        assert cleaned(once) == once
        repr(once).encode()
        assert once.origin.display_name
        kept = scoped(once).origin
        ids = f"{kept.event_id}{kept.user.id}{kept.channel.id}"
        assert storable(ids) == ids


@pytest_asyncio.fixture
async def study(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds(zone="UTC", time="09:30", days="daily")
        await world.passes(minutes=91)
        yield world


@pytest.mark.asyncio
@given(names=st.lists(ANY, min_size=5, max_size=20))
@settings(max_examples=5, deadline=None)
async def test_any_name_stands_on_the_board(names):
    with TemporaryDirectory() as folder:
        async with world_at(Path(folder)) as world:
            await world.founds(zone="UTC", time="09:30", days="daily")
            await posts_project(world)
            for number, name in enumerate(names):
                eve = world.person(f"Eve {number}")
                eve.name = name
                await eve.uses("/challenge submit", link="https://example.org/eve", learned="much")
                await eve.uses("/leaderboard")
                assert f"**{literal(clean_name(name) or 'Somebody')}** 5 points" in markdown(
                    eve.last.message
                )


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("علی\u200cرضا", f"{FSI}علی\u200cرضا{PDI}"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        (FAMILY, FAMILY),
        ("\u3164", "Somebody"),
        ("\u200d", "Somebody"),
        ("Bob \ud83d", "Bob \ufffd"),
    ],
)
async def test_the_board_shows_a_name_as_it_is_written(study, name, shown):
    eve = study.person("Eve")
    eve.name = name
    await posts_project(study)
    await eve.uses("/challenge submit", link="https://example.org/eve", learned="much")
    await eve.uses("/leaderboard")
    assert markdown(eve.last.message).split("**")[1] == shown


@pytest.mark.asyncio
@pytest.mark.parametrize("nothing", ["\u200b", "\u3164\u2800", "\u202e" * 50, "\u200d\ufe0f"])
async def test_a_text_that_shows_nothing_earns_nothing(study, nothing):
    eve = study.person("Eve")
    await eve.replies(nothing, to=study.newest(PROMPT))
    assert eve.sees("Your reply is empty")
    await posts_project(study)
    await eve.uses("/challenge submit", link="https://example.org/eve", learned=nothing)
    assert eve.sees("“learned” looks empty")
    await eve.uses("/challenge submit")
    await eve.sends(link="https://example.org/eve", learned=nothing)
    assert set(eve.errors) == {"learned"}
    await eve.uses("/quiz", topic=nothing)
    assert eve.sees("“topic” looks empty")
    await eve.uses("/leaderboard")
    assert eve.sees("No points yet this week")


@pytest.mark.asyncio
async def test_half_an_emoji_harms_nobody(study):
    """In a name, a reply, a share, a command, an id, a choice and an action."""
    bob = study.person("Bob")
    bob.name = "Bob \ud83d"
    await bob.answers(study.newest(QUIZ))
    assert bob.sees("Correct")
    await bob.replies("Half \udc00", to=study.newest(PROMPT))
    assert bob.sees("Done!")
    await posts_project(study)
    await bob.uses("/challenge submit", link="https://example.org/bob", learned="Half \ud83d")
    assert bob.sees("Shared")
    await bob.uses("/challenge list")
    assert bob.sees("Half \ufffd")
    for act in (
        bob.uses("/quiz", topic="\ud83d"),
        bob.uses("/\ud83d", **{"\ud83d": "\ud83d"}),
        bob.uses("/progress", member="\ud83d"),
        bob.forges_form("mp1|challenge.built|", link="\ud83d", learned="\ud83d"),
        bob.acts("mp1|quiz.answer|o=\ud83d;p=1", "\ud83d"),
        bob.forges("mp1|quiz.answer|o=a;p=1|\ud83d", "\ud83d"),
        bob.acts("\ud83d"),
    ):
        await act
        assert not bob.sees("Something went wrong"), bob.shown()
        words(bob.last.message).encode()
    assert await bob.completes("quiz", "topic", "\ud83d") == ()


@pytest.mark.asyncio
async def test_a_name_from_right_to_left_moves_nothing_wherever_it_stands(study):
    ali = study.person("Ali")
    ali.name = "علی"
    isolate = f"{FSI}علی{PDI}"
    await posts_project(study)
    await ali.uses("/challenge submit", link="https://example.org/ali", learned="سلام")
    ben = study.person("Ben")
    await ben.uses("/leaderboard")
    assert f"**{isolate}** 5 points" in markdown(ben.last.message)
    await ben.uses("/challenge list")
    assert f"**{isolate}**: <https://example.org/ali>\n  {FSI}سلام{PDI}" in markdown(ben.last.message)
    await ben.uses("/challenge join")
    await ben.uses("/progress", member="ali")
    assert ben.last.message.summary.startswith(f"Progress of {isolate}: ")
    assert ben.sees(f"Progress of {isolate}")
    await ben.uses("/quiz", topic="علی")
    assert ben.sees(f"“{isolate}”")
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study mention", role="8001", names={"role": "طلاب"})
    assert olga.sees(f"“{FSI}طلاب{PDI}”")
    await olga.uses("/study status")
    assert olga.sees(f"{FSI}طلاب{PDI}")
    await olga.uses("/study organiser", member="ali", names={"member": "علی"})
    assert olga.shown().startswith(f"“{isolate}”")
