"""No action id is believed because it is well-formed: what was never shown cannot be pressed."""

from dataclasses import dataclass, field, replace
from urllib.parse import quote

import pytest
import pytest_asyncio

from bot.allowance import unlimited
from bot.chat import decode, encode
from bot.domain.model import PostKind, PostState
from bot.handlers import all_routes
from bot.routing import STALE
from tests.support.helpers import PROMPT, QUIZ, every_project, facts, post_of, posts_project, quiz_of
from tests.support.people import items_of, key_letter, shipped_library, world_at

pytestmark = pytest.mark.asyncio

ACTIONS = tuple(sorted(all_routes().of_actions))


LINK = "https://example.org/ana"


ODD = ("-1", "1e3", "٣", "²", "9" * 20, "9" * 18, "0", "", "01x", "1 ", "1;o=a", "None")
"""Numbers that name nothing, however they are read."""


def pack():
    return shipped_library().packs["backend-python"]


def secrets_of(question, *, planned=True):
    """Words of a question that nobody may see: why its key is right, and if it is planned what it asks."""
    said = [question.explanation, *([question.stem] if planned and len(question.stem) > 40 else [])]
    return [text.replace("\\", "").replace("`", "")[:60] for text in said]


async def states(world, kind=PostKind.QUIZ, group=1):
    """Every post of a kind in the group, newest first."""
    return await world.run(lambda unit: unit.posts.history(group, kind, 100))


@dataclass
class Planted:
    """Numbers and names of what must be out of reach, by the parameter that would name it."""

    by_name: dict[str, list[str]] = field(default_factory=dict)
    secret: list[str] = field(default_factory=list)


async def set_state(world, kind, state, **changes):
    """Give the newest post of a kind another state."""

    async def change(unit):
        (newest,) = await unit.posts.history(1, kind, 1)
        await unit.posts.save(replace(newest, state=state, **changes))
        return newest

    return await world.run(change)


async def plant(world):
    """Posts that wait, were withdrawn or failed, a post of another group, a practice question of Ben's."""
    planted = Planted()
    numbers = planted.by_name.setdefault("p", list(ODD))
    for kind in (PostKind.QUIZ, PostKind.PROMPT):
        for state in (PostState.MISSED, PostState.FAILED, PostState.PLANNED):
            await world.passes(days=1)
            unsent = {"message": None, "sent_at": None, "attempted_at": None}
            post = await set_state(world, kind, state, **unsent)
            numbers.append(str(post.id))
            if kind is PostKind.QUIZ:
                question, planned = pack().question(post.content_id), state is PostState.PLANNED
                planted.secret += secrets_of(question, planned=planned)
    await world.founds("lounge", time="09:00", days="daily")
    await world.passes(days=1)
    numbers.append(str(post_of(world.newest(QUIZ, "lounge"))))
    known = [post.id for group in (1, 2) for kind in PostKind for post in await states(world, kind, group)]
    numbers.append(str(max(known) + 1))
    ben = world.person("Ben")
    await ben.uses("/quiz")
    practice = next(p for p in _params(ben.last) if "d" in p)["d"]
    planted.by_name["d"] = [*ODD, practice]
    posted = {post.content_id for post in await states(world, PostKind.CHALLENGE)}
    later = [c.id for c in every_project() if c.id not in posted]
    planted.by_name["c"] = ["", "gone", "x" * 60, later[-1], later[-2]]
    asked = {post.content_id for post in await states(world)}
    unasked = [q.id for found in pack().questions.values() for q in found if q.id not in asked]
    planted.by_name["q"] = ["", "gone", *unasked[:3]]
    planted.by_name["g"] = [*ODD, "1", "2", "99"]
    return planted


def _params(posted):
    return [decode(item.action).params for item in items_of(posted.message)]


@pytest_asyncio.fixture
async def study(study):
    """Hundreds of ids are tried at one instant, which is more than people do."""
    study.application.app.allowance = unlimited()
    return study


@pytest_asyncio.fixture
async def hostile(study):
    return study, await plant(study)


EARNS = (
    "answers", "acts", "settlements", "replies", "entries", "submissions", "posts", "groups", "schedules",
    "notes", "organisers", "rewards", "notices",
)  # fmt: skip
"""Tables that must stay unchanged. Looking and practising only write the member and what was practised."""


def rows(world):
    """Rows of an in-memory database that record something earned, posted or decided."""
    return [
        line for line in world.dump().splitlines() if line.startswith(tuple(f'INTO "{t}"' for t in EARNS))
    ]


