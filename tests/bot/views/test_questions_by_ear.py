"""Screen reader text of each kind of question on each platform, and answering from it alone."""

import re

import pytest

from adapters.discord.forms import modal
from adapters.discord.limits import CAPABILITIES as DISCORD
from adapters.discord.outbound import shown as on_discord
from adapters.discord.outbound import walk
from adapters.playground.markup import markdown
from adapters.playground.outbound import form_html, message_html
from adapters.slack.forms import Place, view
from adapters.slack.limits import CAPABILITIES as SLACK
from adapters.slack.outbound import blocks, summary
from bot.chat import Actions, Button, OpenForm, Select, Send, aloud, degrade
from bot.domain.questions import Arranged, Chosen, Paired, Typed, grade, key
from bot.views.common import plain
from bot.views.questions import (
    ShownQuestion,
    answer_form,
    question_message,
    reveal_message,
    verdict_message,
)
from tests.support.kinds import ALL, KINDS, question_of, widest
from tests.support.people import items_of
from tests.support.questions import shipped_library

PACK = shipped_library(every_kind=True).packs["backend-python"]
FORMS = [kind for kind in KINDS if kind != "line"]
OTHERS = [
    q
    for found in PACK.questions.values()
    for q in found
    if q.type == "truefalse" or (q.type in KINDS and not q.choices)
]
AGAIN = Button("Next question", "mp1|quiz.topic|")
SIGNS = ("█", "░", "✓", "✗", "◐", "```")

WRONG = {
    "multi": Chosen.of(["one", "two"]),
    "output": Typed("ab"),
    "short": Typed("frozen"),
    "number": Typed("41"),
    "order": Arranged(tuple("bacdef")),
    "match": Paired((("p1", "p2"), ("p2", "p1"), ("p3", "p3"), ("p4", "p4"), ("p5", "p5"))),
    "line": Chosen(("4",)),
}


def asked(question):
    return ShownQuestion(question, "HTTP", 3, "quiz.answer", 1)


def heard(message):
    said = aloud(message, 6000)
    assert [sign for sign in SIGNS if sign in said] == []
    return said


@pytest.mark.parametrize("question", OTHERS, ids=lambda question: question.id)
def test_a_shipped_question_says_all_that_it_asks(question):
    message = question_message(asked(question), "Question of the day", "closes soon")
    said = heard(message)
    assert plain(question.stem) in said
    for line in question.code.source.splitlines() if question.code else ():
        assert line.strip() in said
    assert question.type != "truefalse" or "\nTrue or False?" in said
    parts = [
        text for path, text in question.texts() if path[0] in ("items", "pairs") and path[-1] != "feedback"
    ]
    assert [part for part in parts if plain(part) not in said] == []


def test_everything_of_each_kind_is_heard_in_the_verdict_and_the_reveal():
    for kind, response in WRONG.items():
        question = question_of(kind)
        said = heard(
            verdict_message(asked(question), response, grade(question, response), "+1", (), "", AGAIN)
        )
        assert said.startswith(("Not quite.", "Partly right.")), kind
        for line in key(question, 3).lines:
            for word in re.findall(r"\w+", plain(line.text)):
                assert word in said, (kind, word)
        told = heard(reveal_message(asked(question), "Question of the day", {response: 3}, AGAIN))
        assert "\nRight: " in told, kind
        assert "3 answers, " in told


def test_lines_of_output_stay_lines():
    question = question_of("output")
    told = heard(reveal_message(asked(question), "Question", {Typed("a\nb"): 2}, AGAIN))
    assert "\nRight: a\nb\n2 answers, " in told


@pytest.mark.parametrize("kind", ALL)
def test_whatever_is_pressed_or_chosen_has_a_name_on_slack(kind):
    message = question_message(asked(widest(kind)), "Question of the day", "closes soon")
    shown = degrade(Send(message), SLACK).message
    rows = [block for block in blocks(shown) if block["type"] == "actions"]
    for element in (each for row in rows for each in row["elements"]):
        name = element.get("accessibility_label") or (element.get("text") or element["placeholder"])["text"]
        assert len(name.strip()) > 1
        assert len(name) <= 75
    assert summary(shown).strip()


@pytest.mark.parametrize("kind", FORMS)
def test_every_field_has_a_label_of_its_own_on_each_platform(kind):
    form = answer_form(asked(widest(kind)))
    native = modal(degrade(OpenForm(form), DISCORD).form)
    labels = {
        "discord": [part["label"] for part in native["components"]],
        "slack": [
            part["label"]["text"]
            for part in view(degrade(OpenForm(form), SLACK).form, Place("C"))["blocks"]
        ],
    }
    for platform, found in labels.items():
        assert len(found) == len(set(found)) == len(form.fields), platform
        assert all(label.strip() for label in found)
    page = str(form_html(form, {}))
    for number in range(1, len(form.fields) + 1):
        assert page.count(f'for="field-{number}"') == 1
        assert page.count(f' id="field-{number}"') == 1


@pytest.mark.parametrize("kind", ALL)
def test_entries_that_are_cut_can_still_be_told_apart(kind):
    question = widest(kind)
    message = question_message(asked(question), "Question of the day", "closes soon")
    for can in (DISCORD, SLACK):
        shown = degrade(Send(message), can).message
        menus = [item.options for item in items_of(shown) if isinstance(item, Select)]
        if kind in FORMS:
            form = degrade(OpenForm(answer_form(asked(question))), can).form
            menus += [field.options for field in form.fields if field.options]
        for options in menus:
            assert len({option.label for option in options}) == len(options)


def test_what_is_left_over_in_an_order_is_said():
    *_, last = answer_form(asked(question_of("order"))).fields
    assert last.label == "Number 5 (what's left is number 6)"


@pytest.mark.parametrize("kind", ALL)
def test_discord_shows_the_words_of_a_question_before_what_is_pressed(kind):
    message = question_message(asked(widest(kind)), "Question of the day", "closes soon")
    parts = list(walk(on_discord(degrade(Send(message), DISCORD).message).components))
    kinds = [part["type"] for part in parts]
    first = next(n for n, type_ in enumerate(kinds) if type_ in (2, 3))
    assert 10 in kinds[:first]


def test_the_page_hides_bars_from_those_who_listen():
    assert 'aria-hidden="true">██░<' in markdown("`██░` 2 answers")
    assert "aria-hidden" not in markdown("`x` 2 answers")
    page = message_html(reveal_message(asked(question_of("order")), "Q", {WRONG["order"]: 2}, AGAIN))
    assert len(re.findall("<code>[█░]", str(page))) == 0


def test_a_message_without_words_is_never_a_question():
    for kind in ALL:
        message = question_message(asked(widest(kind)), "Question of the day", "")
        assert message.summary.startswith("Question of the day: 1 ")
        assert isinstance(message.blocks[-2], Actions)
