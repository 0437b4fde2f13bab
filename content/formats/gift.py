"""GIFT, the text format of Moodle: one question a paragraph, the answers in braces.

Read as Moodle's own importer does: line comments, names, ``[format]`` marks, weights in percent, general
feedback, and ``[id:…]`` and ``[tag:…]`` in the comment above a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from content.formats.base import (
    FILE_BYTES,
    FOUND,
    KINDS,
    Aspect,
    Choice,
    Found,
    Note,
    Pair,
    Read,
    RefusedError,
)
from content.formats.decode import decoded
from content.formats.markdown import Cleaned, from_html, from_markdown, from_plain, split_code, with_code
from content.formats.stars import guarded, is_wildcard, literal

_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_HIDDEN = 0xF0000
_MARK = re.compile(r"\[(id|tag):([^\]\n]{1,200})\]")
_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{0,9})?)%")
_ORDER = re.compile(r">\s*\d*[^\n]*\n")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_CLEAN: dict[str, Callable[[str], Cleaned]] = {"markdown": from_markdown, "plain": from_plain}


@dataclass(frozen=True)
class Gift:
    """Moodle's GIFT."""

    name: str = "gift"
    title: str = "GIFT (Moodle)"
    suffixes: tuple[str, ...] = (".gift", ".gift.txt")
    file_bytes: int = FILE_BYTES
    carries: frozenset[Aspect] = KINDS | {
        Aspect.ID,
        Aspect.TOPIC,
        Aspect.CODE,
        Aspect.FEEDBACK,
        Aspect.MISTAKES,
        Aspect.TOLERANCE,
        Aspect.EXPLANATION,
        Aspect.TAGS,
    }

    def read(self, data: bytes, file: str) -> Read:
        """Return the questions of a file. Raises RefusedError."""
        found: list[Found] = []
        notes: list[Note] = []
        topic = ""
        for line, paragraph in _paragraphs(decoded(data, file)):
            place = f"{file}:{line}"
            text = "\n".join(each for each in paragraph if not each.lstrip().startswith("//")).strip()
            if text.startswith("$CATEGORY:"):
                topic = text[10:].strip().rsplit("/", 1)[-1]
            elif text:
                marks = _MARK.findall("\n".join(each for each in paragraph if each.lstrip()[:2] == "//"))
                each = _question(text, place)
                if isinstance(each, Note):
                    notes.append(each)
                else:
                    found.append(_marked(each, marks, topic))
            if len(found) + len(notes) > FOUND:
                raise RefusedError(place, f"the file has more than {FOUND:,} questions")
        return Read(tuple(found), tuple(notes))

    def write(self, found: Sequence[Found]) -> bytes:
        """Return the questions as a file in UTF-8, under a category for each topic."""
        parts: list[str] = []
        topic = ""
        for each in found:
            if each.topic != topic:
                topic = each.topic
                parts.append(f"$CATEGORY: {topic}\n")
            parts.append(_written(each))
        return "\n".join(parts).encode()


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield groups of lines between empty ones, with the number of the first."""
    lines: list[str] = []
    for number, line in enumerate((*text.split("\n"), ""), start=1):
        if line.strip():
            lines.append(line)
        elif lines:
            yield number - len(lines), lines
            lines = []


def _hidden(text: str) -> str:
    """Return a text whose escaped signs mean nothing: each is a character for private use."""
    return _ESCAPE.sub(lambda match: chr(_HIDDEN + ord(match[1])), text)


def _shown(text: str) -> str:
    """Return a text with its escaped signs as they are read."""
    for sign in "\\:#={}~":
        text = text.replace(chr(_HIDDEN + ord(sign)), sign)
    return text.replace(chr(_HIDDEN + ord("n")), "\n").strip()


class _Reader:
    """The texts of one question: each is cleaned in its own format, and what is lost is kept."""

    def __init__(self, kind: str) -> None:
        self.format = kind
        self.lost: list[str] = []

    def text(self, raw: str) -> str:
        """Return a text as our Markdown."""
        raw = raw.strip()
        mark = _FORMAT.match(raw)
        kind = mark[1] if mark else self.format
        cleaned = _CLEAN.get(kind, from_html if kind == "html" else from_markdown)(
            _shown(raw[mark.end() :] if mark else raw)
        )
        self.lost += cleaned.lost
        return cleaned.text

    def typed(self, raw: str) -> str:
        """Return an answer to type, which is no Markdown."""
        raw = raw.strip()
        mark = _FORMAT.match(raw)
        return _shown(raw[mark.end() :] if mark else raw)

    def choice(self, raw: str, *, right: bool) -> Choice:
        """Return an answer with the feedback behind its number sign."""
        text, _, feedback = raw.partition("#")
        return Choice(self.text(text), right, self.text(feedback))


def _question(text: str, place: str) -> Found | Note:
    # A character for private use would be taken for an escaped sign.
    text = _hidden(re.sub("[\U000f0000-\U0010ffff]", "", text))
    name = ""
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        name, text = _shown(text[2:end]), text[end + 2 :].strip()
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        return Note(place, name, "left out, since it is a description and asks nothing")
    if start < 0 or end < start:
        return Note(place, name, "left out, since its braces don't match")
    body = text[start + 1 : end].strip()
    tail = text[end + 1 :].strip()
    stem = f"{text[:start].rstrip()} _____ {tail}" if tail else text[:start].rstrip()
    mark = _FORMAT.match(stem)
    reader = _Reader(mark[1] if mark else "moodle")
    stem, code = split_code(reader.text(stem))
    body, _, general = body.partition("####")
    found = Found(place, Aspect.SHORT, stem, code=code, explanation=reader.text(general))
    try:
        found = _answered(found, body.strip(), reader)
    except ValueError as error:
        return Note(place, name or stem[:60], f"left out, since {error}")
    return replace(found, lost=(*dict.fromkeys((*found.lost, *reader.lost)),))


def _answered(found: Found, body: str, reader: _Reader) -> Found:
    if not body:
        raise ValueError("it is an essay, which nothing here can mark")
    if body.startswith("#"):
        return _numeric(found, body[1:], reader)
    if _ORDER.match(body):
        items = [reader.text(line) for line in body.split("\n")[1:] if line.strip()]
        return replace(found, kind=Aspect.ORDER, choices=tuple(Choice(each, right=True) for each in items))
    if "~" in body:
        return _chosen(found, body, reader)
    if body.startswith("=") and "->" in body and not _WEIGHT.match(body[1:]):
        return _matched(found, body, reader)
    word, _, rest = body.partition("#")
    if (truth := _TRUTH.get(word.strip().upper())) is not None:
        wrong, _, right = rest.partition("#")
        texts = {truth: reader.text(right), not truth: reader.text(wrong)}
        choices = tuple(Choice(str(each), each == truth, texts[each]) for each in (True, False))
        return replace(found, kind=Aspect.TRUEFALSE, choices=choices)
    return _typed(found, body, reader)


def _weighted(raw: str, default: Decimal) -> tuple[Decimal, str]:
    """Return the weight of an answer in percent, and the rest of it."""
    raw = raw.strip()
    match = _WEIGHT.match(raw)
    return (Decimal(match[1]), raw[match.end() :]) if match else (default, raw)


def _chosen(found: Found, body: str, reader: _Reader) -> Found:
    choices: list[Choice] = []
    partly: list[str] = []
    several = "=" not in body
    for part in re.findall(r"[=~][^=~]*", body):
        weight, raw = _weighted(part[1:], Decimal(100 if part[0] == "=" else 0))
        right = weight > 0 if several else weight == 100
        choices.append(reader.choice(raw, right=right))
        if not several and 0 < weight < 100:
            partly.append(f"the part credit of an option ({weight} %)")
    kind = Aspect.MULTI if sum(each.right for each in choices) > 1 else Aspect.SINGLE
    return replace(found, kind=kind, choices=tuple(choices), lost=tuple(partly))


def _matched(found: Found, body: str, reader: _Reader) -> Found:
    pairs: list[Pair] = []
    lost: list[str] = []
    for part in body.split("=")[1:]:
        left, arrow, right = part.partition("->")
        if not arrow:
            raise ValueError("a pair of it has no ->")
        if left.strip():
            pairs.append(Pair(reader.text(left.replace("-&gt;", "->")), from_markdown(_shown(right)).text))
        else:
            lost.append(f"the right side without a left one ({reader.text(right)[:40]})")
    return replace(found, kind=Aspect.MATCH, pairs=tuple(pairs), lost=tuple(lost))


def _typed(found: Found, body: str, reader: _Reader) -> Found:
    accept: list[str] = []
    mistakes: list[Choice] = []
    lost: list[str] = []
    for part in (body if body.startswith("=") else f"={body}").split("=")[1:]:
        weight, raw = _weighted(part, Decimal(100))
        text, _, feedback = raw.partition("#")
        answer, told = reader.typed(text), reader.text(feedback)
        if is_wildcard(answer):
            lost.append(f"the answer with a star, {answer[:40]}")
        elif weight == 100:
            accept.append(literal(answer))
            lost += ["the feedback on a right answer"] if told else []
        elif weight == 0:
            mistakes.append(Choice(literal(answer), feedback=told))
        else:
            lost.append(f"the answer {answer[:40]} ({weight} %)")
    return replace(found, accept=tuple(accept), mistakes=tuple(mistakes), lost=tuple(lost))


def _numeric(found: Found, body: str, reader: _Reader) -> Found:
    """Return a number with its tolerance; answers of no weight that aren't ranges are likely mistakes."""
    body, other, _ = body.partition("~")
    lost = ["the feedback on every other number"] if other else []
    mistakes: list[Choice] = []
    values: list[tuple[Decimal, Decimal | None]] = []
    parts = body.split("=")[1:] if body.strip().startswith("=") else [body]
    for part in parts:
        weight, raw = _weighted(part, Decimal(100))
        text, _, feedback = raw.partition("#")
        value, away = _range(_shown(text))
        if weight == 100 and not values:
            values.append((value, away))
            lost += ["the feedback on a right answer"] if feedback.strip() else []
        elif weight == 0 and not away:
            mistakes.append(Choice(f"{value:f}", feedback=reader.text(feedback)))
        else:
            lost.append(f"the answer {value:f} ({weight} %)")
    if not values:
        raise ValueError("none of its numbers counts in full")
    value, away = values[0]
    return replace(
        found,
        kind=Aspect.NUMBER,
        value=value,
        tolerance=away or None,
        mistakes=tuple(mistakes),
        lost=tuple(lost),
    )


