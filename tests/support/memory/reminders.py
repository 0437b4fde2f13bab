"""Reminders: who is reminded, and when."""

from bot.domain.deliveries import Delivery, DeliveryKind
from tests.support.memory.outbox import Outbox
from tests.support.memory.state import kept


class Reminders:
    """Implements ``bot.ports.outbox.Reminders``."""

    def __init__(self, work):
        self._work = work

    async def find(self, member_id):
        return self._work.seen.reminders.get(member_id)

    def put(self, reminder):
        self._work.must_exist(members=reminder.member_id)
        self._work.own.reminders[reminder.member_id] = new = kept(reminder)
        subject, outbox = str(reminder.member_id), Outbox(self._work)
        if new.due_at is None or new.next_date is None:
            outbox.withdraw(DeliveryKind.REMINDER, subject)
            return
        payload = {"date": new.next_date.isoformat(), "at": f"{new.at:%H:%M}", "zone": new.zone}
        kind, who = DeliveryKind.REMINDER, new.member_id
        outbox.enqueue(Delivery(kind, new.platform, "", subject, new.due_at, payload, member_id=who))

    async def due_after(self, member_id, limit):
        on = [each for each in self._work.seen.reminders.values() if each.due_at is not None]
        later = [each for each in on if each.member_id > member_id]
        return tuple(sorted(later, key=lambda reminder: reminder.member_id)[:limit])
