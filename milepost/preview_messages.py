"""Messages of the preview: a pack in figures, its problems, and all that one question ever says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Divider,
    Facts,
    Footnote,
    Heading,
    Message,
    Text,
    literal,
)
from bot.views.common import bullets, count, numbered
from bot.views.questions import ShownQuestion, question_message, reveal_message
from content.errors import Problem
from content.kinds import LineQuestion, MatchQuestion, OrderQuestion
from content.model import Pack, Question, Status

MOST = 10
"""Problems that are shown at once: the first ones often cause the others."""

SEED = 0
"""Of the order in which the options are shown; it differs from post to post."""


def state_message(pack: Pack) -> Message:
    """Return the pack in figures."""
    questions = [question for found in pack.questions.values() for question in found]
    active = sum(question.status is Status.ACTIVE for question in questions)
    facts = (
        ("Topics", f"{len(pack.topics):,}"),
        ("Questions", f"{active:,}"),
        ("Prompts", f"{sum(map(len, pack.prompts.values())):,}"),
        ("Projects", f"{sum(map(len, pack.challenges.values())):,}"),
    )
    title = f"Preview · {pack.info.title}"
    return Message(
        title,
        (
            Heading(title),
            Facts(facts),
            Footnote("Save a file of the pack, and this page shows it. Nothing here is kept."),
        ),
    )


def problems_message(pack: Pack, problems: Sequence[Problem]) -> Message:
    """Return what keeps the pack from being read, each with its file and line."""
    title = f"{count(len(problems), 'problem')} in {pack.info.title}"
    shown = [literal(str(problem)) for problem in islice(problems, MOST)]
    return Message(
        f"{title}: {problems[0]}",
        (
            Heading(title),
            Text(bullets(shown)),
            Footnote("The version before is still shown. Fix the file and save it again."),
        ),
    )


def question_messages(pack: Pack, question: Question) -> tuple[Message, ...]:
    """Return all that is ever shown of a question: as it is asked, what is said, and once it is closed."""
    topic = pack.topic_of(question.id)
    asked = ShownQuestion(question, topic.title if topic else "", SEED, "preview.answer", 0)
    status = "" if question.status is Status.ACTIVE else f" · {question.status}, not served"
    posted = question_message(asked, "Question", f"{question.id}, revision {question.rev}{status}")
    closed = reveal_message(asked, "Question", {}, Button("Practise", encode("quiz.again")))
    return _without_buttons(posted), _said_message(question), _without_buttons(closed)


def _said_message(question: Question) -> Message:
    """Return what members are told of each answer, and the hints."""
    title = "What is said of each answer"
    words = [f"{mark} {text}: {said or '*nothing*'}" for mark, text, said in _said(question)]
    hints = numbered(question.hints) if question.hints else "*None.*"
    blocks: tuple[Block, ...] = (
        Heading(title),
        Text(bullets(words) if words else "*Nothing: it's right or wrong.*"),
        Divider(),
        Text(f"**Hints in practice**\n\n{hints}"),
    )
    return Message(title, blocks)


def _said(question: Question) -> Iterator[tuple[str, str, str]]:
    """Yield a mark for right or wrong, each answer that has a word of its own, and that word."""
    match question:
        case LineQuestion():
            yield "✓", f"line {question.line}", question.feedback
            yield from (("✗", f"line {other.line}", other.feedback) for other in question.others)
        case OrderQuestion():
            yield from (("✓", item.text, item.feedback) for item in question.items)
        case MatchQuestion():
            yield from (("✓", f"{pair.left} → {pair.right}", pair.feedback) for pair in question.pairs)
        case _:
            for option in question.choices:
                yield "✓" if option.correct else "✗", option.text, option.feedback
            for mistake in question.known_mistakes:
                yield "✗", literal(", ".join(mistake.answers)), mistake.feedback


def _without_buttons(message: Message) -> Message:
    """Return the message without what could be pressed: there is no post behind it."""
    blocks = tuple(block for block in message.blocks if not isinstance(block, Actions))
    return Message(message.summary, blocks)