def _range(text: str) -> tuple[Decimal, Decimal | None]:
    """Return the middle and the tolerance of ``value``, ``value:tolerance`` or ``low..high``."""
    try:
        if ".." in text:
            low, high = (Decimal(each.strip()) for each in text.split("..", 1))
            return (low + high) / 2, abs(high - low) / 2
        value, _, away = text.partition(":")
        figures = Decimal(value.strip()), Decimal(away.strip() or 0)
    except InvalidOperation:
        raise ValueError(f"{text[:40]} isn't a number") from None
    if not (figures[0].is_finite() and figures[1].is_finite() and abs(figures[0].adjusted()) < 40):
        raise ValueError(f"{text[:40]} isn't a number of up to 40 figures")
    return figures


def _marked(found: Found, marks: list[tuple[str, str]], topic: str) -> Found:
    tags = tuple(value.strip() for name, value in marks if name == "tag")
    id_ = next((value.strip() for name, value in marks if name == "id"), "")
    return replace(found, id=id_, tags=tags, topic=topic)


def _written(found: Found) -> str:
    marks = [f"[id:{found.id}]"] if found.id else []
    marks += [f"[tag:{each}]" for each in found.tags]
    comment = f"// {' '.join(marks)}\n" if marks else ""
    name = f"::{_signs(found.id)}::" if found.id else ""
    general = f"####{_escaped(found.explanation)}" if found.explanation else ""
    stem = _signs(with_code(found.stem, found.code))
    return f"{comment}{name}[markdown]{stem}{{{_body(found)}{general}}}\n"


