"""Notes of Anki and questions: what becomes of each, whatever kind of file the note is in."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, replace

from content.errors import shown
from content.formats.base import Aspect, Found, Note
from content.formats.cards import back, front, sources
from content.formats.carried import MARK, as_json, from_json
from content.formats.decode import visible
from content.formats.markdown import from_html, from_plain, plain_from_html, split_code

NOTE_TYPE = "Milepost"
"""Name of the note type of an export."""

FIELDS = ("Front", "Back", "Source", "Milepost")
"""Names of its fields. The last one carries the whole question and is on no card."""

FIELD = 200_000
"""Characters of a field, at most."""

ANSWER = 60
"""Characters of a back that can be typed, at most."""

GAP = "____"
"""Mark of the gap that is asked for."""

_EXPLAINS = {"extra", "back extra", "explanation"}
_SOUND = re.compile(r"\[(?:sound|anki:[a-z]{1,20}):[^\[\]\n]{0,500}\]", re.IGNORECASE)
_FORMULA = re.compile(r"\[latex\]|\[\${1,2}\]|<anki-mathjax", re.IGNORECASE)
_FORMULAS = (("\\(", "\\)"), ("\\[", "\\]"))
_OPENS = re.compile(r"\{\{c[\d,]{1,20}::")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class AnkiNote:
    """A note as a file has it: its fields with their names, in their order, in HTML unless ``plain``."""

    place: str
    note_type: str
    fields: tuple[tuple[str, str], ...]
    cloze: bool = False
    tags: tuple[str, ...] = ()
    deck: str = ""
    plain: bool = False


def question_of(note: AnkiNote) -> Found | Note:
    """Return the question that a note becomes, or the reason why it becomes none."""
    try:
        _require_bounded(note)
        if own := _own(note):
            return own
        found = _Reader(note).cloze() if note.cloze else _Reader(note).basic()
    except ValueError as error:
        return Note(note.place, _named(note), f"left out, since {error}")
    return replace(found, topic=note.deck.rsplit("::", 1)[-1].strip(), tags=note.tags)


def fields_of(found: Found) -> tuple[str, str, str, str]:
    """Return the fields of the note that a question becomes, in the order of ``FIELDS``."""
    asked, told = front(found), back(found)
    return asked, told, sources(found), as_json(found, _seen(asked, told))


def guid_of(found: Found) -> str:
    """Return the lasting id by which Anki knows the note again: that of the question in its pack."""
    pack = found.shelf.pack if found.shelf else ""
    return hashlib.sha256(f"{pack}\n{found.id or found.stem}".encode()).hexdigest()[:20]


def deck_of(found: Found) -> str:
    """Return the name of the deck: that of the pack, and that of the topic below it."""
    titles = (found.shelf.title, found.shelf.topic) if found.shelf else (NOTE_TYPE, found.topic)
    return "::".join(re.sub(r'(?::{2,}|["\s])+', " ", each).strip(": ") for each in titles if each)


def tags_of(found: Found) -> str:
    """Return the tags of the note, the topic first, joined by spaces."""
    return " ".join(dict.fromkeys("-".join(each.split()) for each in (found.topic, *found.tags) if each))


def bare(markup: str) -> str:
    """Return the text of HTML without its tags."""
    return html.unescape(_TAG.sub("", markup))


def has_gap(text: str) -> bool:
    """Tell whether a text has a gap of a cloze note."""
    return bool(_OPENS.search(text))


def _seen(*sides: str) -> str:
    """Return a digest of what people read on both sides, however the HTML of it is written."""
    text = "\n".join("".join(bare(each).split()) for each in sides)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _require_bounded(note: AnkiNote) -> None:
    for name, text in note.fields:
        if len(text) > FIELD:
            raise ValueError(f"its field {shown(name, 40)} has more than {FIELD:,} characters")


def _own(note: AnkiNote) -> Found | None:
    """Return the question that a note of ours carries whole, None for another's. Raises ValueError."""
    carried = [text for name, text in note.fields if name == FIELDS[-1] and text.strip()]
    carried += [text for _, text in note.fields if text.startswith(MARK)]
    if not carried:
        return None
    line = bare(carried[0]).replace("\xa0", " ").strip()
    try:
        found, digest = from_json(line, note.place)
    except ValueError as error:
        raise ValueError(f"its field {FIELDS[-1]} can't be read: {error}") from None
    sides = [text for _, text in note.fields[:2]]
    if not note.plain and digest and digest != _seen(*sides):
        return replace(found, lost=(*found.lost, "what was changed in Anki: the question is as it was"))
    return found


