"""Every shipped message fits Discord and Slack with all that can be pressed in it."""

import pytest

from bot.chat import (
    Actions,
    Button,
    Capabilities,
    Code,
    Divider,
    Facts,
    Footnote,
    Heading,
    Link,
    Picture,
    Text,
)
from bot.chat.action_ids import MAX_LENGTH
from bot.chat.fitting import fit
from bot.domain.mastery import of_roadmap
from bot.domain.questions import Chosen, grade
from bot.views.challenge import challenge_details, challenge_message, submission_form
from bot.views.common import bar, bullets, count, numbered, percent, text_message
from bot.views.prompt import prompt_message, sketch_message
from bot.views.questions import ShownQuestion, question_message, reveal_message, verdict_message
from bot.views.roadmap import roadmap_message, step_message
from tests.support.helpers import every_project
from tests.support.people import items_of, shipped_library

ELLIPSIS = "…"
BIG = 10**12
"""A post number longer than any group will reach."""

DISCORD = Capabilities(max_text=4000, max_block=4000, max_blocks=40, max_label=80, max_row=5, max_title=45)
SLACK = Capabilities(
    max_text=12_000, max_block=3000, max_blocks=50, max_label=75, max_row=25, max_options=100, max_title=24
)
PLATFORMS = pytest.mark.parametrize("can", [DISCORD, SLACK], ids=["discord", "slack"])

AGAIN = Button("Practise this topic", "mp1|quiz.topic|")
STREAK = (
    ("Active", "30 of 30 days asked"),
    ("Best streak", "1,234 days"),
    ("Streak", "1,234 days"),
    ("Freezes", "2"),
)
GAINED = "+3 points · 1,234 days in a row · a freeze covered Mon 28 Sep ❄ · you earned a freeze ❄"
DUE = (
    "Still open: the prompt on Insecure direct object references. You have until 03:00 to keep your streak."
)


def pack():
    return shipped_library(every_kind=True).packs["backend-python"]


def questions():
    return [(topic, question) for topic, found in pack().questions.items() for question in found]


def asked(topic, question):
    return ShownQuestion(question, pack().topic(topic).title, BIG, "quiz.answer", BIG)


def every_question():
    for topic, question in questions():
        one = asked(topic, question)
        yield (
            question.id,
            question_message(
                one, "Question of the day", "1,234 answers · closes Wed 30 Sep, 09:00 · Only you see"
            ),
        )
        yield f"{question.id} as practice", question_message(one, "Practice", "Only you see it.", hints=2)


def verdict(one, response):
    return verdict_message(one, response, grade(one.question, response), GAINED, STREAK, DUE, AGAIN)


def every_verdict():
    for topic, question in questions():
        for option in question.choices:
            yield (f"{question.id}/{option.id}", verdict(asked(topic, question), Chosen((option.id,))))


def every_reveal():
    for topic, question in questions():
        votes = {Chosen((option.id,)): 1234 for option in question.choices}
        yield question.id, reveal_message(asked(topic, question), "Question of the day", votes, AGAIN)


def every_prompt():
    for topic_id, prompt in ((topic, each) for topic, found in pack().prompts.items() for each in found):
        topic = pack().topic(topic_id).title
        yield prompt.id, prompt_message(prompt, topic, "Stop 54 of 54", BIG, 1234, 1234)
        yield f"sketch of {prompt.id}", sketch_message(prompt, topic)


def every_challenge():
    for challenge in every_project():
        yield challenge.id, challenge_message(challenge, 1234, 1234)
        yield f"details of {challenge.id}", challenge_details(challenge)


def every_step():
    mastery = of_roadmap(pack(), {})
    yield "roadmap", roadmap_message(pack(), mastery, pack().topics[-1].id)
    for step in pack().roadmap.steps:
        yield step.id, step_message(pack(), step, mastery)


def ids(message):
    return [item.url if isinstance(item, Link) else item.action for item in items_of(message)]


def texts(message):
    """All that has a length."""
    for block in message.blocks:
        match block:
            case Text(text) | Heading(text) | Footnote(text) | Code(text, _):
                yield text
            case Facts(pairs):
                yield from (part for pair in pairs for part in pair)
            case Picture(_, alt):
                yield alt
            case Actions(items):
                yield from (getattr(item, "label", "") for item in items)
            case Divider():
                pass


@PLATFORMS
@pytest.mark.parametrize(
    "messages", [every_question, every_verdict, every_reveal, every_prompt, every_challenge, every_step]
)
def test_every_message_fits_and_keeps_all_that_can_be_pressed(messages, can):
    for name, message in messages():
        fitted = fit(message, can)
        assert sorted(ids(fitted)) == sorted(ids(message)), name
        assert len(fitted.blocks) <= can.max_blocks, name
        assert sum(map(len, texts(fitted))) <= can.max_text, name
        assert len(fitted.summary) <= can.max_block, name
        for block in fitted.blocks:
            if isinstance(block, Actions):
                assert len(block.items) <= can.max_row, name
            if isinstance(block, Text | Code):
                assert max(map(len, texts(type(message)("", (block,))))) <= can.max_block, name


@PLATFORMS
@pytest.mark.parametrize("messages", [every_question, every_verdict, every_reveal, every_prompt])
def test_nothing_that_is_asked_or_explained_is_cut_short(messages, can):
    for name, message in messages():
        before = sum(text.count(ELLIPSIS) for text in texts(message))
        assert sum(text.count(ELLIPSIS) for text in texts(fit(message, can))) == before, name


@pytest.mark.parametrize(
    "messages", [every_question, every_verdict, every_reveal, every_prompt, every_challenge, every_step]
)
def test_every_action_id_is_short_enough_for_every_platform(messages):
    for name, message in messages():
        for action in ids(message):
            assert len(action) <= MAX_LENGTH, (name, action)
        assert len(set(ids(message))) == len(ids(message)), name


def test_every_submission_form_fits_a_title_bar():
    for challenge in every_project():
        form = submission_form(challenge)
        assert len(form.title) <= SLACK.max_title
        assert all(len(field.label) <= SLACK.max_field_label for field in form.fields)


def test_every_menu_is_short_enough_to_be_one():
    for name, message in every_step():
        for item in items_of(message):
            if hasattr(item, "options"):
                assert 0 < len(item.options) <= DISCORD.max_options, name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((0, "answer"), "0 answers"),
        ((1, "answer"), "1 answer"),
        ((1234, "reply", "replies"), "1,234 replies"),
    ],
)
def test_counts_are_said_as_people_say_them(given, shown):
    assert count(*given) == shown


@pytest.mark.parametrize(
    ("part", "whole", "share", "blocks"),
    [(0, 0, "0 %", "░░░░░░░░░░"), (1, 3, "33 %", "███░░░░░░░"), (3, 3, "100 %", "██████████")],
)
def test_shares_and_bars_also_of_nothing(part, whole, share, blocks):
    assert percent(part, whole) == share
    assert bar(part, whole) == blocks


def test_lists_keep_the_lines_of_an_item_together():
    assert bullets(["one\ntwo", "three"]) == "- one\n  two\n- three"
    assert numbered(["one\ntwo", "three"]) == "1. one\n   two\n2. three"


def test_a_notice_is_plain_text_with_or_without_a_title():
    assert text_message("**no**").blocks == (Text(r"\*\*no\*\*"),)
    assert text_message("x", "Title").blocks[0] == Heading("Title")
