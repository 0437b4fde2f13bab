"""A message by ear: its text, and names that tell its buttons apart."""

import pytest

from adapters.playground.outbound import message_html
from adapters.slack.limits import CAPABILITIES as SLACK
from adapters.slack.outbound import blocks, summary
from bot.chat import (
    Actions,
    Button,
    Code,
    Divider,
    Facts,
    Footnote,
    Heading,
    Message,
    Picture,
    Send,
    Text,
    aloud,
    degrade,
    in_plain_words,
)
from bot.chat.text_tokens import naming
from bot.domain.model import Standing
from bot.domain.questions import Chosen, grade
from bot.domain.scoring import Period
from bot.handlers import all_routes
from bot.views.common import plain, text_message
from bot.views.help import help_message
from bot.views.leaderboard import leaderboard_message
from bot.views.questions import ShownQuestion, question_message, reveal_message, verdict_message
from tests.support.people import items_of, shipped_library, words

PACK = shipped_library().packs["backend-python"]


QUESTIONS = [question for found in PACK.questions.values() for question in found]


GAINED = "+3 points · 7 days in a row"


AGAIN = Button("Practise", "a")


def asked(question):
    return ShownQuestion(question, "HTTP", 3, "quiz.answer", 1)


def flat(text):
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("**A** `put put`", "A: put put"),
        ("**A**\n\n```sql\nSELECT 1\nFROM x\n```", "A: SELECT 1\nFROM x"),
        ("- **Ana**: <https://x>\n  learned *a*\n- b", "Ana: https://x learned a\nb"),
        ("✓\n\n```text\na\nb\n```\n\n`██░` 3 answers, 60 %", "Right: a\nb\n3 answers, 60 %"),
        ("1. **Ana** 30 points\n2. Ben", "1. Ana: 30 points\n2. Ben"),
        ("1\\. **Ana** 30 points  \n2\\. **Ben** 3 points  ", "1. Ana: 30 points\n2. Ben: 3 points"),
        ("**Why:** because `x` · y", "Why: because x, y"),
        ("✓ **B** `x`\n\n`██░` 3 answers, 60 %", "Right: B: x; 3 answers, 60 %"),
        ("**Sources:** [a](http://x) · [b](http://y)", "Sources: a, b"),
        ("One. \n\nTwo **bold** \\*x\\*", "One. Two bold *x*"),
        ("> quoted\n> words", "quoted words"),
        ("", ""),
    ],
)
def test_markdown_is_said_without_marks(markdown, said):
    assert in_plain_words(markdown) == said


def test_all_blocks_are_said_once():
    message = Message(
        "Correct. Well seen.",
        (
            Heading("✓ Correct · HTTP"),
            Text("Well seen."),
            Code("a = 1\nb = 2", "python"),
            Facts((("Streak", "3 days"), ("Freezes", "0"))),
            Picture("<svg/>", "Active on 3 days."),
            Divider(),
            Actions((AGAIN,)),
            Footnote("closes soon · 5 answers"),
        ),
    )
    assert aloud(message, 1000) == (
        "Correct. Well seen.\nHTTP\na = 1\nb = 2\nStreak: 3 days\nFreezes: 0\nActive on 3 days.\n"
        "closes soon, 5 answers"
    )
    assert aloud(message, 30) == "Correct. Well seen.\nHTTP\na…"
    assert aloud(text_message("Nothing was changed."), 100) == "Nothing was changed."


def test_short_source_is_said_though_the_summary_has_its_letters():
    assert aloud(Message("What is a?", (Code("a", "python"),)), 100) == "What is a?\na"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_question_can_be_answered_by_ear(question):
    said = aloud(question_message(asked(question), "Question of the day", "closes soon"), 3500)
    assert flat(plain(question.stem)) in flat(said)
    if question.code:
        assert question.code.source.strip() in said
    for letter in "ABCDE"[: len(question.choices)]:
        assert f"\n{letter}: " in said
    key = next(each for each in question.choices if each.correct)
    for option in question.choices:
        assert flat(plain(option.text)) in flat(said)
        response = Chosen((option.id,))
        graded = grade(question, response)
        told = verdict_message(asked(question), response, graded, GAINED, (), "", AGAIN)
        verdict = flat(aloud(told, 3500))
        assert option.correct or flat(plain(key.text)) in verdict
        assert not any(mark in verdict + said for mark in ("```", "█", "✗"))
    revealed = aloud(reveal_message(asked(question), "Question of the day", {}, AGAIN), 3500)
    assert "\nRight: " in revealed


def test_a_leaderboard_names_everybody():
    best = [Standing(n, n, name, 10 - n, 3, 2) for n, name in ((1, "Ana *x*"), (2, "Ben"))]
    said = aloud(leaderboard_message(Period.WEEK, best, None), 3500)
    assert "1. Ana *x*" in said
    assert "2. Ben" in said


def test_help_names_every_command():
    commands = all_routes().commands.values()
    said = aloud(help_message(commands, organiser=True), 3500)
    assert all(naming(command.usage) in said for command in commands if not command.hidden)


def test_what_slack_reads_out_is_escaped_once():
    message = Message("Is a < b?", (Text("**A** `<@U1> & <!here>`"),))
    assert summary(message) == "Is a &lt; b?\nA: &lt;@U1&gt; &amp; &lt;!here&gt;"


PACK_QUESTIONS = shipped_library().packs["backend-python"].questions


def true_or_false(**texts):
    question = next(q for found in PACK_QUESTIONS.values() for q in found if len(q.options) >= 2)
    options = [
        question.options[n].model_copy(update={"id": name, "text": texts.get(name, name.capitalize())})
        for n, name in enumerate(("true", "false"))
    ]
    changes = {"type": "truefalse", "options": tuple(options)}
    return ShownQuestion(question.model_copy(update=changes), "HTTP", 1, "quiz.answer", 1)


def test_a_statement_has_buttons_that_say_true_and_false():
    message = question_message(true_or_false(), "Question of the day", "closes soon")
    assert [item.label for item in items_of(message)] == ["True", "False"]
    assert "True or False?" in words(message)
    assert "True or False?" in aloud(message, 3000)
    longer = question_message(true_or_false(true="True, always"), "Question of the day", "")
    assert "**True** True, always\n**False**" in words(longer)


def test_buttons_have_names_that_can_be_told_apart_by_ear():
    question = next(q for found in PACK_QUESTIONS.values() for q in found)
    buttons = items_of(question_message(ShownQuestion(question, "HTTP", 1, "quiz.answer", 1), "Q", ""))
    assert [button.label for button in buttons] == list("ABCDE"[: len(question.options)])
    assert [button.aloud.partition(": ")[0] for button in buttons] == [b.label for b in buttons]
    assert {plain(option.text) for option in question.options} == {
        button.aloud.partition(": ")[2] for button in buttons
    }
    shown = degrade(Send(Message("Q", (Actions(tuple(buttons)),))), SLACK)
    (row,) = blocks(shown.message)
    named = [element["accessibility_label"] for element in row["elements"]]
    assert named == [button.aloud[:75] for button in buttons]
    page = message_html(Message("Q", (Actions((Button("A", "a", aloud="A: <x>"),)),)))
    assert 'aria-label="A: &lt;x&gt;"' in page
