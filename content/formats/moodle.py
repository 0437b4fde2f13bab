"""Moodle XML: the question bank's own format, with hints and tags. Entities in it are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

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

_CLEAN: dict[str, Callable[[str], Cleaned]] = {"markdown": from_markdown, "plain_text": from_plain}
_TYPES = {
    Aspect.SINGLE: "multichoice",
    Aspect.MULTI: "multichoice",
    Aspect.TRUEFALSE: "truefalse",
    Aspect.SHORT: "shortanswer",
    Aspect.NUMBER: "numerical",
    Aspect.ORDER: "ordering",
    Aspect.MATCH: "matching",
}


@dataclass(frozen=True)
class MoodleXml:
    """Moodle's XML."""

    name: str = "moodle-xml"
    title: str = "Moodle XML"
    suffixes: tuple[str, ...] = (".xml",)
    file_bytes: int = FILE_BYTES
    carries: frozenset[Aspect] = KINDS | {
        Aspect.ID,
        Aspect.TOPIC,
        Aspect.CODE,
        Aspect.FEEDBACK,
        Aspect.ITEM_FEEDBACK,
        Aspect.MISTAKES,
        Aspect.TOLERANCE,
        Aspect.HINTS,
        Aspect.EXPLANATION,
        Aspect.TAGS,
    }

    def read(self, data: bytes, file: str) -> Read:
        """Return the questions of a file. Raises RefusedError."""
        found: list[Found] = []
        notes: list[Note] = []
        topic = ""
        number = 0
        for each in _root(decoded(data, file), file).iterfind("question"):
            if each.get("type") == "category":
                topic = (each.findtext("category/text") or "").strip().rsplit("/", 1)[-1]
                continue
            number += 1
            place = f"{file}, question {number}"
            if number > FOUND:
                raise RefusedError(place, f"the file has more than {FOUND:,} questions")
            try:
                found.append(replace(_Reader(each).question(place), topic=topic))
            except ValueError as error:
                notes.append(
                    Note(place, (each.findtext("name/text") or "")[:60], f"left out, since {error}")
                )
        return Read(tuple(found), tuple(notes))

    def write(self, found: Sequence[Found]) -> bytes:
        """Return the questions as a file, under a category for each topic."""
        quiz = Element("quiz")
        topic = ""
        for each in found:
            if each.topic != topic:
                topic = each.topic
                _text(SubElement(SubElement(quiz, "question", type="category"), "category"), topic)
            _write(quiz, each)
        indent(quiz)
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(quiz, "unicode").encode()


def _root(text: str, file: str) -> Element:
    start = len(text) - len(text.lstrip())
    if text.startswith("<?xml", start):  # what it says of its encoding is no longer so
        start = text.find("?>", start) + 2
    body = "\n" * text.count("\n", 0, start) + text[start:].lstrip(" \t")
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except ParseError as error:
        raise RefusedError(f"{file}:{error.position[0]}", "it isn't well-formed XML") from None
    except (DefusedXmlException, RecursionError):
        place = f"{file}:{_line(body, '<!DOCTYPE')}"
        raise RefusedError(place, "it declares a document type or entities, which are not read") from None
    if root.tag != "quiz":
        place = f"{file}:{_line(body, f'<{root.tag}')}"
        raise RefusedError(place, "it isn't Moodle XML: its outermost element isn't quiz")
    return root


def _line(text: str, mark: str) -> int:
    """Return the line on which something is for the first time; 1 if nowhere."""
    return text.count("\n", 0, max(text.find(mark), 0)) + 1


