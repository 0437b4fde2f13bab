"""A question before, while and after it is answered, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.chat.action_ids import encode
from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Choice,
    Code,
    Divider,
    Facts,
    Field,
    Footnote,
    Form,
    Heading,
    Item,
    Message,
    Select,
    Style,
    Text,
    literal,
)
from bot.chat.screen_readers import in_plain_words
from bot.domain.questions import (
    ANSWER,
    Arrange,
    ChooseFromMenu,
    ChooseOne,
    ChooseSeveral,
    Control,
    Grade,
    InvalidResponse,
    Line,
    Offer,
    Pair,
    Response,
    Row,
    Tally,
    TypeText,
    Wording,
    control,
    given,
    key,
    pair_field,
    place_field,
    tally,
)
from bot.toolkit.text import cut, isolated
from bot.views.common import bar, bullets, count, percent, plain, sources
from bot.views.refusals import refusal
from content.model import Question

BRIEF = 200
"""Characters of a response that a sentence repeats."""


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question as it was served: ``action``, ``number`` and the name of that make its buttons."""

    question: Question
    topic: str
    seed: int
    action: str
    number: int
    numbered: str = "p"

    @property
    def opens(self) -> str:
        """The route that opens the form of the question."""
        return self.action.replace(".answer", ".open")


def question_message(asked: ShownQuestion, heading: str, footnote: str, hints: int = 0) -> Message:
    """The question with what it is answered with, and its first ``hints`` hints."""
    question, by = asked.question, control(asked.question, asked.seed)
    return Message(
        f"{heading}: {plain(question.stem)}",
        (
            Heading(f"{heading} · {asked.topic}"),
            *_stem(question, by),
            *_offered(by),
            *(Text(f"**Hint:** {hint}") for hint in question.hints[:hints]),
            Actions(tuple(_items(asked))),
            Footnote(footnote),
        ),
    )


def verdict_message(
    asked: ShownQuestion,
    response: Response,
    grade: Grade,
    gained: str,
    streak: tuple[tuple[str, str], ...],
    due: str,
    again: Button,
) -> Message:
    """Return what a member is told of their answer, in private; ``gained`` is what it brought them."""
    if grade.correct:
        mark, title = "✓", "Correct"
    else:
        mark, title = ("◐", "Partly right") if grade.score else ("✗", "Not quite")
    question = asked.question
    said = " ".join(map(plain, grade.detail[:1]))
    return Message(
        " ".join(filter(None, (f"{title}.", said, f"{gained}."))),
        (
            Heading(f"{mark} {title}"),
            Text(gained),
            _in_words(given(question, asked.seed, response)),
            *map(Text, grade.detail),
            *(() if grade.correct else (_in_words(key(question, asked.seed)),)),
            Text(f"**Why:** {question.explanation}"),
            *sources(question.references),
            Facts(streak),
            *((Footnote(due),) if due else ()),
            Actions((again, Button("My progress", encode("progress.mine")))),
        ),
    )


def reveal_message(
    asked: ShownQuestion,
    heading: str,
    responses: Mapping[Response, int],
    practise: Button,
    note: str = "",
) -> Message:
    """The closed question: who answered what, the key and why. ``note`` is one more thing to say of it."""
    question, total = asked.question, sum(responses.values())
    if total <= 1:  # bars of nothing say nothing, and one answer's would be a member's own result
        rows = [Text(_marked(row)) for row in tally(question, asked.seed, {}).rows]
        took_part = "1 answer, and its result stays private" if total else "No answers this time"
    else:
        counted = tally(question, asked.seed, responses)
        rows = list(_results(counted, total))
        took_part = f"{count(total, 'answer')}, {percent(counted.right, total)} right"
    return Message(
        f"{heading}, closed: {plain(question.stem)} {took_part}. {note}".rstrip(),
        (
            Heading(f"{heading} · {asked.topic} · closed"),
            *((Text(note),) if note else ()),
            *_stem(question, control(question, asked.seed)),
            *rows,
            Divider(),
            Text(f"**Why:** {question.explanation}"),
            *sources(question.references),
            Actions((practise,)),
            Footnote(f"{took_part}."),
        ),
    )


def refused(error: InvalidResponse) -> str:
    """Return the sentence for a response that can't be taken."""
    if error.matching is not None and error.reason is not None:
        return refusal(error.matching, error.reason)
    return str(error)


def in_brief(question: Question, response: Response) -> str:
    """The response in a few plain words, such as ``200 OK``."""
    return _few_words(given(question, 0, response).lines)


def stem_in_brief(question: Question) -> str:
    """Return the stem in a few plain words."""
    return cut(plain(question.stem), BRIEF)


def key_in_brief(question: Question, seed: int) -> str:
    """The key as a clause in plain words, such as ``the answer is “200 OK”``."""
    wording = key(question, seed)
    lines = [line for line in wording.lines if line.name] or wording.lines
    return f"{wording.title[:1].lower()}{wording.title[1:]} “{_few_words(lines)}”"


def _few_words(lines: Iterable[Line]) -> str:
    texts = (literal(line.text) if line.as_is else line.text for line in lines)
    return cut(", ".join(map(plain, texts)), BRIEF)


