"""Every kind of question over the wire of Discord: a form or a menu, the verdict, and the reveal."""

import pytest

from bot.chat import Choice, Field, Form
from tests.kinds import KINDS, filled, library_asking, question_of
from tests.platform_discord.wired import study

pytestmark = pytest.mark.asyncio


def form_of(shown):
    """The modal that was opened, as a form."""
    fields = [
        Field(
            part["custom_id"],
            label,
            options=tuple(Choice(o["label"], o["value"]) for o in part.get("options", ())),
        )
        for label, part in shown.modal.inputs()
    ]
    return Form("", "", tuple(fields))


async def answers(person, message, kind, *, right=True):
    if kind == "line":
        label = "Line 3: part = n / 2" if right else "Line 4: return part"
        return await person.chooses(message, "Choose the faulty line", label)
    opened = await person.presses(message, "Answer")
    values = filled(question_of(kind), form_of(opened), right=right)
    if kind == "multi":
        values = {name: value.split(", ") for name, value in values.items()}
    return await person.submits(opened, values)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_of_each_kind_is_answered(tmp_path, kind):
    library = library_asking(question_of(kind))
    async with study(tmp_path, settings={"library": library}) as (wired, channel, _):
        ana, ben = (wired.server.member(name, channel.guild) for name in ("Ana", "Ben"))
        await wired.passes(hours=1, minutes=1)
        quiz = wired.posts(channel)[-1]
        assert "Correct" in (await answers(ana, quiz, kind)).text
        assert "Not quite" in (await answers(ben, quiz, kind, right=False)).text
        await wired.passes(days=1)
        await wired.passes(minutes=1)
        assert "2 answers, 50 % right" in quiz.text
        assert not wired.server.refused
