"""Questions that are more than one press: asked, filled in, graded, refused and revealed, in each kind."""

import pytest
import pytest_asyncio

from bot.chat import Button, Select, decode, encode
from bot.domain.questions import KINDS as GRADED
from bot.domain.questions import Arranged, Chosen, Paired, Typed, control, grade
from tests.support.helpers import quiz_of
from tests.support.kinds import KINDS, filled, library_asking, question_of
from tests.support.people import items_of, words, world_at

FORMS = [kind for kind in KINDS if kind != "line"]


@pytest_asyncio.fixture
async def asking(tmp_path, kind):
    """A group whose question of the day is of this kind."""
    async with world_at(tmp_path, library=library_asking(question_of(kind))) as world:
        await world.founds()
        await world.slots_pass(days=1)
        yield world


async def answers(world, person, kind, *, right=True):
    """Answer the group's question as this kind is answered."""
    if kind == "line":
        await person.chooses("Line 3:" if right else "Line 4:")
        return
    await person.presses("Answer", on=quiz_of(world))
    await person.sends(**filled(question_of(kind), person.form, right=right))


def test_every_kind_of_content_can_be_graded():
    assert set(GRADED) == {"single", "truefalse", *KINDS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_a_right_answer_is_praised_once_and_earns_all_points(asking, kind):
    ana = asking.person("Ana")
    await answers(asking, ana, kind)
    assert ana.sees("✓ Correct"), ana.shown()
    assert ana.sees("+3 points")
    verdict = ana.shown()
    await ana.is_delivered_again()
    assert ana.shown() == verdict
    if kind == "line":
        await ana.chooses("Line 4:")
    else:
        await ana.presses("Answer", on=quiz_of(asking))
    assert ana.sees("You've already answered this one")
    assert ana.sees("right. Only the first answer counts.")
    assert await asking.problems() == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_a_wrong_answer_shows_what_was_given_and_the_key(asking, kind):
    ana = asking.person("Ana")
    await answers(asking, ana, kind, right=False)
    assert ana.sees("✗ Not quite"), ana.shown()
    assert ana.sees("+1 point ")
    given, key = {
        "multi": ("You chose", "The answer is"),
        "order": ("Your order", "The right order is"),
        "match": ("Your pairs", "The right pairs are"),
        "line": ("You chose", "The faulty line is"),
    }.get(kind, ("You wrote", "The answer is"))
    assert ana.sees(f"**{given}:**")
    assert ana.sees(f"**{key}:**")


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.asyncio
async def test_an_empty_form_is_refused_in_one_sentence_and_costs_nothing(asking, kind):
    ana = asking.person("Ana")
    await ana.presses("Answer", on=quiz_of(asking))
    action = ana.form.action
    await ana.forges_form(action, on=quiz_of(asking))
    (said,) = ana.errors.values()
    assert said.count(".") <= 2
    await ana.sends(**filled(question_of(kind), ana.form))
    assert ana.sees("✓ Correct")


@pytest.mark.parametrize("kind", ["order", "match"])
@pytest.mark.asyncio
async def test_a_letter_that_is_used_twice_is_refused_and_the_form_keeps_the_rest(asking, kind):
    ana = asking.person("Ana")
    await ana.presses("Answer", on=quiz_of(asking))
    twice = {field.name: "A" for field in ana.form.fields}
    await ana.sends(**twice)
    assert ana.sees("You've used A twice. Use each letter once.")
    assert {field.name: field.value for field in ana.form.fields} == twice


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_the_reveal_says_who_answered_what(asking, kind):
    for name, right in (("Ana", True), ("Ben", True), ("Eve", False), ("Kim", False)):
        await answers(asking, asking.person(name), kind, right=right)
    first = quiz_of(asking)
    await asking.slots_pass(days=3)
    shown = words(asking.room.find(first.ref).message)
    assert "4 answers, 50 % right" in shown
    assert "✓" in shown
    wrong = {"short": "frozen", "number": "41", "output": "ab", "line": "Line 4"}.get(kind, "")
    assert wrong in shown


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_practice_asks_every_kind(tmp_path, kind):
    async with world_at(tmp_path, library=library_asking(question_of(kind))) as world:
        ana = world.person("Ana", channel="elsewhere")
        await ana.uses("/quiz")
        if kind == "line":
            await ana.chooses("Line 3:")
        else:
            await ana.presses("Answer")
            await ana.sends(**filled(question_of(kind), ana.form))
        assert ana.sees("✓ Correct")
        assert ana.sees("earns no points")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_no_control_tells_the_key(asking, kind):
    items = [*items_of(quiz_of(asking).message)]
    actions = [item.action for item in items if isinstance(item, Button | Select)]
    assert len(actions) == 1
    ana = asking.person("Ana")
    if kind != "line":
        await ana.presses("Answer", on=quiz_of(asking))
        assert all(len(option.value) == 1 for field in ana.form.fields for option in field.options)
        assert len(ana.form.fields) <= 5


@pytest.mark.parametrize(
    ("kind", "response", "score"),
    [
        ("multi", Chosen.of(["one", "three"]), 1),
        ("multi", Chosen.of(["one"]), 0.5),
        ("multi", Chosen.of(["one", "two", "three"]), 0.5),
        ("multi", Chosen.of(["one", "two"]), 0),
        ("order", Arranged(tuple("bacdef")), 4 / 6),
        ("match", Paired((("p1", "p2"), ("p2", "p1"), ("p3", "p3"), ("p4", "p4"), ("p5", "p5"))), 0.6),
        ("short", Typed(" MUTABLE "), 1),
        ("number", Typed("42"), 1),
        ("line", Chosen(("4",)), 0),
    ],
)
def test_the_score_is_a_share_of_what_was_right(kind, response, score):
    graded = grade(question_of(kind), response)
    assert graded.score == pytest.approx(score)
    assert graded.correct is (score == 1)
    assert score in (0, 1) or any(c.isdigit() for c in graded.detail[0])


@pytest.mark.parametrize("kind", ["order", "match"])
def test_items_are_never_shown_in_their_right_order(kind):
    question = question_of(kind)
    right = [each.id for each in (question.items if kind == "order" else question.pairs)]
    for seed in range(500):
        by = control(question, seed)
        assert [offer.id for offer in (by.offers if kind == "order" else by.rights)] != right


@pytest.mark.asyncio
async def test_a_form_is_not_opened_for_a_question_of_one_press(study):
    ana = study.person("Ana")
    quiz = quiz_of(study)
    number = decode(items_of(quiz.message)[0].action).params["p"]
    await ana.acts(encode("quiz.open", p=number), on=quiz)
    assert ana.sees("This question is answered in its message.")


@pytest.mark.parametrize(
    ("kind", "values", "points", "said"),
    [
        ("multi", {"One"}, 2, "You found 1 of the 2 right options: that's 50 % of the credit."),
        ("multi", {"One", "Two", "Three"}, 2, "and chose 1 wrong one: that's 50 % of the credit."),
        ("multi", {"One", "Two"}, 1, "that's no credit. Each wrong option takes back a right one."),
        ("order", "bacdef", 2, "4 of 6 are in their right place."),
        ("order", "bcadfe", 1, "1 of 6 is in its right place."),
    ],
)
@pytest.mark.asyncio
async def test_part_of_an_answer_earns_its_part_and_says_so(asking, kind, values, points, said):
    ana, quiz = asking.person("Ana"), quiz_of(asking)
    await ana.presses("Answer", on=quiz)
    letters = {option.label.partition(": ")[2]: option.value for option in ana.form.fields[0].options}
    if kind == "multi":
        await ana.sends(answer=", ".join(letters[text] for text in values))
    else:
        places = enumerate(values[:-1], 1)
        await ana.sends(**{f"place{place}": letters[f"Step {item}"] for place, item in places})
    title = "✗ Not quite" if "no credit" in said else "◐ Partly right"
    assert ana.sees(title)
    assert ana.sees(f"+{points} point")
    assert ana.sees(said)
    await ana.presses("Answer", on=quiz)
    again = "not quite right" if "no credit" in said else "partly right"
    assert ana.sees(f"{again}. Only the first answer counts.")


@pytest.mark.parametrize("kind", ["output"])
@pytest.mark.asyncio
async def test_a_long_answer_is_repeated_in_brief(asking, kind):
    ana, quiz = asking.person("Ana"), quiz_of(asking)
    await ana.presses("Answer", on=quiz)
    await ana.sends(answer="x" * 999)
    assert ana.sees("✗ Not quite"), kind
    await ana.presses("Answer", on=quiz)
    assert ana.sees("You've already answered this one")
    assert len(ana.shown()) < 400
