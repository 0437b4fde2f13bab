"""Points of questions that have closed, and the windows of time that recaps look back on."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice

from bot.domain.boards import Counted, Scored
from bot.domain.model import PostKind, PostState, Standing
from bot.domain.scoring import lot, period_keys, salt_of
from tests.support.memory.members import here, shown_name
from tests.support.memory.regrades import gained, gained_by_act
from tests.support.memory.state import kept

_WAITING = (PostState.PLANNED, PostState.SENT)
_NEVER_CAME = (PostState.MISSED, PostState.FAILED)


@dataclass(frozen=True)
class Window:
    """Window of a recap; ``acts`` and ``settlements`` are slices (start, stop) in order of arrival."""

    post_id: int
    group_id: int
    since: object
    until: object
    acts: tuple
    settlements: tuple


class Boards:
    """Implements ``bot.ports.boards.Boards``."""

    def __init__(self, work):
        self._work = work

    async def standings(self, group_id, period, limit, member_id):
        points, answers, correct = Counter(), Counter(), Counter()
        for act in self._work.seen.acts.values():
            mine = act.row.group_id == group_id and act.row.member_id is not None
            if mine and period in periods_of(self._work.seen, act):
                more, right = gained_by_act(self._work.seen, act)
                points[act.row.member_id] += act.row.points + more
                answers[act.row.member_id] += act.correct is not None
                correct[act.row.member_id] += act.correct is True or right
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

    def settle(self, post, day):
        self._work.must_exist(posts=post.id, groups=post.group_id)
        if post.id in self._work.own.settlements:
            self._work.clash(f"The question {post.id} has been counted before.")
        self._work.own.settlements[post.id] = day

    async def settled_on(self, post_id):
        return self._work.seen.settlements.get(post_id)

    async def waiting_points(self, group_id, member_id):
        acts = self._waiting(group_id) if here(self._work.seen, member_id, group_id) else []
        return sum(
            act.row.points + gained_by_act(self._work.seen, act)[0]
            for act in acts
            if act.row.member_id == member_id
        )

    async def answered_open(self, group_id, limit):
        newest = dict.fromkeys(act.row.member_id for act in reversed(self._waiting(group_id)))
        seen = self._work.seen
        there = [who for who in newest if here(seen, who, group_id)]
        names = [shown_name(seen, who, seen.names[who, group_id]) for who in there]
        return tuple(sorted(names, key=lambda name: not name)[:limit]), len(names)

    def _waiting(self, group_id):
        """The answers to open questions of a group, oldest first."""
        posts = [entry.post for entry in self._work.seen.posts.values()]
        quizzes = [each for each in posts if each.group_id == group_id and each.kind is PostKind.QUIZ]
        open_ones = {f"post:{each.id}" for each in quizzes if each.state in _WAITING}
        acts = self._work.seen.acts.values()
        return [act for act in acts if act.row.key in open_ones and not act.periods]

    async def tied(self, group_id, period, points):
        totals = points_in(self._work.seen, group_id, period)
        return sum(totals[who] == points for who in totals if here(self._work.seen, who, group_id))

    async def seal(self, post, group, now):
        own = self._work.own
        if any(window.post_id == post.id for window in own.windows):
            return
        own.windows[:] = [self._taken_over(window, post, group) for window in own.windows]
        of_group = [window for window in own.windows if window.group_id == group.id]
        since = of_group[-1].until if of_group else group.created_at
        acts = (of_group[-1].acts[1] if of_group else 0, len(own.acts))
        settlements = (of_group[-1].settlements[1] if of_group else 0, len(own.settlements))
        until = max(kept(now), since)
        own.windows.append(Window(post.id, group.id, since, until, acts, settlements))

    async def counted(self, post_id):
        windows = [window for window in self._work.seen.windows if window.post_id == post_id]
        if not windows:
            return None
        points, answers, right, questions, active = Counter(), Counter(), Counter(), {}, set()
        for window in windows:
            acting = {act.row.member_id for act in self._acts(window)}
            active |= {who for who in acting if here(self._work.seen, who, window.group_id)}
            for act in self._gains(window):
                who = act.row.member_id or 0
                points[who] += act.row.points
                answers[who] += act.correct is not None
                right[who] += act.correct is True
                if act.correct is not None:
                    asked = questions.setdefault(int(act.row.key.removeprefix("post:")), [0, 0])
                    asked[0] += 1
                    asked[1] += act.correct
            for (_, post_id_, who), more, is_right in self._regraded(window):
                points[who if isinstance(who, int) else 0] += more
                right[who if isinstance(who, int) else 0] += is_right
                questions.setdefault(post_id_, [0, 0])[1] += is_right
        return Counted(
            min(window.since for window in windows),
            max(window.until for window in windows),
            len(active),
            tuple(Scored(who, points[who], answers[who], right[who]) for who in sorted(points)),
            tuple((post_id, *questions[post_id]) for post_id in sorted(questions)),
        )

    def _taken_over(self, window, post, group):
        state = self._work.own.posts[window.post_id].post.state
        lost = window.group_id == group.id and state in _NEVER_CAME
        return replace(window, post_id=post.id) if lost else window

    def _acts(self, window):
        written = islice(self._work.seen.acts.values(), *window.acts)
        return [act for act in written if act.row.group_id == window.group_id]

    def _regraded(self, window):
        """The answers to the questions that were settled in a window, and what each has gained."""
        seen = self._work.seen
        settled = set(islice(seen.settlements, *window.settlements))
        of_group = {number for number in settled if seen.posts[number].post.group_id == window.group_id}
        return [
            (key, *gained(seen, key)) for key in seen.regrades if key[0] == "post" and key[1] in of_group
        ]

    def _gains(self, window):
        seen = self._work.seen
        settled = {f"post:{post_id}" for post_id in islice(seen.settlements, *window.settlements)}
        at_once = [act for act in self._acts(window) if act.periods]
        of_group = [act for act in seen.acts.values() if act.row.group_id == window.group_id]
        return at_once + [act for act in of_group if act.row.key in settled and not act.periods]


def periods_of(state, act):
    """The boards that an act counts on by now."""
    if act.periods or act.correct is None:
        return act.periods
    day = state.settlements.get(int(act.row.key.removeprefix("post:")))
    return period_keys(day) if day else ()


def points_in(state, group_id, period):
    """Points by member."""
    points = Counter()
    for act in state.acts.values():
        if act.row.group_id == group_id and period in periods_of(state, act):
            points[act.row.member_id] += act.row.points + gained_by_act(state, act)[0]
    points.pop(None, None)
    return points
