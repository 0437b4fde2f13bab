"""Telling what is kept of people, and forgetting them."""

import dataclasses
import hashlib
from dataclasses import replace

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.personal import Kept
from tests.support.memory.outbox import Outbox
from tests.support.memory.state import EPOCH, kept

NAMELESS = {"member_id": None, "zone": "", "happened_at": EPOCH}


class Persons:
    """Implements ``bot.ports.persons.Persons``."""

    def __init__(self, work):
        self._work = work

    async def kept_of(self, user, limit):
        seen, who = self._work.seen, self._work.seen.accounts.get(user)
        of_member = {
            "member": [_fields(seen.members[who], "user")] if who else [],
            "account": [
                {"user_id": each.id} for each, owner in seen.accounts.items() if owner == who and who
            ],
            "membership": [
                {"name": seen.names[key], "joined_at": at}
                for key, at in seen.memberships.items()
                if key[0] == who
            ],
            "answer": [_fields(each) for each in seen.answers.values() if each.member_id == who and who],
            "regrade": [
                _fields(each)
                for key, rows in seen.regrades.items()
                for each in rows
                if seen.answers[key].member_id == who and who
            ],
            "activity": [
                _fields(each.row) for each in seen.acts.values() if each.row.member_id == who and who
            ],
            "submission": [
                _fields(each) for each in seen.submissions.values() if each.member_id == who and who
            ],
            "zone_change": [_fields(each) for each in seen.zones if each.member_id == who and who],
            "rest_days_change": [_fields(each) for each in seen.rest_days if each.member_id == who and who],
            "practice_question": [
                _fields(each) for each in seen.practices.values() if each.member_id == who and who
            ],
            "reminder": [
                _fields(each) for each in seen.reminders.values() if each.member_id == who and who
            ],
            "organiser": [{"user_id": key[2]} for key in seen.organisers if _is(user, *key)],
            "study_group": [
                {"channel": each.channel.id}
                for each in seen.groups.values()
                if _is(user, each.organiser.platform, each.organiser.workspace, each.organiser.id)
            ],
            "mention_by": [
                {"mention_role": each.mention_role} for each in _chosen(seen, user, "mention_by")
            ],
            "reward_by": [{"reward_role": each.reward_role} for each in _chosen(seen, user, "reward_by")],
            "audit_actor": [{"at": each.at} for each in _in_audit(seen, user, "actor")],
            "audit_about": [{"at": each.at} for each in _in_audit(seen, user, "about")],
            "file_removal": [
                {"kind": each.kind, "payload": each.payload}
                for each in seen.deliveries.values()
                if each.user == user and each.kind is DeliveryKind.FILE_REMOVAL
            ],
            "delivery": [
                {"kind": each.kind} for each in seen.deliveries.values() if each.member_id == who and who
            ],
        }
        return [
            Kept(name, name, rows[-limit:], more=len(rows) > limit)
            for name, rows in of_member.items()
            if rows
        ]

    async def forget(self, user, at):
        if not await self.kept_of(user, 1):
            return False
        own, who = self._work.own, self._work.own.accounts.get(user)
        if who:
            self._take_back(who, at)
            self._delete_of(who)
            own.last_member = max(own.last_member, who)
        self._leave_offices(user)
        for key, each in list(own.deliveries.items()):
            if each.user == user and each.kind is DeliveryKind.FILE_REMOVAL:
                own.deliveries[key] = replace(each, user=None, due_at=EPOCH)
            if each.user == user and each.kind is DeliveryKind.NOTICE:
                own.deliveries[key] = replace(each, user=None)
        own.forgotten[_fingerprint(user)] = kept(at)
        return True

    def _leave_offices(self, user):
        own = self._work.own
        for key in [key for key in own.organisers if _is(user, *key)]:
            del own.organisers[key]
        for number, each in own.groups.items():
            place, new = each.channel, each
            if _is(user, each.organiser.platform, each.organiser.workspace, each.organiser.id):
                new = replace(new, organiser=replace(each.organiser, id=""))
            for chosen_by in ("mention_by", "reward_by"):
                if _is(user, place.platform, place.workspace, getattr(each, chosen_by)):
                    new = replace(new, **{chosen_by: ""})
            own.groups[number] = new
        for role in ("actor", "about"):
            for entry in _in_audit(own, user, role):
                blank = {f"{role}_id": "", f"{role}_name": ""}
                own.audit[entry.id] = replace(own.audit[entry.id], **blank)

    def hide(self, member_id, *, hidden):
        members = self._work.own.members
        if member_id in members:
            members[member_id] = replace(members[member_id], hidden=hidden)

    async def idle_since(self, before, limit):
        seen = self._work.seen
        busy = {act.row.member_id for act in seen.acts.values() if act.row.happened_at >= before}
        idle = [each for each in seen.members.values() if each.joined_at < before and each.id not in busy]
        organising = {each.organiser for each in seen.groups.values()}
        named = {(key[0], key[2]) for key in seen.organisers}
        found = [each.user for each in idle if each.user not in organising]
        return [user for user in found if (user.platform, user.id) not in named][:limit]

    async def drop_texts(self, before, limit):
        submissions = self._work.own.submissions
        old = [key for key, each in submissions.items() if each.happened_at < before][:limit]
        for key in old:
            del submissions[key]
        return len(old)

    async def drop_fingerprints(self, before):
        fingerprints = self._work.own.forgotten
        old = [key for key, at in fingerprints.items() if at < before]
        for key in old:
            del fingerprints[key]
        return len(old)

    async def forgotten_since(self, user, since):
        at = self._work.seen.forgotten.get(_fingerprint(user))
        return at is not None and at >= since

    async def only_in(self, group_id, limit):
        seen = self._work.seen
        here = sorted(who for who, of in seen.memberships if of == group_id)
        elsewhere = {who for who, of in seen.memberships if of != group_id}
        others = {each.organiser for each in seen.groups.values() if each.id != group_id}
        found = [seen.members[who].user for who in here if who not in elsewhere]
        return [user for user in found if user not in others][:limit]

    async def vacate(self, group_id):
        own, group = self._work.own, self._work.own.groups[group_id]
        for rows in (own.memberships, own.names, own.left, own.seen_at):
            for key in [key for key in rows if key[1] == group_id]:
                del rows[key]
        own.absences[:] = [each for each in own.absences if each[1] != group_id]
        place = (group.channel.platform, group.channel.workspace)
        for key in [key for key in own.organisers if key[:2] == place]:
            del own.organisers[key]
        own.groups[group_id] = replace(group, organiser=replace(group.organiser, id=""))

    def _take_back(self, who, at):
        own = self._work.own
        for row in list(own.rewards.values()):
            if row.reward.member_id == who and row.granted is not False:
                group, user = own.groups[row.reward.group_id], own.members[who].user
                channel, role = group.channel, row.reward.role
                subject = f"{channel.platform}/{channel.workspace}/{channel.id}/{role}/{user.id}"
                payload = {"channel": channel.id, "role": role}
                kind = DeliveryKind.ROLE_REMOVAL
                Outbox(self._work).enqueue(
                    Delivery(kind, channel.platform, channel.workspace, subject, at, payload, user=user)
                )

    def _delete_of(self, who):
        """Facts keep their places: recaps look back on a range of them."""
        own = self._work.own
        own.acts = {
            (("nobody", number) if key[0] == who else key[0], key[1]): (
                replace(act, row=replace(act.row, **NAMELESS)) if key[0] == who else act
            )
            for number, (key, act) in enumerate(own.acts.items())
        }
        now_under = {
            key: ("post", each.post_id, ("nobody", number)) if each.member_id == who else key
            for number, (key, each) in enumerate(own.answers.items())
            if each.member_id != who or each.post_id is not None
        }
        own.regrades = {now_under[key]: rows for key, rows in own.regrades.items() if key in now_under}
        own.answers = {
            now_under[key]: replace(each, **NAMELESS, event_id="") if each.member_id == who else each
            for key, each in own.answers.items()
            if key in now_under
        }
        for rows in (
            own.practices,
            own.submissions,
            own.entries,
            own.reminders,
            own.rewards,
            own.deliveries,
        ):
            for key in [key for key, row in rows.items() if _owner(row) == who]:
                del rows[key]
        for rows in (own.memberships, own.names, own.left, own.seen_at):
            for key in [key for key in rows if key[0] == who]:
                del rows[key]
        own.absences[:] = [each for each in own.absences if each[0] != who]
        own.zones[:] = [each for each in own.zones if each.member_id != who]
        own.rest_days[:] = [each for each in own.rest_days if each.member_id != who]
        own.streaks.pop(who, None)
        own.accounts = {user: owner for user, owner in own.accounts.items() if owner != who}
        del own.members[who]


def _fingerprint(user):
    return hashlib.sha256(repr(user).encode()).hexdigest()


def _in_audit(state, user, role):
    rows = list(state.audit.values())
    return [row for row in rows if _is(user, row.platform, row.workspace, getattr(row, f"{role}_id"))]


def _chosen(state, user, name):
    groups = state.groups.values()
    return [
        each
        for each in groups
        if _is(user, each.channel.platform, each.channel.workspace, getattr(each, name))
    ]


def _owner(row):
    return row.reward.member_id if hasattr(row, "reward") else row.member_id


def _is(user, platform, workspace, user_id):
    here = user.workspace in (workspace, user.platform)
    return platform == user.platform and user_id == user.id and here


def _fields(row, *without):
    names = [each.name for each in dataclasses.fields(row) if each.name not in without]
    return {name: getattr(row, name) for name in names}
