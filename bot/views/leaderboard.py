"""Leaderboards and the weekly recap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Facts,
    Footnote,
    Heading,
    Message,
    Style,
    Text,
    literal,
)
from bot.domain.model import Standing
from bot.domain.scoring import Period
from bot.views.common import count, percent

TITLES = {Period.WEEK: "This week", Period.MONTH: "This month", Period.ALL: "All time"}
SCORING = (
    "Points: right 3, at least half right 2, tried 1, prompt 1, reply 2, project 5. No points for speed. A "
    "question's points are added when it closes."
)
SOMEONE = "Someone"
"""Name of a member who does not want to be named on boards."""

ENOUGH = 2
"""Members whose answers are needed for a share of right ones: that of one alone would be their own."""


def leaderboard_message(
    period: Period,
    best: Sequence[Standing],
    own: Standing | None,
    more: int = 0,
    waiting: int = 0,
    answered: tuple[Sequence[str], int] = ((), 0),
) -> Message:
    """Return the best of a period, and the place of a member who is not among them.

    ``more`` members have as many points as the last of them. ``waiting`` are the member's own points for
    open questions, which nobody else is told of. ``answered`` are some of those who answered one, and how
    many did: that they did is no secret, how they did is.
    """
    lines = _lines(best, more)
    if own and own.member_id not in {standing.member_id for standing in best}:
        lines += ["", f"You: {_line(own)}"]
    nobody = "" if period is Period.ALL else f" {TITLES[period].lower()}"
    body = "\n".join(lines) or f"No points yet{nobody}. The next question could be yours."
    if answered[0]:
        body += f"\n\n{_answered(*answered)}"
    if waiting:
        body += f"\n\n*{_waiting(waiting)}*"
    return Message(
        f"Leaderboard, {TITLES[period].lower()}",
        (
            Heading(f"Leaderboard · {TITLES[period]}"),
            Text(body),
            Actions(tuple(_switch(p) for p in Period if p is not period)),
            Footnote(SCORING),
        ),
    )


def _answered(names: Sequence[str], number: int) -> str:
    shown = [f"**{literal(name)}**" for name in names if name]
    if not shown:
        return f"Already answered the open question: {count(number, 'member')}"
    others = f" and {number - len(shown):,} more" if number > len(shown) else ""
    return f"Already answered the open question: {', '.join(shown)}{others}"


def _waiting(points: int) -> str:
    verb = "joins" if points == 1 else "join"
    return f"{count(points, 'more point')} of yours {verb} the board when the question closes."


@dataclass(frozen=True, slots=True)
class Again:
    """A question worth another look, by the topic that it is on. ``stem`` is empty if it needs its code."""

    question_id: str
    topic: str
    stem: str


@dataclass(frozen=True, slots=True)
class Recap:
    """A group's activity since its last recap, or since its beginning; ``more`` as on the leaderboard.

    ``since`` is the last recap's instant as text, empty for the first one. ``answered`` is how many members
    gave the ``answers`` to questions that closed in that time.
    """

    since: str
    members: int
    active: int
    answered: int
    answers: int
    right: int
    again: Again | None
    best: Sequence[Standing]
    more: int
    ahead: str


def recap_message(recap: Recap) -> Message:
    """Return the recap as a post, also when nobody took part."""
    blocks: list[Block] = [Heading("The week in review")]
    if facts := tuple(_recap_facts(recap)):
        blocks.append(Facts(facts))
    if not recap.active and not recap.answers:
        blocks.append(Text("A quiet week. The next question is a good time to jump back in."))
    if recap.again:
        stem = f": {literal(recap.again.stem)}" if recap.again.stem else ", a question with code to read"
        blocks.append(Text(f"**Worth another look:** {literal(recap.again.topic)}{stem}"))
    if recap.best:
        blocks.append(Text("**Most points**\n\n" + "\n".join(_lines(recap.best, recap.more))))
    if recap.ahead:
        blocks.append(Text(f"**Coming up:** {literal(recap.ahead)}"))
    blocks += [Actions(tuple(_recap_buttons(recap))), Footnote(_window(recap.since))]
    return Message("The week in review", tuple(blocks))


def _recap_facts(recap: Recap) -> Iterator[tuple[str, str]]:
    """Yield the figures, without those of nothing and shares that would tell one member's result."""
    if recap.active:
        of = f"{recap.active:,} of " if recap.active < recap.members else ""
        yield "Took part", f"{of}{count(max(recap.active, recap.members), 'member')}"
    if recap.answers:
        share = f", {percent(recap.right, recap.answers)} right" if recap.answered >= ENOUGH else ""
        yield "Answers", f"{recap.answers:,}{share}"


def _recap_buttons(recap: Recap) -> Iterator[Button]:
    if recap.again:
        again = encode("quiz.again", q=recap.again.question_id)
        yield Button("Try it again", again, Style.PRIMARY)
    yield Button("Practise now", encode("quiz.topic"), Style.PLAIN if recap.again else Style.PRIMARY)
    yield Button("My progress", encode("progress.mine"))


def _window(since: str) -> str:
    begun = f"since the last recap, {since}" if since else "since the group started"
    return f"Everything {begun}. A question counts when it closes."


def _lines(best: Sequence[Standing], more: int) -> list[str]:
    lines = [_line(standing) for standing in best]
    return [*lines, f"and {more:,} more with as many points"] if more else lines


def _line(standing: Standing) -> str:
    name = literal(standing.name) or SOMEONE
    return f"{standing.rank}\\. **{name}** {count(standing.points, 'point')}  "


def _switch(period: Period) -> Button:
    return Button(TITLES[period], encode("leaderboard.show", period=period))