def _named(note: AnkiNote) -> str:
    text = note.fields[0][1][:FIELD] if note.fields else ""
    return shown(" ".join(visible(bare(_SOUND.sub("", text))).split()))


class _Reader:
    """A note of somebody else's; what is lost of its texts is kept."""

    def __init__(self, note: AnkiNote) -> None:
        self.note = note
        self.lost: list[str] = []

    def basic(self) -> Found:
        """Return the question of a note with a front and a back. Raises ValueError."""
        asked, told = self._sides()
        answer = self._answer(self._text(told, "back"), "its back")
        return self._found(self._text(asked, "front"), answer, {asked, told})

    def cloze(self) -> Found:
        """Return the question of a note with one gap. Raises ValueError."""
        text = self._text(0, "text")
        gaps = [*_OPENS.finditer(text)]
        if len(gaps) != 1:
            count = f"{len(gaps)} gaps, and only one can be asked for" if gaps else "no gap"
            raise ValueError(f"it has {count}")
        start, end = gaps[0].end(), text.find("}}", gaps[0].end())
        if end < 0:
            raise ValueError("its gap isn't closed")
        inner, _, hint = text[start:end].partition("::")
        if inner.startswith("image-occlusion:"):
            raise ValueError("it covers parts of an image")
        mark = "gap"
        while mark in html.unescape(text):
            mark += "x"
        stem = f"{text[: gaps[0].start()]}{mark}{text[end + 2 :]}"
        found = self._found(stem, self._answer(inner, "its gap"), {0})
        hints = (hint,) if (hint := self._clean(hint)) else ()
        return replace(found, stem=found.stem.replace(mark, GAP), hints=hints)

    def _sides(self) -> tuple[int, int]:
        """Return the places of the front and the back among the fields. Raises ValueError."""
        names = [name.casefold() for name, _ in self.note.fields]
        if "front" in names and "back" in names:
            return names.index("front"), names.index("back")
        if len(names) == 2:
            return 0, 1
        kind = shown(self.note.note_type, 40) or "without a name"
        raise ValueError(f"its note type {kind} has neither Front and Back nor two fields")

    def _text(self, place: int, name: str) -> str:
        """Return a field without sounds. Raises ValueError for one with a formula."""
        raw = self.note.fields[place][1] if self.note.fields else ""
        if _FORMULA.search(raw) or any(opens in raw and closes in raw for opens, closes in _FORMULAS):
            raise ValueError(f"its {name} has a formula in LaTeX, which a question has no place for")
        return self._silent(raw)

    def _silent(self, raw: str) -> str:
        text, count = _SOUND.subn("", raw)
        self.lost += ["sound"] if count else []
        return text

    def _clean(self, raw: str) -> str:
        raw = self._silent(raw)
        cleaned = from_plain(raw) if self.note.plain else from_html(raw)
        self.lost += cleaned.lost
        return cleaned.text

    def _answer(self, raw: str, name: str) -> str:
        """Return a text that can be typed. Raises ValueError for any other."""
        cleaned = plain_from_html(html.escape(raw).replace("\n", "<br>") if self.note.plain else raw)
        self.lost += cleaned.lost
        if not cleaned.text:
            raise ValueError(f"{name} is {'an image or a sound' if self.lost else 'empty'}")
        if "\n" in cleaned.text or len(cleaned.text) > ANSWER:
            raise ValueError(
                f"{name} isn't a short text that could be typed ({ANSWER} characters, one line)"
            )
        return cleaned.text

    def _found(self, raw: str, answer: str, read: set[int]) -> Found:
        stem, code = split_code(self._clean(raw))
        if not stem:
            raise ValueError(f"its front is {'an image or a sound' if self.lost else 'empty'}")
        explanation = ""
        for place, (name, text) in enumerate(self.note.fields):
            if place in read or not text.strip():
                continue
            if name.casefold() in _EXPLAINS and not explanation:
                explanation = self._clean(text)
            else:
                self.lost.append(f"the field {shown(name, 40)}")
        return Found(
            place=self.note.place,
            kind=Aspect.SHORT,
            stem=stem,
            code=code,
            accept=(answer,),
            explanation=explanation,
            lost=tuple(dict.fromkeys(self.lost)),
        )
