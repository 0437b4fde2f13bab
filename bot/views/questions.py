"""A question before, while and after it is answered, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Code,
    Divider,
    Facts,
    Footnote,
    Heading,
    Item,
    Message,
    Text,
    literal,
)
from bot.chat.screen_readers import in_plain_words
from bot.domain.questions import (
    Grade,
    Line,
    Offer,
    Response,
    Row,
    Tally,
    Wording,
    control,
    given,
    key,
    tally,
)
from bot.views.common import bar, bullets, count, percent, plain, sources
from content.model import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was served: ``action``, ``number`` and the name of that make its buttons."""

    question: Question
    topic: str
    seed: int
    action: str
    number: int
    numbered: str = "p"


def question_message(asked: Asked, heading: str, footnote: str, hints: int = 0) -> Message:
    """The question with what it is answered with, and its first ``hints`` hints."""
    question = asked.question
    offers = control(question, asked.seed).offers
    return Message(
        f"{heading}: {plain(question.stem)}",
        (
            Heading(f"{heading} · {asked.topic}"),
            *_stem(question),
            *_offered(offers),
            *(Text(f"**Hint:** {hint}") for hint in question.hints[:hints]),
            Actions(tuple(_items(asked))),
            Footnote(footnote),
        ),
    )


def verdict_message(
    asked: Asked,
    response: Response,
    grade: Grade,
    gained: str,
    streak: tuple[tuple[str, str], ...],
    due: str,
    again: Button,
) -> Message:
    """Return what a member is told of their answer, in private; ``gained`` is what it brought them."""
    mark, title = _verdict(grade)
    question = asked.question
    said = " ".join(map(plain, grade.detail))
    return Message(
        f"{title}. {said} {gained}.",
        (
            Heading(f"{mark} {title}"),
            Text(gained),
            _in_words(given(question, asked.seed, response)),
            *map(Text, grade.detail),
            *(() if grade.correct else (_in_words(key(question, asked.seed)),)),
            Text(f"**Why:** {question.explanation}"),
            sources(question.references),
            Facts(streak),
            *((Footnote(due),) if due else ()),
            Actions((again, Button("My progress", encode("progress.mine")))),
        ),
    )


def reveal_message(
    asked: Asked, heading: str, responses: Mapping[Response, int], practise: Button
) -> Message:
    """The closed question: who answered what, the key and why."""
    question, total = asked.question, sum(responses.values())
    if total <= 1:  # bars of nothing say nothing, and one answer's would be a member's own result
        rows = [Text(_marked(row)) for row in tally(question, asked.seed, {}).rows]
        took_part = "1 answer, and its result stays private" if total else "No answers this time"
    else:
        counted = tally(question, asked.seed, responses)
        rows = list(_results(counted, total))
        took_part = f"{count(total, 'answer')}, {percent(counted.right, total)} right"
    return Message(
        f"{heading}, closed: {plain(question.stem)} {took_part}.",
        (
            Heading(f"{heading} · {asked.topic} · closed"),
            *_stem(question),
            *rows,
            Divider(),
            Text(f"**Why:** {question.explanation}"),
            sources(question.references),
            Actions((practise,)),
            Footnote(f"{took_part}."),
        ),
    )


def in_brief(question: Question, response: Response) -> str:
    """The response in a few plain words, such as ``200 OK``."""
    return ", ".join(plain(_text(line)) for line in given(question, 0, response).lines)


def _stem(question: Question) -> Iterator[Block]:
    yield Text(question.stem)
    if question.code:
        yield Code(question.code.source.rstrip(), question.code.language)


def _offered(offers: tuple[Offer, ...]) -> Iterator[Text]:
    """Return what there is to choose from; the buttons of a statement say it all."""
    if all(_says_its_name(offer.line) for offer in offers):
        yield Text(" or ".join(offer.name for offer in offers) + "?")
    else:
        yield from (Text(_line(offer.line)) for offer in offers)


def _items(asked: Asked) -> Iterator[Item]:
    """Return what the question is answered with."""
    for offer in control(asked.question, asked.seed).offers:
        aloud = "" if _says_its_name(offer.line) else f"{offer.name}: {in_plain_words(offer.text)}"
        action = encode(asked.action, **{asked.numbered: asked.number, "o": offer.id})
        yield Button(offer.name, action, aloud=aloud)


def _verdict(grade: Grade) -> tuple[str, str]:
    """The sign and the words for how good a response is."""
    if grade.correct:
        return "✓", "Correct"
    return ("◐", "Partly right") if grade.score else ("✗", "Not quite")


def _says_its_name(line: Line) -> bool:
    return plain(line.text).rstrip(".").casefold() == line.name.casefold()


def _text(line: Line) -> str:
    return literal(line.text) if line.as_is else line.text


def _line(line: Line) -> str:
    """A line as Markdown, its name in bold."""
    if not line.name:
        return _text(line)
    if _says_its_name(line):
        return f"**{line.name}**"
    gap = "\n\n" if line.text.startswith("```") else " "
    return f"**{line.name}**{gap}{_text(line)}"


def _in_words(wording: Wording) -> Text:
    return Text(f"**{wording.title}:** {_joined(map(_line, wording.lines))}")


def _joined(lines: Iterable[str]) -> str:
    """One line as it is, several as a list."""
    first, *others = lines
    return f"\n\n{bullets([first, *others])}" if others else first


def _results(counted: Tally, total: int) -> Iterator[Text]:
    for row in counted.rows:
        yield Text(f"{_marked(row)}\n\n{_share(row.votes, total)}")
    if counted.stale:
        yield Text(f"*Options that were removed*\n\n{_share(counted.stale, total)}")


def _marked(row: Row) -> str:
    return f"{'✓ ' if row.is_key else ''}{_line(row.line)}"


def _share(votes: int, total: int) -> str:
    return f"`{bar(votes, total)}` {count(votes, 'answer')}, {percent(votes, total)}"
