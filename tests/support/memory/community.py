"""Challenges and what was built; the replay guard's memory and the notes."""

from tests.support.memory.members import here
from tests.support.memory.state import kept


class Events:
    """Implements ``bot.ports.unit_of_work.Events``."""

    def __init__(self, work):
        self._work = work

    async def seen(self, event_id):
        return event_id in self._work.seen.events

    def record(self, event_id, at):
        events = self._work.own.events
        if event_id in events:
            self._work.clash(f"The event {event_id} has been recorded before.")
        events[kept(event_id)] = kept(at)

    async def forget_before(self, instant):
        events = self._work.own.events
        old = [event_id for event_id, at in events.items() if at < instant]
        for event_id in old:
            del events[event_id]
        return len(old)


class Community:
    """Implements ``bot.ports.community.Community``."""

    def __init__(self, work):
        self._work = work

    async def entry(self, group_id, challenge_id, member_id):
        return self._work.seen.entries.get((group_id, challenge_id, member_id))

    async def add_entry(self, entry):
        self._work.must_exist(groups=entry.group_id, members=entry.member_id)
        key = (entry.group_id, entry.challenge_id, entry.member_id)
        self._work.own.entries.setdefault(key, kept(entry))

    async def count_entries(self, group_id, challenge_id):
        of = [key for key in self._work.seen.entries if key[:2] == (group_id, challenge_id)]
        return sum(here(self._work.seen, who, group_id) for _, _, who in of)

    def add_submission(self, submission):
        self._work.must_exist(groups=submission.group_id, members=submission.member_id)
        self._append(self._work.own.submissions, submission)

    async def take_back(self, group_id, challenge_id, member_id):
        rows, wanted = self._work.own.submissions, (group_id, challenge_id, member_id)
        own = [
            key for key, row in rows.items() if (row.group_id, row.challenge_id, row.member_id) == wanted
        ]
        for key in own:
            del rows[key]
        return len(own)

    async def count_submissions(self, group_id, challenge_id):
        return len(await self.submissions(group_id, challenge_id, len(self._work.seen.submissions)))

    async def count_versions(self, group_id, challenge_id, member_id):
        wanted = (group_id, challenge_id, member_id)
        rows = self._work.seen.submissions.values()
        return sum((row.group_id, row.challenge_id, row.member_id) == wanted for row in rows)

    async def submission(self, group_id, challenge_id, member_id):
        wanted = (group_id, challenge_id, member_id)
        rows = self._work.seen.submissions.values()
        of = [row for row in rows if (row.group_id, row.challenge_id, row.member_id) == wanted]
        return max(reversed(of), key=lambda row: row.happened_at, default=None)

    async def submissions(self, group_id, challenge_id, limit, skip=0):
        rows = self._work.seen.submissions.values()
        of = [each for each in rows if (each.group_id, each.challenge_id) == (group_id, challenge_id)]
        by_age = sorted(of, key=lambda each: each.happened_at)
        newest = sorted({each.member_id: each for each in by_age}.values(), key=by_age.index, reverse=True)
        names = self._work.seen.names
        there = [each for each in newest if here(self._work.seen, each.member_id, group_id)]
        return tuple((each, names[each.member_id, group_id]) for each in there)[skip:][:limit]

    def _append(self, rows, row):
        if row.event_id in rows:
            self._work.clash(f"The event {row.event_id} has been recorded before.")
        rows[row.event_id] = kept(row)


class Notes:
    """Implements ``bot.ports.unit_of_work.Notes``."""

    def __init__(self, work):
        self._work = work

    async def get(self, name):
        return self._work.seen.notes.get(name)

    async def put(self, name, value):
        self._work.own.notes[kept(name)] = kept(value)
