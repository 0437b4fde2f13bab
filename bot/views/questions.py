"""A question before, while and after it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    Message,
    Text,
)
from bot.chat.screen_readers import in_plain_words
from bot.domain.selection import shuffled
from bot.views.common import LETTERS, bar, count, percent, plain, sources
from content.model import Option, Question

TRUE_FALSE = ("True", "False")


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
    """The question with a button for each option, and its first ``hints`` hints."""
    question = asked.question
    return Message(
        f"{heading}: {plain(question.stem)}",
        (
            Heading(f"{heading} · {asked.topic}"),
            *_stem(question),
            *_options(asked),
            *(Text(f"**Hint:** {hint}") for hint in question.hints[:hints]),
            Actions(tuple(_button(asked, letter, option) for letter, option in _lettered(asked))),
            Footnote(footnote),
        ),
    )


def verdict_message(
    asked: Asked, chosen: Option, gained: str, streak: tuple[tuple[str, str], ...], due: str, again: Button
) -> Message:
    """Return what a member is told of their answer, in private; ``gained`` is what it brought them."""
    correct = chosen.correct
    title = "Correct" if correct else "Not quite"
    return Message(
        f"{title}. {plain(chosen.feedback)} {gained}.",
        (
            Heading(f"{'✓' if correct else '✗'} {title}"),
            Text(gained),
            _chosen_in_words(asked, chosen),
            Text(chosen.feedback),
            *(() if correct else (_key_in_words(asked),)),
            Text(f"**Why:** {asked.question.explanation}"),
            sources(asked.question.references),
            Facts(streak),
            *((Footnote(due),) if due else ()),
            Actions((again, Button("My progress", encode("progress.mine")))),
        ),
    )


def reveal_message(
    asked: Asked, heading: str, distribution: Mapping[str, int], practise: Button
) -> Message:
    """The closed question: who chose what, the key and why."""
    question, total = asked.question, sum(distribution.values())
    right = percent(distribution.get(question.key.id, 0), total)
    if total <= 1:  # bars of nothing say nothing, and one answer's would be a member's own result
        rows = [_marked(letter, option) for letter, option in _lettered(asked)]
        took_part = "1 answer, and its result stays private" if total else "No answers this time"
    else:
        rows = [
            _result(letter, option, distribution.get(option.id, 0), total)
            for letter, option in _lettered(asked)
        ]
        known = sum(distribution.get(option.id, 0) for option in question.options)
        rows += [_removed(total - known, total)] if total > known else []
        took_part = f"{count(total, 'answer')}, {right} right"
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


def key_text(asked: Asked) -> str:
    """The name and text of the right option."""
    return next(_option(letter, o).markdown for letter, o in _lettered(asked) if o.correct)


def _stem(question: Question) -> Iterator[Block]:
    yield Text(question.stem)
    if question.code:
        yield Code(question.code.source.rstrip(), question.code.language)


def _lettered(asked: Asked) -> Iterator[tuple[str, Option]]:
    """Each option with its name: a letter, or True and False."""
    options = shuffled(asked.question, asked.seed)
    return zip(TRUE_FALSE if _is_true_false(asked) else LETTERS, options, strict=False)


def _is_true_false(asked: Asked) -> bool:
    return asked.question.type == "truefalse"


def _options(asked: Asked) -> Iterator[Text]:
    """Return what there is to choose from; the buttons of a statement say it all."""
    lettered = list(_lettered(asked))
    if all(_says_its_name(name, option) for name, option in lettered):
        yield Text(" or ".join(name for name, _ in lettered) + "?")
    else:
        yield from (_option(name, option) for name, option in lettered)


def _says_its_name(name: str, option: Option) -> bool:
    return plain(option.text).rstrip(".").casefold() == name.casefold()


def _option(letter: str, option: Option) -> Text:
    if _says_its_name(letter, option):
        return Text(f"**{letter}**")
    gap = "\n\n" if option.text.startswith("```") else " "
    return Text(f"**{letter}**{gap}{option.text}")


def _button(asked: Asked, letter: str, option: Option) -> Button:
    name = "" if _says_its_name(letter, option) else f"{letter}: {in_plain_words(option.text)}"
    return Button(
        letter, encode(asked.action, **{asked.numbered: asked.number, "o": option.id}), aloud=name
    )


def _chosen_in_words(asked: Asked, chosen: Option) -> Text:
    shown = next(_option(letter, option) for letter, option in _lettered(asked) if option.id == chosen.id)
    return Text(f"**You chose:** {shown.markdown}")


def _key_in_words(asked: Asked) -> Text:
    return Text(f"**The answer is:** {key_text(asked)}")


def _removed(votes: int, total: int) -> Text:
    """Answers for options that were taken out of the question while it was open."""
    counted = f"`{bar(votes, total)}` {count(votes, 'answer')}, {percent(votes, total)}"
    return Text(f"*Options that were removed*\n\n{counted}")


def _marked(letter: str, option: Option) -> Text:
    mark = "✓ " if option.correct else ""
    return Text(f"{mark}{_option(letter, option).markdown}")


def _result(letter: str, option: Option, votes: int, total: int) -> Text:
    shown = _marked(letter, option).markdown
    return Text(f"{shown}\n\n`{bar(votes, total)}` {count(votes, 'answer')}, {percent(votes, total)}")