class _Reader:
    """One question element; what is lost of its texts is kept."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.lost: list[str] = []

    def question(self, place: str) -> Found:
        """Return the question. Raises ValueError."""
        element = self.element
        stem, code = split_code(self.text(element.find("questiontext")))
        found = Found(
            place=place,
            kind=Aspect.SHORT,
            stem=stem,
            id=(element.findtext("idnumber") or "").strip(),
            code=code,
            hints=tuple(hint for each in element.iterfind("hint") if (hint := self.text(each))),
            explanation=self.text(element.find("generalfeedback")),
            tags=tuple((each.findtext("text") or "").strip() for each in element.iterfind("tags/tag")),
        )
        found = self._answered(found)
        if any(True for _ in element.iter("file")):
            self.lost.append("images and media")
        return replace(found, lost=(*dict.fromkeys((*found.lost, *self.lost)),))

    def text(self, element: Element | None) -> str:
        """Return a text as our Markdown, by the format that its element names."""
        if element is None:
            return ""
        kind = element.get("format", "html")
        clean = _CLEAN.get(kind, from_html if kind == "html" else from_markdown)
        cleaned = clean(element.findtext("text") or "")
        self.lost += cleaned.lost
        return cleaned.text

    def _answered(self, found: Found) -> Found:
        match self.element.get("type"):
            case "multichoice":
                choices = tuple(self._choices())
                several = sum(each.right for each in choices) > 1
                return replace(found, kind=Aspect.MULTI if several else Aspect.SINGLE, choices=choices)
            case "truefalse":
                named = {(each.text.lower()): each for each in self._choices()}
                if named.keys() != {"true", "false"}:
                    raise ValueError("its answers aren't true and false")
                choices = tuple(replace(named[name.lower()], text=name) for name in ("True", "False"))
                return replace(found, kind=Aspect.TRUEFALSE, choices=choices)
            case "ordering":
                items = tuple(replace(each, right=True) for each in self._choices())
                return replace(found, kind=Aspect.ORDER, choices=items)
            case "matching":
                sides = ((each, each.find("answer")) for each in self.element.iterfind("subquestion"))
                pairs = (Pair(self.text(left), from_markdown(_raw(right)).text) for left, right in sides)
                return replace(found, kind=Aspect.MATCH, pairs=tuple(each for each in pairs if each.left))
            case "numerical":
                return self._numeric(found)
            case "shortanswer":
                return self._typed(found)
        raise ValueError(f"nothing here asks like the type {(self.element.get('type') or '')[:40]}")

    def _choices(self) -> Iterator[Choice]:
        single = self.element.findtext("single", "true").strip() == "true"
        least = 100 if single and self.element.get("type") == "multichoice" else 0
        for each in self.element.iterfind("answer"):
            weight = _weight(each)
            if least and 0 < weight < least:
                self.lost.append(f"the part credit of an option ({weight} %)")
            right = weight >= least if least else weight > 0
            yield Choice(self.text(each), right, self.text(each.find("feedback")))

    def _numeric(self, found: Found) -> Found:
        values: list[tuple[Decimal, Decimal]] = []
        mistakes: list[Choice] = []
        for each in self.element.iterfind("answer"):
            figure, feedback = _raw(each), self.text(each.find("feedback"))
            if figure == "*":
                self.lost.append("the feedback on every other number")
            elif _weight(each) == 0:
                mistakes.append(Choice(f"{_figure(figure):f}", feedback=feedback))
            elif _weight(each) == 100 and not values:
                values.append((_figure(figure), _figure(each.findtext("tolerance") or "0")))
            else:
                self.lost.append(f"the answer {figure[:40]}")
        if not values:
            raise ValueError("none of its numbers counts in full")
        self.lost += ["units"] if self.element.find("units") is not None else []
        value, away = values[0]
        return replace(
            found, kind=Aspect.NUMBER, value=value, tolerance=away or None, mistakes=tuple(mistakes)
        )

    def _typed(self, found: Found) -> Found:
        accept: list[str] = []
        mistakes: list[Choice] = []
        for each in self.element.iterfind("answer"):
            answer, weight = _raw(each), _weight(each)
            if is_wildcard(answer) or 0 < weight < 100:
                self.lost.append(f"the answer {answer[:40]} ({weight} %)")
            elif weight == 100:
                accept.append(literal(answer))
            else:
                mistakes.append(Choice(literal(answer), feedback=self.text(each.find("feedback"))))
        return replace(found, accept=tuple(accept), mistakes=tuple(mistakes))


def _raw(element: Element | None) -> str:
    return "" if element is None else (element.findtext("text") or "").strip()


def _weight(answer: Element) -> Decimal:
    return _figure(answer.get("fraction", "0"))


def _figure(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{text[:40]} isn't a number") from None
    if not value.is_finite() or abs(value.adjusted()) >= 40:
        raise ValueError(f"{text[:40]} isn't a number of up to 40 figures")
    return value


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = text


def _marked(parent: Element, tag: str, text: str, fraction: str = "") -> Element:
    attributes = {"fraction": fraction} if fraction else {}
    element = SubElement(parent, tag, {**attributes, "format": "markdown"})
    _text(element, text)
    return element


def _write(quiz: Element, found: Found) -> None:
    element = SubElement(quiz, "question", type=_TYPES[found.kind])
    _text(SubElement(element, "name"), found.id or found.stem[:60])
    _marked(element, "questiontext", with_code(found.stem, found.code))
    _marked(element, "generalfeedback", found.explanation)
    SubElement(element, "idnumber").text = found.id
    _write_answers(element, found)
    for hint in found.hints:
        _marked(element, "hint", hint)
    tags = SubElement(element, "tags")
    for tag in found.tags:
        _text(SubElement(tags, "tag"), tag)


def _write_answers(element: Element, found: Found) -> None:
    if found.kind in {Aspect.SINGLE, Aspect.MULTI}:
        SubElement(element, "single").text = str(found.kind is Aspect.SINGLE).lower()
    for number, each in enumerate(found.choices, start=1):
        text = each.text.lower() if found.kind is Aspect.TRUEFALSE else each.text
        fraction = f"{number}.0000000" if found.kind is Aspect.ORDER else _fraction(found, each)
        answer = _marked(element, "answer", text, fraction=fraction)
        _marked(answer, "feedback", each.feedback)
    for pair in found.pairs:
        side = _marked(element, "subquestion", pair.left)
        _text(SubElement(side, "answer"), pair.right)
    for accepted in found.accept:
        _marked(element, "answer", guarded(accepted), fraction="100")
    if found.value is not None:
        answer = _marked(element, "answer", f"{found.value:f}", fraction="100")
        SubElement(answer, "tolerance").text = f"{found.tolerance or 0:f}"
    for mistake in found.mistakes:
        answer = _marked(element, "answer", guarded(mistake.text), fraction="0")
        _marked(answer, "feedback", mistake.feedback)


def _fraction(found: Found, choice: Choice) -> str:
    if found.kind is not Aspect.MULTI:
        return "100" if choice.right else "0"
    share = Decimal(100) / sum(each.right for each in found.choices)
    return f"{'' if choice.right else '-'}{share.quantize(Decimal('0.00001')).normalize():f}"
