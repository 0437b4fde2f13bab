"""A platform that has nothing but text: what can be pressed elsewhere is typed as shown, and only there."""

import re

import pytest
import pytest_asyncio

from bot.chat import Capabilities, SendDirect, decode
from bot.routing import STALE
from bot.views.questions import ShownQuestion, answer_form
from tests.support.helpers import quiz_of
from tests.support.kinds import KINDS, filled, library_asking, question_of
from tests.support.people import Room, items_of, markdown, question_in, words, world_at

pytestmark = pytest.mark.asyncio

BARE = Capabilities(buttons=False, selects=False, forms=False, private_replies=False, edit=False)


@pytest_asyncio.fixture
async def bare(tmp_path):
    async with world_at(tmp_path, room=Room(capabilities=BARE)) as running:
        yield running


def commands_shown(message):
    """The commands to type, as they stand in the message's code spans."""
    return re.findall(r"`(/(?:press|fill) [^`]+)`", markdown(message))


async def test_an_organiser_sets_a_group_up_by_typing_the_command_that_is_shown(bare):
    olga = bare.person("Olga", organiser=True)
    await olga.uses("/study setup")
    assert isinstance(olga.reply, SendDirect)
    assert olga.sees("`backend-python`")
    (fill,) = commands_shown(olga.last.message)
    action = bare.signed("mp1|study.setup|")
    assert fill.startswith(f"/fill {action} pack=backend-python zone=… time=09:00 days=mon-fri")
    await olga.types(fill.replace("zone=…", 'zone="europe/ berln"').replace("09:00", "09:30"))
    assert olga.sees("Did you mean Europe/Berlin?")
    (again,) = commands_shown(olga.last.message)
    await olga.types(again.replace('zone="europe/ berln"', "zone=europe/berlin"))
    assert olga.sees("The study group is set up")
    await bare.passes(minutes=31)
    assert quiz_of(bare)


@pytest.mark.parametrize(("right", "verdict"), [(True, "✓ Correct"), (False, "✗ Not quite")])
async def test_a_member_answers_by_typing_the_command_beside_a_letter(bare, right, verdict):
    await bare.founds()
    await bare.passes(minutes=31)
    quiz, ana = quiz_of(bare), bare.person("Ana")
    question = question_in(bare, quiz)
    typed = {
        question.option(decode(line.split()[1]).params["o"]).correct: line
        for line in commands_shown(quiz.message)
    }
    await ana.types(typed[right])
    assert ana.sees(verdict)
    assert isinstance(ana.reply, SendDirect)
    assert verdict not in "".join(words(posted.message) for posted in bare.channel_posts())


async def test_a_hint_to_a_typed_command_is_a_new_message_even_where_messages_can_be_changed(tmp_path):
    can = Capabilities(buttons=False, selects=False)
    async with world_at(tmp_path, room=Room(capabilities=can)) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz")
        (hint,) = [line for line in commands_shown(ana.last.message) if "practice.hint" in line]
        before = len(world.room.posted)
        await ana.types(hint)
        assert ana.sees("Hint:")
        assert len(world.room.posted) == before + 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ('zone="Europe/Berlin', "A quote is never closed."),
        ("zone=Europe/Berlin daily", "Which field is “daily” for?"),
        ('zone="Europe/Berlin" daily', "A quote is never closed."),
        ("zone=Europe/Berlin ZONE=Europe/Rome", "You've filled in “zone” twice."),
    ],
)
async def test_a_form_typed_wrongly_is_explained(bare, values, sentence):
    olga = bare.person("Olga", organiser=True)
    before = bare.dump()
    await olga.types(f"/fill {bare.signed('mp1|study.setup|')} {values}")
    assert olga.sees(sentence)
    assert bare.dump() == before


@pytest.mark.parametrize("line", ["/press", "/fill", "/press mp1|no.such|", "/fill nonsense a=b"])
async def test_a_typed_id_that_nobody_knows_is_explained(bare, line):
    ana = bare.person("Ana")
    await ana.types(line)
    assert ana.sees("This button no longer works")


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_question_is_answered_by_typing_what_is_shown(tmp_path, kind):
    library = library_asking(question_of(kind))
    async with world_at(tmp_path, room=Room(capabilities=BARE), library=library) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz")
        lines = commands_shown(ana.last.message)
        if kind == "line":
            await ana.types(next(line for line in lines if line.endswith(" 3")))
        else:
            await ana.types(next(line for line in lines if "practice.open" in line))
            served = await world.run(lambda unit: unit.practice.get(1))
            form = answer_form(ShownQuestion(question_of(kind), "", served.seed, "practice.answer", 1, "d"))
            (fill,) = commands_shown(ana.last.message)
            for name, value in filled(question_of(kind), form).items():
                fill = fill.replace(f"{name}=…", f'{name}="{value}"')
            await ana.types(fill)
        assert ana.sees("✓ Correct"), ana.shown()


