"""Every kind of question over the wire of Slack: a form or a menu, the verdict, and the reveal."""

import pytest

from bot.chat import Choice, Field, Form
from tests.adapters.slack.wired import study
from tests.loopback.slack.words import elements, label_of, options_of
from tests.support.kinds import ALL, KINDS, filled, filled_anyhow, library_asking, question_of, widest

pytestmark = pytest.mark.asyncio


def form_of(view):
    """The view that was opened, as a form."""
    fields = []
    for block in view.blocks:
        options = block["element"].get("options", ())
        choices = tuple(Choice(o["text"]["text"], o["value"]) for o in options)
        several = block["element"]["type"].startswith("multi_")
        hint = block["element"].get("placeholder", {}).get("text", "")
        label = block["label"]["text"]
        fields.append(Field(block["block_id"], label, placeholder=hint, options=choices, several=several))
    return Form("", "", tuple(fields))


async def answers(person, message, kind, *, right=True):
    if kind == "line":
        label = "Line 3: part = n / 2" if right else "Line 4: return part"
        return await person.chooses(message, "Choose the faulty line", label)
    opened = await person.presses(message, "Answer")
    values = filled(question_of(kind), form_of(opened.view), right=right)
    if kind == "multi":
        values = {name: value.split(", ") for name, value in values.items()}
    return await person.submits(opened, values)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_of_each_kind_is_answered(tmp_path, kind):
    library = library_asking(question_of(kind))
    async with study(tmp_path, library=library) as (wired, channel, _):
        ana, ben = (wired.server.member(name, channel.team) for name in ("Ana", "Ben"))
        await wired.passes(hours=1, minutes=1)
        there = wired.server.messages(channel)
        quiz = [message for message in there if message.user.bot and message.only is None][-1]
        assert "Correct" in (await answers(ana, quiz, kind)).text
        assert "Not quite" in (await answers(ben, quiz, kind, right=False)).text
        await wired.passes(days=1)
        await wired.passes(minutes=1)
        assert "2 answers, 50 % right" in quiz.text


async def answers_anyhow(person, message, kind):
    """Answer a question of any texts: its first button or entry, or its form with whatever fits."""
    _, first = next(elements(message.blocks))
    if kind in ("single", "truefalse"):
        return await person.presses(message, label_of(first))
    if kind == "line":
        return await person.chooses(message, label_of(first), options_of(first)[1]["text"]["text"])
    opened = await person.presses(message, "Answer")
    form = form_of(opened.view)
    several = {field.name for field in form.fields if field.several}
    values = filled_anyhow(form).items()
    return await person.submits(opened, {n: [v] if n in several else v for n, v in values})


@pytest.mark.parametrize("kind", ALL)
async def test_the_longest_texts_from_the_right_are_asked_answered_and_revealed(tmp_path, kind):
    library = library_asking(widest(kind))
    async with study(tmp_path, library=library) as (wired, channel, _):
        ana, ben = (wired.server.member(name, channel.team) for name in ("Ana", "Ben"))
        await wired.passes(hours=1, minutes=1)
        there = wired.server.messages(channel)
        quiz = [message for message in there if message.user.bot and message.only is None][-1]
        for person in (ana, ben):
            assert "point" in (await answers_anyhow(person, quiz, kind)).text
        await wired.passes(days=1)
        await wired.passes(minutes=1)
        assert "2 answers" in quiz.text
        assert not wired.server.refused