def _body(found: Found) -> str:
    match found.kind:
        case Aspect.TRUEFALSE:
            truth = found.choices[0].right
            right, wrong = found.choices if truth else found.choices[::-1]
            feedback = f"#{_escaped(wrong.feedback)}#{_escaped(right.feedback)}"
            return f"{str(truth).upper()}{feedback if wrong.feedback or right.feedback else ''}"
        case Aspect.ORDER:
            lines = "\n".join(_escaped(each.text) for each in found.choices)
            return f">{len(found.choices)} none\n{lines}\n"
        case Aspect.MATCH:
            pairs = (f"\t={_left(each.left)} -> {_signs(each.right)}" for each in found.pairs)
            return _lines(pairs)
        case Aspect.NUMBER:
            value = f"\t=%100%{found.value:f}:{found.tolerance or 0:f}#"
            return f"#{_lines((value, *_mistaken(found, ':0')))}"
        case Aspect.SHORT:
            accepted = (f"\t=%100%{_escaped(guarded(each))}#" for each in found.accept)
            return _lines((*accepted, *_mistaken(found)))
    return _lines(f"\t{_weight(found, each)}{_choice(each)}" for each in found.choices)


def _mistaken(found: Found, tolerance: str = "") -> Iterator[str]:
    for each in found.mistakes:
        yield f"\t=%0%{_escaped(guarded(each.text))}{tolerance}#{_escaped(each.feedback)}"


def _weight(found: Found, choice: Choice) -> str:
    if found.kind is Aspect.SINGLE:
        return "=" if choice.right else "~"
    share = Decimal(100) / sum(each.right for each in found.choices)
    return f"~%{'' if choice.right else '-'}{share.quantize(Decimal('0.00001')).normalize():f}%"


def _left(text: str) -> str:
    """Return a left side in which the first arrow is not the one between the sides."""
    return _escaped(text).replace("->", "-&gt;")


def _choice(choice: Choice) -> str:
    return _escaped(choice.text) + (f"#{_escaped(choice.feedback)}" if choice.feedback else "")


def _lines(lines: Iterable[str]) -> str:
    return "\n" + "".join(f"{line}\n" for line in lines)


def _signs(text: str) -> str:
    """Return a text whose signs mean nothing to the format, on one line."""
    return re.sub(r"[\\#=~{}:]", r"\\\g<0>", text).replace("\n", "\\n")


def _escaped(text: str) -> str:
    """Return a text that is read as it is, its format named where its beginning could mean one."""
    text = _signs(text)
    return f"[markdown]{text}" if text.startswith(("[", "//", "%", ">")) else text