@pytest.mark.parametrize(
    "kept_in", ["memory"], indirect=True
)  # thousands of acts, each of which is a commit
@pytest.mark.parametrize("direct", [False, True])
async def test_no_route_acts_on_what_was_not_served(hostile, direct):
    """Signed as they are, so that only the routes stand between them and the facts."""
    study, planted = hostile
    eve = study.person("Eve", direct=direct)
    if direct:
        await study.person("Eve").uses("/challenge join")
    before, told = rows(study), []
    assert before
    for route in ACTIONS:
        for name, values in planted.by_name.items():
            if route == "challenge.join" and name != "c":
                continue  # without a name it means the next project, which anybody may join
            for value in values:
                other = {"o": "a"} if route.endswith("answer") else {"n": "1"}
                # No view would make an id of a text such as "1;o=a": it would be quoted.
                action = f"mp1|{route}|" + ";".join(
                    f"{key}={quote(text, safe='-_.~:')}"
                    for key, text in sorted({name: value, **other}.items())
                )
                if len(action) > 91:
                    continue
                await eve.acts(action)
                told.append((action, eve.shown()))
                await eve.forges_form(study.signed(action), link=LINK, learned="x", text="Mine.")
                told.append((action, eve.shown()))
        assert rows(study) == before, route
    assert len(told) > 500
    for action, shown in told:
        for secret in planted.secret:
            assert secret not in shown.replace("\\", "").replace("`", ""), f"{action} shows {secret}"
        if "|p=" in action or ";p=" in action:
            assert "no longer works" in shown or "closed" in shown or "Only organisers" in shown, action
    assert await study.problems() == ()


ROUTES_OF_A_POST = (
    ("quiz.answer", QUIZ),
    ("reminder.question", QUIZ),
    ("prompt.done", PROMPT),
    ("prompt.sketch", PROMPT),
    ("prompt.write", PROMPT),
    ("prompt.written", PROMPT),
    ("prompt.mine", PROMPT),
)


@pytest.mark.parametrize(("route", "about"), ROUTES_OF_A_POST)
async def test_an_id_without_our_signature_is_the_id_of_nothing(study, route, about):
    ana, before = study.person("Ana"), facts(study)
    right = encode(route, p=post_of(study.newest(about)), **({"o": "a"} if route == "quiz.answer" else {}))
    signed = study.signed(right)
    forged = [
        right if route not in {"reminder.question", "prompt.mine"} else right + "|",
        signed[:-1] + ("A" if signed[-1] != "A" else "B"),
        signed[:-9] + "|" + "A" * 8,
        signed + "A",
        signed[:-1],
        signed.replace("mp1|", "mp1|x"),
        right + "|é" + "A" * 7,
        right + "|" + signed[-8:].swapcase(),
        f"{right}||{signed[-8:]}",
        "|" + signed,
        signed + "|" + signed[-8:],
        study.signed(encode("progress.mine"))[:-8] + signed[-8:],
        right + study.signed(encode("progress.mine"))[-9:],
    ]
    for action in forged:
        await ana.forges(action)
        assert ana.shown() == STALE, action
        await ana.forges_form(action, text="Mine.")
        assert ana.shown() == STALE, action
    assert facts(study) == before