async def typed_answer(tmp_path, kind, values):
    """Return what Ana is told after typing these values into a practice form, or after its id."""
    library = library_asking(question_of(kind))
    async with world_at(tmp_path, room=Room(capabilities=BARE), library=library) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz")
        shown = commands_shown(ana.last.message)
        if kind == "line":
            await ana.types(f"{shown[0].rpartition(' ')[0]} {values}")
        else:
            await ana.types(next(line for line in shown if "practice.open" in line))
            (fill,) = commands_shown(ana.last.message)
            await ana.types(f"{' '.join(fill.split()[:2])} {values}")
        return ana.shown()


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("output", 'answer="{"a": 1}"', '{"a": 1}'),
        ("output", r"answer=a\nb", "Not quite"),
        ("output", "answer=\"[1, 'x']\"", "[1, 'x']"),
        ("short", "answer=it's", "it's"),
        ("short", "answer=“two words”", "two words"),
        ("short", "ANSWER=Mutable", "✓ Correct"),
        ("short", "answer=\u200bmutable", "✓ Correct"),
        ("short", f"answer={'x' * 4000}", "That's too long"),
        ("short", "answer=mutable answer=frozen", "You've filled in “answer” twice."),
        ("number", "answer=٤٢", "✓ Correct"),
        ("multi", "answer=Z", "Choose from A, B, C."),
        ("multi", 'answer="A or C"', "Choose from A, B, C."),
        ("order", "place1=A place2=B", "Something is still missing."),
        ("match", "pair1=A pair2=A pair3=B pair4=C pair5=D", "You've used A twice."),
        ("line", "", "Choose the faulty line."),
        ("line", "99", "That isn't one of the lines."),
    ],
)
async def test_what_is_typed_arrives_as_it_stands_or_is_refused(tmp_path, kind, values, said):
    assert said in await typed_answer(tmp_path, kind, values)


async def test_a_letter_is_not_said_twice(tmp_path):
    shown = await typed_answer(tmp_path, "multi", "answer=Z")
    assert any(f"`{letter}` One" in shown for letter in "ABC")


@pytest.mark.parametrize("line", ["/press", "/fill"])
async def test_where_there_are_buttons_and_forms_nothing_stands_in_for_them(study, line):
    ana, before = study.person("Ana"), study.dump()
    action = items_of(quiz_of(study).message)[0].action
    await ana.uses(line, action=action)
    assert ana.shown() == f"There is no command {line}. Use /help to see what I can do."
    assert study.dump() == before


@pytest.mark.parametrize(
    ("lacks", "there"),
    [
        ({}, set()),
        ({"buttons": False}, {"press"}),
        ({"selects": False}, {"press"}),
        ({"forms": False}, {"fill"}),
        ({"home": False}, {"home"}),
        ({"buttons": False, "selects": False, "forms": False, "home": False}, {"press", "fill", "home"}),
    ],
)
async def test_only_what_a_platform_lacks_is_typed(tmp_path, lacks, there):
    room = Room(capabilities=Capabilities(**({"home": True} | lacks)))
    async with world_at(tmp_path, room=room) as world:
        offered = {command.name for command in world.application.app.commands_for(room.capabilities)}
        assert offered & {"press", "fill", "home"} == there
        ana = world.person("Ana")
        for name in ("press", "fill", "home"):
            await ana.uses(f"/{name}")
            assert ana.sees("There is no command") is (name not in there), name
        await ana.uses("/help")
        assert not any(f"\n/{name}" in ana.shown() for name in ("press", "fill", "home"))


async def test_an_unsigned_id_is_not_believed_when_it_is_typed(tmp_path):
    room = Room(capabilities=Capabilities(buttons=False, selects=False, forms=False))
    async with world_at(tmp_path, room=room) as world:
        ana = world.person("Ana")
        for action in ("mp1|progress.mine|", "mp1|quiz.topic|"):
            await ana.uses("/press", action=action)
            assert ana.sees(STALE)
            await ana.uses("/press", action=world.signed(action))
            assert not ana.sees(STALE)
