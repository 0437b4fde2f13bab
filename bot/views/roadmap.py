"""The roadmap as a whole, and one of its steps."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Choice,
    Footnote,
    Heading,
    Message,
    Select,
    Text,
    literal,
)
from bot.domain.mastery import Mastery
from bot.views.common import bar, bullets
from content.model import Challenge, Pack, Step, Topic

PROJECTS_SHOWN = 5
"""Projects of a step that have a button, at most."""


def roadmap_message(pack: Pack, mastery: Mapping[str, Mastery], here: str | None) -> Message:
    """All steps with the member's mastery; ``here`` is the topic that the group is at."""
    at = pack.step_of(here) if here else None
    lines = []
    for number, step in enumerate(pack.roadmap.steps, 1):
        done = mastery[step.id]
        marker = " ← your group is here" if step == at else ""
        lines.append(
            f"{number}. **{literal(step.title)}**{marker}\n"
            f"   `{bar(done.percent, 100)}` {done.percent} %, {done.seen} of {done.topics} topics started"
        )
    options = tuple(Choice(f"{n}. {step.title}", step.id) for n, step in enumerate(pack.roadmap.steps, 1))
    return Message(
        f"The roadmap: {pack.info.title}",
        (
            Heading(f"Roadmap · {pack.info.title}"),
            Text("\n".join(lines)),
            Actions((Select("Open a step", encode("roadmap.step"), options),)),
            Footnote(f"Based on: {pack.roadmap.source}"),
        ),
    )


def step_message(pack: Pack, step: Step, mastery: Mapping[str, Mastery]) -> Message:
    """One step: its goal, its topics, and what the source article gets wrong."""
    number = [s.id for s in pack.roadmap.steps].index(step.id) + 1
    blocks: list[Block] = [
        Heading(f"Step {number} · {step.title}"),
        Text(step.goal),
        Text(bullets(_topic_line(topic, mastery[topic.id]) for topic in step.topics)),
    ]
    notes = [f"**{literal(t.title)}:** {c.instead}" for t in step.topics for c in t.corrections]
    if notes:
        blocks.append(Text(f"**Common advice, corrected**\n\n{bullets(notes)}"))
    options = tuple(Choice(topic.title, topic.id) for topic in step.topics)
    blocks.append(Actions((Select("Practise a topic", encode("quiz.topic"), options),)))
    projects = pack.active_challenges(step.id)
    if projects:
        blocks.append(Actions(tuple(_project_button(each) for each in projects[:PROJECTS_SHOWN])))
    return Message(f"Step {number}: {step.title}", tuple(blocks))


def _project_button(challenge: Challenge) -> Button:
    return Button(f"Project: {challenge.title}", encode("challenge.show", c=challenge.id))


def _topic_line(topic: Topic, done: Mastery) -> str:
    state = f"{done.percent} %" if done.seen else "not started"
    return f"**{literal(topic.title)}**: {state}"