async def test_a_button_of_another_database_is_refused(study, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    async with world_at(other) as elsewhere:
        await elsewhere.founds()
        await elsewhere.passes(minutes=31)
        theirs = [item.action for item in items_of(quiz_of(elsewhere).message)]
    ours = [item.action for item in items_of(quiz_of(study).message)]
    assert [a[:-8] for a in theirs] == [a[:-8] for a in ours]
    ana = study.person("Ana")
    await ana.forges(theirs[0])
    assert ana.shown() == STALE
    await ana.forges(ours[0])
    assert not ana.sees(STALE)


async def test_everything_that_is_shown_is_signed_and_short_enough(study):
    ana = study.person("Ana")
    await posts_project(study)
    for line in ("/quiz", "/progress", "/roadmap", "/leaderboard", "/challenge", "/help", "/preferences"):
        await ana.uses(line)
    shown = [item.action for posted in study.room.posted for item in items_of(posted.message)]
    shown += [ana.form.action] if ana.form else []
    assert len(shown) > 20
    for action in shown:
        assert len(action) <= 100
        assert study.application.signer.opened(action)[1]


async def test_the_longest_ids_of_a_pack_still_fit():
    slug, option, number = "x" * 60, "o" * 16, 10**18 - 1
    for route, params in (
        ("quiz.answer", {"o": option, "p": number}),
        ("practice.answer", {"o": option, "d": number}),
        ("practice.hint", {"d": number, "n": 2, "t": 1}),
        ("practice.skip", {"t": slug}),
        ("quiz.topic", {"t": slug}),
        ("quiz.again", {"q": slug}),
        ("challenge.details", {"c": slug}),
        ("challenge.submit", {"c": slug}),
        ("challenge.list", {"c": slug, "n": 10**7 - 1}),
        ("prompt.written", {"p": number}),
        ("reminder.question", {"p": number}),
        ("study.post_now", {"k": "challenge"}),
        ("study.resume", {"g": number}),
        ("leaderboard.show", {"period": "month"}),
    ):
        assert route in ACTIONS
        assert len(encode(route, **params)) <= 91


async def test_a_form_that_was_opened_before_a_role_was_lost_is_refused(study):
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study schedule", kind="quiz")
    assert olga.form
    olga.is_admin, before = False, facts(study)
    await olga.sends(time="off")
    assert olga.sees("Only organisers can do that here.")
    assert facts(study) == before


async def test_a_button_of_an_organisers_notice_is_of_no_use_to_others(study):
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study pause")
    resume = next(i.action for i in items_of(olga.last.message) if i.label == "Resume")
    for direct in (False, True):
        eve, before = study.person("Eve", direct=direct), facts(study)
        await eve.forges(resume)
        assert eve.sees("Only organisers can do that here.")
        assert facts(study) == before


async def test_suggestions_name_no_question(study):
    ana = study.person("Ana")
    stems = [q.stem[:25].casefold() for found in pack().questions.values() for q in found]
    for command, option in all_routes().completers:
        for typed in ("", "a", "http", stems[0][:9]):
            offered = await ana.completes(command, option, typed)
            assert not [c for c in offered for stem in stems if stem in f"{c.label} {c.value}".casefold()]


async def test_the_question_that_waits_is_shown_by_nothing(study):
    """It was planned, and the platform has been in trouble since."""
    await study.passes(days=1)
    unsent = {"message": None, "sent_at": None, "attempted_at": None}
    waiting = await set_state(study, PostKind.QUIZ, PostState.PLANNED, **unsent)
    secret, ana = secrets_of(pack().question(waiting.content_id)), study.person("Ana")
    for line in (
        "/next",
        "/home",
        "/quiz",
        "/streak",
        "/challenge",
        "/roadmap",
        "/leaderboard",
        "/progress",
    ):
        await ana.uses(line)
        shown = ana.shown().replace("\\", "").replace("`", "")
        assert not [text for text in secret if text in shown], line


STRANGE = "This button no longer works"


def option_of(world, posted):
    """The action of the right letter."""
    return next(i.action for i in items_of(posted.message) if i.label == key_letter(world, posted))


@pytest.mark.parametrize("direct", [False, True])
async def test_a_forged_press_from_elsewhere_gives_no_verdict_and_no_place(study, direct):
    eve = study.person("Eve", channel="lounge", direct=direct)
    before = facts(study)
    await eve.acts(option_of(study, quiz_of(study)))
    assert eve.sees(STRANGE)
    for route in ("prompt.done", "prompt.sketch"):
        await eve.acts(encode(route, p=post_of(study.newest(PROMPT))))
        assert eve.sees(STRANGE)
    assert facts(study) == before


async def test_a_group_of_ones_own_does_not_open_another_one(study):
    await study.founds(channel="lounge")
    eve = study.person("Eve", channel="lounge")
    await eve.uses("/challenge join")
    alone = study.person("Eve", direct=True)
    for person in (eve, alone):
        await person.acts(option_of(study, quiz_of(study)))
        assert person.sees(STRANGE)


async def test_a_member_may_press_in_a_direct_conversation(study):
    await study.person("Ana").presses("Mark done", on=study.newest(PROMPT))
    alone = study.person("Ana", direct=True)
    await alone.acts(option_of(study, quiz_of(study)))
    assert alone.sees("✓ Correct")


@pytest.mark.parametrize("direct", [False, True])
async def test_the_progress_of_somebody_without_a_shared_group_stays_unknown(study, direct):
    await study.person("Ana").answers(quiz_of(study))
    await study.founds(channel="lounge")
    eve = study.person("Eve", channel="lounge", direct=direct)
    await eve.uses("/challenge join")
    await eve.uses("/progress", member="ana")
    ana_is_unknown = eve.shown()
    await eve.uses("/progress", member="nobody")
    assert eve.shown() == ana_is_unknown
    assert eve.sees("This person hasn't taken part yet.")
    await eve.uses("/progress", member="eve")
    assert eve.sees("Your progress")


async def test_who_shares_a_group_is_shown_wherever_one_asks(study):
    await study.person("Ana").answers(quiz_of(study))
    await study.person("Ben").answers(quiz_of(study))
    ben = study.person("Ben", direct=True)
    await ben.uses("/progress", member="ana")
    assert ben.sees("Progress of Ana")
