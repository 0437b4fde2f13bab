"""Fits replies to what a platform can show, losing no way to act.

Pure, and doing it twice changes nothing more. Whatever a platform lacks is put in words: a button becomes
the command that does the same. Where there is too much, words go before pictures, and pictures before
anything that can be pressed or typed.

That needs some room: ``max_blocks`` for each thing to press or type, ``max_block`` for one action id or
address with its value and 30 characters more, ``max_text`` for all of them with their labels. A platform
with less gets what it can take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.chat.capabilities import Capabilities
from bot.chat.messages import (
    Actions,
    Block,
    Button,
    Code,
    Divider,
    Facts,
    Field,
    File,
    Footnote,
    Form,
    Heading,
    Item,
    Link,
    Message,
    Picture,
    Select,
    Text,
    form_with_texts,
    literal,
    with_texts,
)
from bot.chat.replies import FormErrors, NoReply, OpenForm, Replace, Reply, Send, SendDirect, Visibility
from bot.chat.text_fallback import (
    AGAIN,
    acts_in_words,
    errors_in_words,
    form_in_words,
    names_in_words,
)
from bot.chat.text_tokens import in_plain_text, in_words, naming, typed_there
from bot.toolkit.text import CLOSING, OPENING, shorten

CLOSED_INBOX = Message("I couldn't message you. Please allow direct messages and try again.", ())


def degrade(reply: Reply, can: Capabilities) -> Reply:
    """Return the reply in a form that the platform can show."""
    match reply:
        case NoReply():
            return reply
        case OpenForm(form) if can.forms:
            return OpenForm(_fit_form(form, can))
        case FormErrors(form, errors) if can.forms and can.form_errors:
            said = {name: in_plain_text(sentence, can) for name, sentence in errors.items()}
            return FormErrors(_fit_form(form, can), said)
        case Replace(message) if can.edit:
            return Replace(fit(message, can))
        case Send(message, Visibility.PUBLIC):
            return Send(fit(message, can), Visibility.PUBLIC)
        case SendDirect(message, notice):
            return SendDirect(fit(message, can), fit(notice, can))
        case OpenForm(form):
            private = _form_message(form, can)
        case FormErrors(form, errors):
            private = _errors_message(form, [in_plain_text(error, can) for error in errors.values()], can)
        case Replace(message) | Send(message):
            private = fit(message, can)
    return Send(private) if can.private_replies else SendDirect(private, fit(CLOSED_INBOX, can))


def fit(message: Message, can: Capabilities) -> Message:
    """The message within the platform's limits."""
    mention_role = message.mention_role if can.roles else ""
    if _fits_easily(message, can):
        return Message(message.summary, message.blocks, mention_role, message.discussion)
    written = _written(message, can)
    fitted = _fitted(written.summary, _parts(written.blocks, can), can)
    return Message(fitted.summary, fitted.blocks, mention_role, written.discussion)


def _fits_easily(message: Message, can: Capabilities) -> bool:
    """Tell whether nothing is to be cut, left out or put in words, as for most messages.

    One with pictures, files, menus, links or instants may fit too, but takes a closer look.
    """
    texts, labels = [message.summary], [message.discussion]
    for block in message.blocks:
        match block:
            case Heading(text) | Text(text) | Code(text):
                texts.append(text)
            case Footnote(text):
                texts.append(naming(text))
            case Facts(pairs):
                texts.append("".join([f"{label}{value}" for label, value in pairs]))
            case Actions(items) if can.buttons and 0 < len(items) <= can.max_row:
                for item in items:
                    if not isinstance(item, Button):
                        return False
                    labels += (item.label, item.aloud)
            case _:
                return False
    whole = "".join((*texts, *labels))
    return (
        len(message.blocks) <= can.max_blocks
        and len(whole) <= can.max_text
        and all(0 < len(text) <= can.max_block for text in texts)
        and all(len(label) <= can.max_label for label in labels)
        and not (OPENING in whole or CLOSING in whole)
    )


def _written(message: Message, can: Capabilities) -> Message:
    """Return the message with commands as they are typed there, and instants only where they are shown.

    No platform shows an instant on a button or in a title.
    """
    blocks = [Footnote(naming(b.text)) if isinstance(b, Footnote) else b for b in message.blocks]
    message = replace(message, blocks=tuple(blocks), discussion=in_words(message.discussion))

    def shown(text: str) -> str:
        text = typed_there(text, can)
        return text if can.moments else in_words(text)

    return with_texts(message, shown, on_items=in_words)


