"""The outbox: what is owed to platforms."""

from dataclasses import replace

from bot.domain.deliveries import LONGEST_EDIT_WAIT, DeliveryKind
from tests.support.memory.state import kept


class Outbox:
    """Implements ``bot.ports.outbox.Outbox``."""

    def __init__(self, work):
        self._work = work

    def enqueue(self, delivery):
        self._work.must_exist(groups=delivery.group_id, members=delivery.member_id)
        own = self._work.own
        own.last_delivery += 1
        old = own.deliveries.get((delivery.kind, delivery.subject))
        number = old.id if old else own.last_delivery
        own.deliveries[delivery.kind, delivery.subject] = kept(
            replace(delivery, id=number, revision=own.last_delivery)
        )

    def revise(self, kind, subject):
        """Change the revision alone."""
        own = self._work.own
        own.last_delivery += 1
        own.deliveries[kind, subject] = replace(own.deliveries[kind, subject], revision=own.last_delivery)

    def withdraw(self, kind, subject):
        self._work.own.deliveries.pop((kind, subject), None)

    async def due_kinds(self, now):
        return frozenset(kind for kind in DeliveryKind if due(self._work.seen, kind, now))

    async def claim(self, kind, now, lease, limit, platforms):
        own = self._work.own
        if kind is DeliveryKind.EDIT:
            lease = min(lease, LONGEST_EDIT_WAIT)
            for key, each in own.deliveries.items():
                if _is_lost(each, now):
                    own.deliveries[key] = replace(each, due_at=kept(now))
        here = [each for each in due(own, kind, now) if each.platform in platforms]
        claimed = sorted(here, key=lambda each: (each.due_at, each.id))[:limit]
        leased = [replace(each, due_at=kept(now + lease), attempts=each.attempts + 1) for each in claimed]
        own.deliveries.update({(kind, each.subject): each for each in leased})
        return tuple(sorted(leased, key=lambda each: each.id))

    def done(self, delivery):
        if self._is(delivery):
            del self._work.own.deliveries[delivery.kind, delivery.subject]

    async def retry(self, delivery, due_at, error):
        self._work.own  # noqa: B018 - a unit that only reads may not
        if (found := self._leased(delivery)) is None:
            return False
        late = replace(found, due_at=kept(due_at), error=error)
        self._work.own.deliveries[delivery.kind, delivery.subject] = late
        return True

    async def give_up(self, delivery):
        ours = self._is(delivery) and bool(self._leased(delivery))
        self._work.own  # noqa: B018 - a unit that only reads may not
        if ours:
            del self._work.own.deliveries[delivery.kind, delivery.subject]
        return ours

    def _is(self, delivery):
        found = self._work.own.deliveries.get((delivery.kind, delivery.subject))
        return found is not None and found.revision == delivery.revision

    def _leased(self, delivery):
        found = self._work.own.deliveries.get((delivery.kind, delivery.subject))
        if found is None:
            return None
        same = [(each.id, each.attempts, each.due_at) for each in (found, delivery)]
        return found if same[0] == same[1] else None


def _is_lost(delivery, now):
    """Tell if a clock that was set back has left an edit far ahead."""
    return delivery.kind is DeliveryKind.EDIT and delivery.due_at > now + LONGEST_EDIT_WAIT


def due(state, kind, now):
    """Return deliveries of a kind whose time has come, unless they wait for a group that is paused."""
    of = [each for each in state.deliveries.values() if each.kind is kind]
    of = [each for each in of if each.due_at <= now or _is_lost(each, now)]
    paused = {group_id for group_id, group in state.groups.items() if group.paused_at}
    return [each for each in of if each.group_id not in paused]
