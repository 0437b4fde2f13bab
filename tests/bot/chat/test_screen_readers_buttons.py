"""What stands on the buttons of a question, and what a screen reader calls them."""

from adapters.playground.outbound import message_html
from adapters.slack.limits import CAPABILITIES as SLACK
from adapters.slack.outbound import blocks
from bot.chat import Actions, Button, Message, Send, aloud, degrade
from bot.views.common import plain
from bot.views.questions import ShownQuestion, question_message
from tests.support.people import items_of, shipped_library, words

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
