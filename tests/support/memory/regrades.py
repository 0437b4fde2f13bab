"""Answers that are graded again. What the real databases count is counted anew from these each time."""

from bot.domain.regrading import Correction, GradedAnswer
from tests.support.memory.state import kept


class Regrades:
    """Implements ``bot.ports.regrades.Regrades``. The id of an answer is its place among all."""

    def __init__(self, work):
        self._work = work

    async def keys(self, pack):
        of = self._work.seen.answer_keys.items()
        return {question_id: key for (of_pack, question_id), key in of if of_pack == pack}

    def record(self, pack, keys):
        for each in keys:
            self._work.own.answer_keys[pack, each.question_id] = kept(each)

    async def answered(self, pack, question_ids):
        found = {each.question_id for each in self._work.seen.answers.values() if each.pack == pack}
        return frozenset(found & set(question_ids))

    async def answers(self, pack, question_id, after, limit):
        return tuple(each for each in self._graded(pack, question_id) if each.id > after)[:limit]

    async def answers_in(self, pack, question_id, group_id):
        of = self._graded(pack, question_id)
        return tuple(each for each in of if each.group_id == group_id and each.post_id is not None)

    def add(self, answer, regrade, settled_on):
        key = list(self._work.own.answers)[answer.id - 1]
        before = self._work.own.regrades.get(key, ())
        if regrade.number != len(before) + 1:
            self._work.clash(f"The answer {answer.id} has been graded again before.")
        self._work.own.regrades[key] = (*before, kept(regrade))

    async def of_post(self, post_id):
        done = [rows for key, rows in self._work.seen.regrades.items() if key[:2] == ("post", post_id)]
        gained = sum(any(each.points_gained for each in rows) for rows in done)
        right = sum(any(each.now_correct for each in rows) for rows in done)
        return Correction(gained, right) if done else None

    def _graded(self, pack, question_id):
        seen = self._work.seen
        for number, (key, each) in enumerate(seen.answers.items(), 1):
            if (each.pack, each.question_id) == (pack, question_id):
                scores = (each.score, *(again.score for again in seen.regrades.get(key, ())))
                yield GradedAnswer(
                    number,
                    each.member_id,
                    each.group_id,
                    each.post_id,
                    each.pack,
                    each.topic,
                    each.response,
                    each.happened_at,
                    scores,
                )


def gained(state, key):
    """The gains of an answer: points, and whether it is right by now."""
    done = state.regrades.get(key, ())
    return sum(each.points_gained for each in done), any(each.now_correct for each in done)


def gained_by_act(state, act):
    """The gains of the answer that an act is, if it is one to a post."""
    kind, _, number = act.row.key.partition(":")
    return gained(state, ("post", int(number), act.row.member_id)) if kind == "post" else (0, False)
