"""Somebody types the letter of an option instead of pressing its button."""

import pytest

from bot.chat import NoReply, ReplyReceived, looks_like_answer
from tests.support.helpers import quiz_of
from tests.support.people import words

pytestmark = pytest.mark.asyncio
HINT = "Press the button under the question instead"


async def writes(person, text, on=None):
    await person._do(ReplyReceived(person._origin(on), text))


@pytest.mark.parametrize(
    "text", ["A", " b ", "(c)", "D)", "e.", "true", "False!", "A, C", "b > a > F", "A and (c)."]
)
async def test_a_letter_gets_a_private_hint(study, text):
    ana = study.person("Ana")
    await ana.replies(text, to=quiz_of(study))
    assert ana.sees(HINT)
    await writes(ana, text)
    assert ana.sees(HINT)
    assert all(posted.only == "ana" for posted in study.room.posted if HINT in words(posted.message))


@pytest.mark.parametrize(
    "text", ["", "F", "A bool is an int", "AB", "yes", "a?", "a band", "A, then C", "a b"]
)
async def test_other_words_are_talk_among_people(study, text):
    ana = study.person("Ana")
    for on in (quiz_of(study), None):
        await writes(ana, text, on)
        assert isinstance(ana.reply, NoReply)
    assert not looks_like_answer(text)


async def test_without_an_open_question_a_letter_is_talk(study):
    stranger = study.person("Zoe", channel="elsewhere")
    await writes(stranger, "A")
    assert isinstance(stranger.reply, NoReply)
    quiz = quiz_of(study)
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study pause")
    await study.passes(days=3)
    ana = study.person("Ana")
    for on in (quiz, None):
        await writes(ana, "A", on)
        assert isinstance(ana.reply, NoReply)


async def test_a_letter_under_a_prompt_counts_as_a_reply(study):
    ana = study.person("Ana")
    await ana.replies("A", to=study.newest("Roadmap"))
    assert not ana.sees(HINT)