@dataclass(frozen=True, slots=True)
class _Part:
    """A block to be shown and its length; one that ``acts`` holds ways to act, and is never cut."""

    block: Block
    length: int
    acts: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of it would be seen."""
        return not self.length and not isinstance(self.block, Divider | Picture | File | Actions)


def _part(block: Block) -> _Part:
    return _Part(block, _length(block))


def _acting(block: Block) -> _Part:
    return _Part(block, _length(block), acts=True)


def _cut_to(block: Block, goal: int) -> _Part:
    """The block in at most ``goal`` characters."""
    length = _length(block)
    return _Part(block, length) if length <= goal else _part(_cut(block, goal))


def _form_message(form: Form, can: Capabilities) -> Message:
    form = form_with_texts(form, lambda text: in_plain_text(text, can))
    fields, how = form_in_words(form, can)
    return _fitted(form.title, [*_parts(fields, can), _acting(how)], can)


def _errors_message(form: Form, errors: Sequence[str], can: Capabilities) -> Message:
    """Return the errors as a message.

    A platform with forms has no command that fills one: it reopens the form.
    """
    fields, how = ((), Text(AGAIN)) if can.forms else form_in_words(form, can)
    parts = _parts((*errors_in_words(form, errors), *fields), can)
    return _fitted("; ".join(errors), [*parts, _acting(how)], can)


def _fit_form(form: Form, can: Capabilities) -> Form:
    form = form_with_texts(form, lambda text: in_plain_text(text, can))
    fields = tuple(_fit_field(field, can) for field in form.fields)
    return replace(form, title=shorten(form.title, can.max_title), fields=fields)


def _fit_field(field: Field, can: Capabilities) -> Field:
    """Return the field; a choice among too many becomes a line to type one of the values in."""
    field = replace(field, label=shorten(field.label, can.max_field_label))
    if len(field.options) > can.max_options:
        values = ", ".join(option.value for option in field.options)
        return replace(field, options=(), placeholder=shorten(values, can.max_label))
    return replace(
        field, options=tuple(replace(o, label=shorten(o.label, can.max_label)) for o in field.options)
    )


def _fitted(summary: str, parts: Sequence[_Part], can: Capabilities) -> Message:
    kept = _short_enough(_few_enough(parts, can), can.max_text)
    return Message(shorten(summary, min(can.max_block, can.max_text)), tuple(part.block for part in kept))


def _parts(blocks: Iterable[Block], can: Capabilities) -> list[_Part]:
    return [part for block in blocks for part in _parts_of(block, can) if not part.is_empty]


def _parts_of(block: Block, can: Capabilities) -> Iterator[_Part]:
    if isinstance(block, File) and not can.files:
        yield _acting(Text(literal(in_plain_text(naming(block.instead), can))))
        return
    if not isinstance(block, Actions):
        yield _cut_to(block, can.max_block)
        return
    shown = [each for item in block.items if _is_shown(item, can) for each in _fit_items(item, can)]
    for start in range(0, len(shown), can.max_row):
        yield _acting(Actions(tuple(shown[start : start + can.max_row])))
    for item in block.items:
        if not _is_shown(item, can):
            yield _cut_to(Text(names_in_words(item)), can.max_block)
    lines = (line for item in block.items if not _is_shown(item, can) for line in acts_in_words(item, can))
    for text in _joined(lines, "\n", can.max_block):
        yield _acting(Text(text))


def _is_shown(item: Item, can: Capabilities) -> bool:
    if isinstance(item, Select):
        return can.selects and bool(item.options)
    return can.buttons


def _fit_items(item: Item, can: Capabilities) -> Iterator[Item]:
    """The item; a menu with too many entries as several menus."""
    if isinstance(item, Button):
        name = shorten(item.aloud, can.max_label)
        yield replace(item, label=shorten(item.label, can.max_label), aloud=name)
        return
    if isinstance(item, Link):
        yield replace(item, label=shorten(item.label, can.max_label))
        return
    options = tuple(replace(o, label=shorten(o.label, can.max_label)) for o in item.options)
    starts = range(0, len(options), can.max_options)
    for number, start in enumerate(starts, 1):
        which = f" ({number} of {len(starts)})" if len(starts) > 1 else ""
        named = shorten(item.placeholder, can.max_label - len(which)) + which
        placeholder = shorten(named, can.max_label)  # where not even the number fits
        yield replace(item, placeholder=placeholder, options=options[start : start + can.max_options])


def _few_enough(parts: Sequence[_Part], can: Capabilities) -> list[_Part]:
    """Put neighbours together, then leave blocks out from the end, lesser kinds first."""
    kept = list(parts)
    if len(kept) <= can.max_blocks:
        return kept
    kept = _together(kept, can)
    for lesser in ((Divider,), (Footnote,), (Facts,), (Text, Code, Heading), (Picture,)):
        for index in range(len(kept) - 1, -1, -1):
            if (
                len(kept) > can.max_blocks
                and isinstance(kept[index].block, lesser)
                and not kept[index].acts
            ):
                del kept[index]
    return kept[: can.max_blocks]


def _together(parts: Iterable[_Part], can: Capabilities) -> list[_Part]:
    """Neighbouring paragraphs as one block where they fit in one."""
    kept: list[_Part] = []
    for part in parts:
        match kept[-1:], part:
            case [_Part(Text(before), acts=False)], _Part(Text(after), acts=False) if (
                len(before) + len(after) + len("\n\n") <= can.max_block
            ):
                kept[-1] = _part(Text(f"{before}\n\n{after}"))
            case _:
                kept.append(part)
    return kept


def _joined(texts: Iterable[str], gap: str, limit: int) -> Iterator[str]:
    """The texts, as many together as fit."""
    whole = ""
    for text in texts:
        if whole and len(whole) + len(gap) + len(text) > limit:
            yield whole
            whole = text
        else:
            whole = f"{whole}{gap}{text}" if whole else text
    if whole:
        yield whole


def _short_enough(parts: Sequence[_Part], limit: int) -> list[_Part]:
    """Cut words, the longest first, until all fit; what stands for a picture is cut last."""
    kept = list(parts)
    while (over := sum(part.length for part in kept) - limit) > 0:
        index = max(range(len(kept)), key=lambda i: _weight(kept[i]))
        length = kept[index].length
        if _weight(kept[index]) == (False, 0):
            break
        goal = max(length - over, length // 2 if length > 1 else 0)
        kept[index] = _cut_to(kept[index].block, goal)
    return [part for part in kept if not part.is_empty]


def _weight(part: _Part) -> tuple[bool, int]:
    """Return the order in which parts are cut: the greatest first."""
    length = 0 if part.acts or isinstance(part.block, File) else part.length
    return (bool(length) and not isinstance(part.block, Picture), length)


def _length(block: Block) -> int:
    """Return how many characters are read; the entries of a menu are not, until it is opened."""
    match block:
        case Text(text) | Heading(text) | Footnote(text) | Code(text):
            return len(text)
        case Facts(pairs):
            return sum(len(label) + len(value) for label, value in pairs)
        case Picture(alt=alt):
            return len(alt)
        case File(title=title):
            return len(title)
        case Actions(items):
            return sum(len(i.placeholder if isinstance(i, Select) else i.label) for i in items)
        case _:
            return 0


def _cut(block: Block, goal: int) -> Block:
    """The block in at most ``goal`` characters."""
    match block:
        case Text(text):
            return Text(shorten(text, goal))
        case Heading(text):
            return Heading(shorten(text, goal))
        case Footnote(text):
            return Footnote(shorten(text, goal))
        case Code(text, language):
            return Code(shorten(text, goal), language)
        case Picture(svg, alt):
            return Picture(svg, shorten(alt, goal))
        case Facts(pairs):
            return Facts(tuple(_pairs_within(pairs, goal)))
        case _:
            return block


def _pairs_within(pairs: Iterable[tuple[str, str]], room: int) -> Iterator[tuple[str, str]]:
    """The first pairs that have room for at least their label and a character more."""
    for label, value in pairs:
        if len(label) + min(len(value), 1) > room:
            return
        fitting = shorten(value, room - len(label))
        yield label, fitting
        room -= len(label) + len(fitting)
