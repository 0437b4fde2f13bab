"""What is counted of answers and activity."""

from collections import Counter, defaultdict

from bot.domain.model import Met, Standing, TopicTally
from bot.domain.scoring import lot, salt_of
from tests.support.memory.boards import periods_of
from tests.support.memory.members import here, shown_name


class Figures:
    """The counts and leaderboards of ``bot.ports.learning.Learning``."""

    def __init__(self, work):
        self._work = work

    async def distribution(self, post_id):
        return dict(Counter(each.response for each in self._answers() if each.post_id == post_id))

    async def count_answers(self, post_id):
        return sum(each.post_id == post_id for each in self._answers())

    async def count_acts(self, post_id, kind):
        return sum(key == f"{kind}:{post_id}" for _, key in self._work.seen.acts)

    async def standings(self, group_id, period, limit, member_id):
        points, answers, correct = Counter(), Counter(), Counter()
        for act in self._work.seen.acts.values():
            mine = act.row.group_id == group_id and act.row.member_id is not None
            if mine and period in periods_of(self._work.seen, act):
                points[act.row.member_id] += act.row.points
                answers[act.row.member_id] += act.correct is not None
                correct[act.row.member_id] += act.correct is True
        names = self._work.seen.names
        everybody = [
            Standing(
                1
                + sum(
                    points[other] > points[who]
                    for other in points
                    if here(self._work.seen, other, group_id)
                ),
                who,
                shown_name(self._work.seen, who, names[who, group_id]),
                points[who],
                answers[who],
                correct[who],
            )
            for who in sorted(points, key=lambda who: (-points[who], lot(who, salt_of(period)), who))
            if here(self._work.seen, who, group_id)
        ]
        own = next((each for each in everybody if each.member_id == member_id), None)
        return tuple(everybody[:limit]), own

    async def topic_tallies(self, member_id, pack):
        by_topic = defaultdict(list)
        for each in self._answers_of(member_id, pack):
            by_topic[each.topic].append(each)
        return {topic: _tally(topic, given) for topic, given in by_topic.items()}

    async def topic_tallies_in(self, member_id, pack, group_ids):
        by_topic = defaultdict(list)
        for each in self._answers_of(member_id, pack):
            if each.group_id in group_ids:
                by_topic[each.topic].append(each)
        return {topic: _tally(topic, given) for topic, given in by_topic.items()}

    async def acted_elsewhere(self, member_id, group_ids):
        rows = [act.row for act in self._work.seen.acts.values() if act.row.member_id == member_id]
        return any(row.group_id not in group_ids for row in rows)

    async def questions_met(self, member_id, pack):
        answers = [each for each in self._answers_of(member_id, pack) if each.post_id is not None]
        practices = [each for each in self._work.seen.practices.values() if each.member_id == member_id]
        of_pack = [each for each in practices if each.pack == pack]
        times = Counter(each.question_id for each in (*answers, *of_pack))
        last = {each.question_id: each.id for each in of_pack}
        return {question: Met(times[question], last.get(question, 0)) for question in times}

    def _answers(self):
        return self._work.seen.answers.values()

    def _answers_of(self, member_id, pack):
        return [each for each in self._answers() if (each.member_id, each.pack) == (member_id, pack)]


def _tally(topic, answers):
    right = sum(each.correct for each in answers)
    return TopicTally(topic, len(answers), right, max(each.happened_at for each in answers))
