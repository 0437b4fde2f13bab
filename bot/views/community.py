"""Leaderboards and the weekly recap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.border.action_id import encode
from bot.border.message import (
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
from bot.domain.records import Standing
from bot.domain.scoring import Period
from bot.views.common import count, percent

TITLES = {Period.WEEK: "This week", Period.MONTH: "This month", Period.ALL: "All time"}
SCORING = "Points: right 3, tried 1, prompt 1, reply 2, project 5. No points for speed."


def leaderboard_message(period: Period, best: Sequence[Standing], own: Standing | None) -> Message:
    """The best of a period, and where the member stands when they are not among them."""
    lines = [_line(standing) for standing in best]
    if own and own.member_id not in {standing.member_id for standing in best}:
        lines += ["", f"You: {_line(own)}"]
    body = "\n".join(lines) or "Nobody has points here yet. The next question is a chance for everyone."
    return Message(
        f"Leaderboard, {TITLES[period].lower()}",
        (
            Heading(f"Leaderboard · {TITLES[period]}"),
            Text(body),
            Actions(tuple(_switch(p) for p in Period if p is not period)),
            Footnote(SCORING),
        ),
    )


@dataclass(frozen=True, slots=True)
class Week:
    """What a group did in a week."""

    members: int
    active: int
    answers: int
    right: int
    hardest: str
    best: tuple[Standing, ...]
    ahead: str


def recap_message(week: Week) -> Message:
    """The week as a post, also when nobody took part."""
    facts = (
        ("Took part", f"{week.active} of {count(week.members, 'member')}"),
        ("Answers", f"{count(week.answers, 'answer')}, {percent(week.right, week.answers)} right"),
    )
    blocks: list[Block] = [Heading("The week in review"), Facts(facts)]
    if not week.answers:
        blocks.append(Text("A quiet week. The next question is the easiest moment to come back."))
    if week.hardest:
        blocks.append(Text(f"**Worth another look:** {week.hardest}"))
    if week.best:
        blocks.append(Text("**Most points**\n\n" + "\n".join(map(_line, week.best))))
    if week.ahead:
        blocks.append(Text(f"**Coming up:** {literal(week.ahead)}"))
    blocks.append(
        Actions(
            (
                Button("Practise now", encode("quiz.topic"), Style.PRIMARY),
                Button("My progress", encode("progress.mine")),
            )
        )
    )
    return Message("The week in review", tuple(blocks))


def _line(standing: Standing) -> str:
    right = percent(standing.correct, standing.answers)
    detail = f", {right} of {count(standing.answers, 'answer')} right" if standing.answers else ""
    return f"{standing.rank}\\. **{literal(standing.name)}** {count(standing.points, 'point')}{detail}  "


def _switch(period: Period) -> Button:
    return Button(TITLES[period], encode("leaderboard.show", period=period))
