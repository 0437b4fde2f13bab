"""All that a database knows, asked through the Protocols: what must be the same on every kind of it."""

import datetime as dt

from bot.domain.model import PostKind
from tests.storage.facts import DAY, HOUR, NOW

EVER = NOW + dt.timedelta(days=999)
MANY = 999
MEMBERS = range(1, 7)
CHALLENGES = ("cli", "api")


async def everything(unit):
    """A list of answers, each with its question's name. Where no order is promised there is none."""
    groups = await unit.groups.all()
    return [
        ("groups", groups),
        ("due", _any_order(await unit.groups.due_schedules(EVER, MANY))),
        ("waits", [await unit.posts.work_waits(NOW + hours * HOUR) for hours in range(9)]),
        ("owed", [sorted(await unit.outbox.due_kinds(NOW + hours * HOUR)) for hours in range(9)]),
        ("closing", _any_order(await unit.posts.closing(EVER, MANY))),
        ("watched", _any_order(await unit.rewards.due_for_review(EVER, MANY))),
        *[each for group in groups for each in await _of_group(unit, group)],
        *[each for member_id in MEMBERS for each in await _of_member(unit, member_id)],
    ]


async def _of_group(unit, group):
    posts = [post for kind in PostKind for post in await unit.posts.history(group.id, kind, MANY)]
    return [
        ("schedules", await unit.groups.schedules(group.id)),
        ("members", await unit.members.count(group.id)),
        ("posts", posts),
        ("open", [await unit.posts.open_of(group.id, kind) for kind in PostKind]),
        ("served", [list(await unit.posts.served(group.id, kind)) for kind in PostKind]),
        ("standings", await unit.boards.standings(group.id, "all", MANY, 1)),
        *[("built", await unit.community.submissions(group.id, one, MANY)) for one in CHALLENGES],
        *[("shared", await unit.community.submission(group.id, one, 1)) for one in CHALLENGES],
        *[("taking part", await unit.community.count_entries(group.id, one)) for one in CHALLENGES],
        *[each for post in posts for each in await _of_post(unit, post)],
    ]


async def _of_post(unit, post):
    return [
        ("slot", await unit.posts.find_slot(post.group_id, post.kind, post.slot)),
        ("message", post.message and await unit.posts.by_message(post.message)),
        ("distribution", await unit.learning.distribution(post.id)),
        ("answers", await unit.learning.count_answers(post.id)),
        ("acts", await unit.learning.count_acts(post.id, "post")),
        ("replies", await unit.learning.count_acts(post.id, "reply")),
    ]


async def _of_member(unit, member_id):
    try:
        member = await unit.members.get(member_id)
    except KeyError:
        return [("nobody", member_id)]
    return [
        ("member", member),
        ("found", await unit.members.find(member.user)),
        ("zones", await unit.members.zones(member_id)),
        ("rest days", await unit.members.rest_days(member_id)),
        ("groups", await unit.members.groups_of(member_id)),
        ("names", [await unit.members.name_in(of, member_id) for of in (1, 2)]),
        ("joined", await unit.members.joined_groups(member_id)),
        ("activities", await unit.learning.activities(member_id)),
        ("active days", await unit.learning.active_days(member_id, DAY)),
        ("asked", await unit.learning.asked(member_id, DAY - dt.timedelta(days=9))),
        ("streak", await unit.learning.streak_state(member_id)),
        ("topics", await unit.learning.topic_tallies(member_id, "backend")),
        ("topics here", await unit.learning.topic_tallies_in(member_id, "backend", (1,))),
        ("elsewhere", await unit.learning.acted_elsewhere(member_id, (1,))),
        ("questions", await unit.learning.questions_met(member_id, "backend")),
        ("last act", await unit.learning.last_act_at(member_id)),
        ("reminder", await unit.reminders.find(member_id)),
        *[("entry", await unit.community.entry(1, one, member_id)) for one in CHALLENGES],
    ]


def _any_order(rows):
    return sorted(rows, key=repr)