def _stem(question: Question, by: Control) -> Iterator[Block]:
    yield Text(question.stem)
    if question.code:
        source = question.code.source.rstrip()
        numbered = isinstance(by, ChooseFromMenu)
        yield Code(_with_line_numbers(source) if numbered else source, question.code.language)


def _with_line_numbers(source: str) -> str:
    """Return code whose lines begin with their numbers, since several may read alike."""
    lines = source.splitlines()
    width = len(str(len(lines)))
    return "\n".join(f"{number:>{width}}  {line}".rstrip() for number, line in enumerate(lines, 1))


def _offered(by: Control) -> Iterator[Text]:
    """Return the offers to choose from; the buttons of a statement say it all."""
    match by:
        case ChooseOne(offers) if all(_says_its_name(offer) for offer in offers):
            yield Text(" or ".join(offer.name for offer in offers) + "?")
        case ChooseOne(offers) | ChooseSeveral(offers) | Arrange(offers):
            yield from (Text(_line(offer)) for offer in offers)
        case Pair(lefts, rights):
            yield Text("\n".join(f"- {_line(offer)}" for offer in lefts))
            yield Text("\n".join(f"- {_line(offer)}" for offer in rights))


def _items(asked: ShownQuestion) -> Iterator[Item]:
    """Return the buttons or the menu that the question is answered with."""
    here = {asked.numbered: asked.number}
    match control(asked.question, asked.seed):
        case ChooseOne(offers):
            for offer in offers:
                words = " ".join(in_plain_words(offer.text).split())
                aloud = "" if _says_its_name(offer) else f"{offer.name}: {words}"
                yield Button(offer.name, encode(asked.action, **here, o=offer.id), aloud=aloud)
        case ChooseFromMenu(placeholder, offers):
            choices = tuple(Choice(_label(offer), offer.id) for offer in offers)
            yield Select(placeholder, encode(asked.action, **here), choices)
        case ChooseSeveral() | TypeText() | Arrange() | Pair():
            yield Button("Answer", encode(asked.opens, **here), Style.PRIMARY)


def answer_form(asked: ShownQuestion, values: Mapping[str, str] | None = None) -> Form:
    """Return the form that a question is answered with, filled in as before if it was refused.

    Raises LookupError for a question that is answered in its message.
    """
    filled = values or {}
    match control(asked.question, asked.seed):
        case ChooseSeveral(offers):
            fields = [Field(ANSWER, "All that apply", options=_choices(offers), several=True)]
        case TypeText(label, placeholder, long, most):
            fields = [Field(ANSWER, label, placeholder=placeholder, long=long, max_length=most)]
        case Arrange(offers):
            fields = [
                Field(place_field(place), _place_label(place, len(offers)), options=_choices(offers))
                for place in range(1, len(offers))
            ]
        case Pair(lefts, rights):
            fields = [
                Field(pair_field(number), f"{number}. {plain(left.text)}", options=_choices(rights))
                for number, left in enumerate(lefts, 1)
            ]
        case _:
            raise LookupError("this question is answered in its message")
    fields = [replace(field, value=filled.get(field.name, "")) for field in fields]
    action = encode(asked.action, **{asked.numbered: asked.number})
    return Form("Your answer", action, tuple(fields), "Answer")


def _place_label(place: int, of: int) -> str:
    """The label of a place's menu; the last one says what becomes of the item that is left."""
    return f"Number {place}" + (f" (what's left is number {of})" if place == of - 1 else "")


def _choices(offers: Iterable[Offer]) -> tuple[Choice, ...]:
    return tuple(Choice(_label(offer), offer.name) for offer in offers)


def _label(offer: Offer) -> str:
    """The offer as an entry of a menu, in plain words."""
    return f"{offer.name}: {isolated(plain(offer.text))}"


def _says_its_name(line: Line) -> bool:
    return plain(line.text).rstrip(".").casefold() == line.name.casefold()


def _line(line: Line) -> str:
    """A line as Markdown, its name in bold."""
    text = literal(line.text) if line.as_is else line.text
    if not line.name:
        return text
    if _says_its_name(line):
        return f"**{line.name}**"
    gap = "\n\n" if line.text.startswith("```") else " "
    return f"**{line.name}**{gap}{text}"


def _in_words(wording: Wording) -> Text:
    """One line as it is, a block of code below, several lines as a list."""
    lines = [_line(line) for line in wording.lines]
    said = bullets(lines) if len(lines) > 1 else lines[0]
    below = "\n\n" if len(lines) > 1 or said.startswith("```") else ""
    return Text(f"**{wording.title}:** {below}{said}")


def _results(counted: Tally, total: int) -> Iterator[Text]:
    for row in counted.rows:
        yield Text(f"{_marked(row)}\n\n{_share(row.votes, total)}")
    if counted.stale:
        yield Text(f"*Answers that no longer fit the question*\n\n{_share(counted.stale, total)}")


def _marked(row: Row) -> str:
    shown = _line(row.line)
    gap = "\n\n" if shown.startswith("```") else " "
    return f"✓{gap}{shown}" if row.is_key else shown


def _share(votes: int, total: int) -> str:
    return f"`{bar(votes, total)}` {count(votes, 'answer')}, {percent(votes, total)}"
