"""Scripts of what the clock side and organisers do, made by Hypothesis: one step for each unit."""

import dataclasses
import datetime as dt

from hypothesis import strategies as st

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import (
    ChallengeEntry,
    Notice,
    PostKind,
    PostState,
    Reminder,
    Submission,
)
from bot.domain.reasons import Fault, NoticeKind, PauseReason
from tests.storage.facts import DAY, HOUR, NOW, group, post, schedule, user
from tests.storage.snapshot import CHALLENGES

LEASE = 2 * HOUR
HERE = ("room",)
WHERE = (HERE, HERE, ("elsewhere",))

member = st.sampled_from((1, 2))
hour = st.integers(0, 6)
place = st.integers(1, 4)
kind = st.sampled_from((PostKind.PROMPT, PostKind.QUIZ, PostKind.RECAP))
slot = st.sampled_from("abc")
few = st.sampled_from((1, 2, 9))
OUTCOMES = ("sent", "lost", "missed", "later", "killed")
reward = st.sampled_from(("", "r", "s"))

steps = st.one_of(
    st.tuples(st.just("add"), kind, slot, hour, st.booleans()),
    st.tuples(st.just("plan"), kind, slot, hour, st.booleans()),
    st.tuples(st.just("deliver"), hour, few, st.sampled_from(WHERE), st.sampled_from(OUTCOMES)),
    st.tuples(st.just("save"), place, st.sampled_from(PostState), st.none() | hour, st.none() | hour),
    st.tuples(st.just("replan"), place, hour),
    st.tuples(st.just("change"), place),
    st.tuples(st.just("show"), place, hour),
    st.tuples(st.just("edit"), hour, few, st.sampled_from(WHERE), st.booleans()),
    st.tuples(st.just("owe"), slot, hour),
    st.tuples(
        st.just("notify"),
        hour,
        few,
        st.sampled_from(WHERE),
        st.sampled_from(("told", "lost", "withdrawn", "later")),
    ),
    st.tuples(st.just("pause"), st.booleans()),
    st.tuples(st.just("schedule"), kind, st.none() | hour),
    st.tuples(st.just("join"), member, hour),
    st.tuples(st.just("reward"), reward, hour),
    st.tuples(st.just("earn"), member, hour),
    st.tuples(st.just("look"), hour, st.booleans(), st.none() | hour),
    st.tuples(st.just("tell"), hour, st.sampled_from(WHERE), st.booleans()),
    st.tuples(st.just("remind"), member, st.none() | hour),
    st.tuples(st.just("letters"), hour, st.sampled_from(WHERE)),
    st.tuples(st.just("enter"), member, st.sampled_from(CHALLENGES), hour),
    st.tuples(st.just("build"), member, st.sampled_from(CHALLENGES), slot, hour),
    st.tuples(st.just("ask"), hour),
)
scripts = st.lists(steps, min_size=1, max_size=15)


def at(number):
    return None if number is None else NOW + number * HOUR


async def seed(unit):
    """A group with a schedule, and two members who are of no group."""
    of = await unit.groups.add(group(reward_role="r", reward_days=3))
    await unit.groups.put_schedule(schedule(of.id))
    for number in (1, 2):
        await unit.members.add(user(number), NOW)


def step(what, *rest):
    """A use case that does one step; what it returns is what it has seen."""

    async def run(unit):
        return await _STEPS[what](unit, *rest)

    return run


async def _add(unit, kind, slot, due, by_hand):
    new = post(1, slot, kind, due_at=at(due), schedule_id=None if by_hand else 1)
    return await unit.posts.add(new)


async def _plan(unit, kind, slot, due, by_hand):
    unit.posts.plan(post(1, slot, kind, due_at=at(due), schedule_id=None if by_hand else 1))


async def _deliver(unit, now, limit, where, what):
    claimed = await unit.outbox.claim(DeliveryKind.POST, at(now), LEASE, limit, where)
    for each in claimed[:1]:
        await _end(unit, each, now, what)
    return [(each.subject, each.attempts) for each in claimed]


async def _end(unit, owed, now, what):
    """Write the result of a worker's attempt to send a post."""
    post = await unit.posts.get(int(owed.subject))
    unit.posts.sending(post.id, at(now), "single a b")
    if what == "sent":
        await unit.posts.save(dataclasses.replace(post, state=PostState.SENT, sent_at=at(now)))
        unit.outbox.done(owed)
    elif what == "lost" and await unit.outbox.give_up(owed):
        await unit.posts.save(dataclasses.replace(post, state=PostState.FAILED, fault=Fault.SILENT))
    elif what == "missed":
        await unit.posts.save(dataclasses.replace(post, state=PostState.MISSED, fault=Fault.DOWN))
        unit.outbox.withdraw(owed.kind, owed.subject)
    elif what == "later" and await unit.outbox.retry(owed, at(now + 1), "down"):
        unit.posts.note_fault(post.id, Fault.SILENT, "down")


async def _replan(unit, place, due):
    if old := await unit.posts.get(place):
        unit.posts.replan(dataclasses.replace(old, state=PostState.PLANNED, due_at=at(due)))


