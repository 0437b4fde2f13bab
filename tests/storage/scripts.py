"""Scripts of what members do, made by Hypothesis: a list of units, each of a few steps and an ending."""

import asyncio
import dataclasses

from hypothesis import strategies as st

from bot.domain.model import PostKind, PostState, Submission, ZoneChange
from bot.errors import UserError
from bot.ports import Discard
from tests.storage.facts import HOUR, NOW, PERIODS, act, answer, group, practice, sent, user

MEMBERS = POSTS = (1, 2, 3)

member = st.sampled_from(MEMBERS)
post = st.sampled_from(POSTS)
name = st.sampled_from(["a", "b"])

steps = st.one_of(
    st.tuples(st.just("answer"), member, post),
    st.tuples(st.just("answer blindly"), member, post),
    st.tuples(st.just("act"), member, name),
    st.tuples(st.just("reply"), member, name),
    st.tuples(st.just("rename"), member, name),
    st.tuples(st.just("move"), member, name),
    st.tuples(st.just("streak"), member, name),
    st.tuples(st.just("event"), name),
    st.tuples(st.just("change"), post),
    st.tuples(st.just("save"), post, st.sampled_from(PostState)),
    st.tuples(st.just("note"), name),
    st.tuples(st.just("meet"), st.sampled_from((3, 4))),
    st.tuples(st.just("practice"), member, st.sampled_from("abc")),
    st.tuples(st.just("plan"), name),
    st.tuples(st.just("look"), member, post),
    st.tuples(st.just("count"), member, post),
)
endings = st.sampled_from(["keep", "keep", "keep", "refuse", "discard"])
units = st.lists(st.tuples(st.lists(steps, min_size=1, max_size=4), endings), min_size=1, max_size=8)


async def do(unit, step):  # noqa: C901, PLR0912 - a flat list of what may happen
    """One step; what it returns is what the unit has seen."""
    what, *rest = step
    learning, posts = unit.learning, unit.posts
    match what, rest:
        case "answer", [who, where]:
            if await learning.answer_to_post(where, who):
                raise UserError("answered")
            learning.add_answer(answer(who, await posts.get(where)))
            await posts.mark_changed(where)
        case "answer blindly", [who, where]:
            learning.add_answer(dataclasses.replace(answer(who, None), post_id=where, group_id=1))
        case "act", [who, key]:
            learning.add_activity(act(who, 1, key), PERIODS, correct=True)
        case "reply", [who, event]:
            unit.community.add_submission(Submission(event, 1, "cli", who, "https://example.org", "…", NOW))
        case "rename", [who, new]:
            unit.members.call(1, who, new)
        case "move", [who, zone]:
            unit.members.set_zone(ZoneChange(who, NOW, zone))
        case "streak", [who, state]:
            old = await learning.streak_state(who) or ""
            learning.put_streak_state(who, (old + state)[-5:])
        case "event", [event]:
            unit.events.record(event, NOW)
        case "change", [where]:
            await posts.mark_changed(where)
        case "save", [where, state]:
            await posts.save(dataclasses.replace(await posts.get(where), state=state))
        case "note", [new]:
            await unit.notes.put(new, (await unit.notes.get(new) or "") + "x")
        case "meet", [number]:
            return await unit.members.add(user(number), NOW)
        case "practice", [who, event]:
            earlier = await unit.practice.of_event(event)
            return earlier or await unit.practice.add(practice(who, event_id=event))
        case "plan", [slot]:
            return await posts.add(sent(1, slot, due_at=NOW + HOUR))
        case "look", [who, where]:
            return (
                await unit.members.find(user(who)),
                await unit.members.get(who),
                await posts.get(where),
                await posts.open_of(1, PostKind.QUIZ),
                await learning.answer_to_post(where, who),
                await learning.has_activity(who, "a"),
                await learning.streak_state(who),
                await unit.events.seen("a"),
            )
        case "count", [who, where]:
            return (
                await learning.distribution(where),
                await unit.boards.standings(1, "all", 5, who),
                await learning.topic_tallies(who, "backend"),
                await unit.members.zones(who),
            )
    return None


def use_case(things, ending):
    async def run(unit):
        seen = [await do(unit, each) for each in things]
        if ending == "refuse":
            raise UserError("refused")
        if ending == "discard":
            raise Discard(seen)
        return seen

    return run


async def seed(unit):
    of = await unit.groups.add(group())
    for number in MEMBERS[:2]:
        await unit.members.add(user(number), NOW)
    await unit.members.add(user(9), NOW)
    for number in POSTS:
        await unit.posts.add(sent(of.id, str(number)))


async def play(database, script, *, at_once):
    """Run the units of the script and return the outcome of each (see ``outcome``)."""
    runs = [use_case(things, ending) for things, ending in script]
    if at_once:
        found = await asyncio.gather(*map(database.run, runs), return_exceptions=True)
    else:
        found = [(await asyncio.gather(database.run(run), return_exceptions=True))[0] for run in runs]
    return [outcome(each, ending) for each, (_, ending) in zip(found, script, strict=True)]


def outcome(result, ending):
    """Outcome of a unit, comparable between units run at once and one by one.

    Errors are all alike: a unit that clashes and is refused too may be told of either. So may one that
    drops its writes anyway: nobody has to find out whether they clashed.
    """
    if isinstance(result, BaseException):
        return "failed" if ending == "keep" else "dropped"
    return result if ending == "keep" else "dropped"