async def _save(unit, place, state, asked, closes):
    if old := await unit.posts.get(place):
        changes = {"attempted_at": at(asked), "closes_at": at(closes), "fault": Fault.SILENT}
        await unit.posts.save(dataclasses.replace(old, state=state, **changes))


async def _change(unit, place):
    await unit.posts.mark_changed(place)


async def _show(unit, place, again):
    unit.posts.edited(place, at(again))


async def _edit(unit, now, limit, where, arrives):
    claimed = await unit.outbox.claim(DeliveryKind.EDIT, at(now), LEASE, limit, where)
    for each in claimed[:1]:
        if arrives:
            unit.posts.edited(int(each.subject), at(now + 1))
            unit.outbox.done(each)
        else:
            await unit.outbox.retry(each, at(now + 1), "down")
    return {(each.subject, each.attempts) for each in claimed}


async def _owe(unit, subject, when):
    new = await unit.notices.add(Notice(0, 1, subject, NoticeKind.WRITTEN, {}, at(when)))
    unit.outbox.enqueue(
        Delivery(
            DeliveryKind.NOTICE, "room", "school", subject, at(when), group_id=1 if subject == "a" else None
        )
    )
    return new


async def _notify(unit, now, limit, where, what):
    claimed = await unit.outbox.claim(DeliveryKind.NOTICE, at(now), LEASE, limit, where)
    for each in claimed[:1]:
        if what == "told":
            unit.outbox.done(each)
        elif what == "lost":
            await unit.outbox.give_up(each)
        elif what == "withdrawn":
            unit.outbox.withdraw(each.kind, each.subject)
        else:
            await unit.outbox.retry(each, at(now + 1), "down")
    return set(claimed)


async def _pause(unit, paused):
    of = await unit.groups.get(1)
    new = dataclasses.replace(
        of, paused_at=NOW if paused else None, pause_reason=PauseReason.ORGANISER if paused else None
    )
    await unit.groups.save(new)
    return await unit.groups.paused_for("room", PauseReason.ORGANISER), await unit.groups.workspaces("room")


async def _schedule(unit, kind, due):
    old = next((each for each in await unit.groups.schedules(1) if each.kind is kind), None)
    date = None if due is None else DAY
    new = schedule(1, kind, id=old.id if old else 0, next_due_at=at(due), next_date=date)
    return await unit.groups.put_schedule(new)


async def _join(unit, who, when):
    await unit.members.join(1, who, at(when), "Ana")


async def _reward(unit, role, when):
    new = dataclasses.replace(await unit.groups.get(1), reward_role=role)
    await unit.groups.save(new)
    await unit.rewards.review_all(new, at(when))


async def _earn(unit, who, when):
    unit.rewards.earn(await unit.groups.get(1), who, at(when), at(when + 1))


async def _look(unit, now, wanted, again):
    found = await unit.rewards.due_for_review(at(now), 9)
    for reward in found:
        unit.rewards.reviewed(reward, at(now), wanted=wanted, review_at=at(again))
    return set(found)


async def _tell(unit, now, where, arrives):
    claimed = await unit.outbox.claim(DeliveryKind.REWARD, at(now), LEASE, 9, where)
    for each in claimed[:1]:
        group_id, member_id, role = each.subject.split("/")
        reward = await unit.rewards.get(int(group_id), int(member_id), role)
        unit.rewards.sending(reward)
        if arrives:
            unit.rewards.delivered(reward)
            unit.outbox.done(each)
    return {(each.subject, each.attempts) for each in claimed} if len(claimed) < 2 else None


async def _remind(unit, who, due):
    date = None if due is None else DAY
    unit.reminders.put(Reminder(who, "room", dt.time(19), "UTC", at(due), date))


async def _letters(unit, now, where):
    claimed = await unit.outbox.claim(DeliveryKind.REMINDER, at(now), LEASE, 9, where)
    return [str(dataclasses.replace(each, revision=0)) for each in claimed]  # a revision is by chance


async def _enter(unit, who, challenge, when):
    await unit.community.add_entry(ChallengeEntry(1, challenge, who, at(when)))


async def _build(unit, who, challenge, event, when):
    unit.community.add_submission(Submission(event, 1, challenge, who, "url", "much", at(when)))


async def _ask(unit, now):
    return (
        await unit.posts.work_waits(at(now)),
        await unit.rewards.waiting(at(now)),
        sorted(await unit.outbox.due_kinds(at(now))),
        await unit.groups.next_due_at(),
        len(await unit.posts.closing(at(now), 9)),
        len(await unit.groups.due_schedules(at(now), 9)),
    )


_STEPS = {
    "add": _add,
    "plan": _plan,
    "deliver": _deliver,
    "save": _save,
    "replan": _replan,
    "change": _change,
    "show": _show,
    "edit": _edit,
    "owe": _owe,
    "notify": _notify,
    "pause": _pause,
    "schedule": _schedule,
    "join": _join,
    "reward": _reward,
    "earn": _earn,
    "look": _look,
    "tell": _tell,
    "remind": _remind,
    "letters": _letters,
    "enter": _enter,
    "build": _build,
    "ask": _ask,
}
