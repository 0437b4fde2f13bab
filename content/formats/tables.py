"""CSV, as spreadsheets write it: a row a question, the names of the columns in the first row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
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
    Snippet,
)
from content.formats.decode import decoded
from content.formats.markdown import LANGUAGES, from_markdown

PARTS = 120
"""Answers of a row, with a right side and a feedback each, at most. A file has as many as it needs."""

_PLAIN = ("id", "topic", "type", "stem", "language", "code", "correct", "tolerance")
_MORE = ("explanation", "hint 1", "hint 2", "tags", "difficulty", "objective", "bloom")
_CELL = 10_000
_RISKY = re.compile(r"['=+\-@\t]")


@dataclass(frozen=True)
class Csv:
    """Comma-separated values, with columns of our own."""

    name: str = "csv"
    title: str = "CSV"
    suffixes: tuple[str, ...] = (".csv",)
    file_bytes: int = FILE_BYTES
    carries: frozenset[Aspect] = frozenset(Aspect) - {Aspect.REFERENCES}

    def read(self, data: bytes, file: str) -> Read:
        """Return the questions of a file with commas, semicolons or tabs. Raises RefusedError."""
        text = decoded(data, file)
        first = text[:2000].split("\n", 1)[0]
        separator = max(",;\t", key=first.count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        csv.field_size_limit(_CELL)
        found: list[Found] = []
        notes: list[Note] = []
        names: list[str] = []
        line = 1
        try:
            for row in rows:
                place = f"{file}:{line}"
                line = rows.line_num + 1
                if not names:
                    names = _names(row, place)
                elif any(cell.strip() for cell in row):
                    each = _question(dict(zip(names, map(_unguarded, row), strict=False)), place)
                    (notes if isinstance(each, Note) else found).append(each)  # type: ignore[arg-type]
                if len(found) + len(notes) > FOUND:
                    raise RefusedError(place, f"the file has more than {FOUND:,} questions")
        except csv.Error as error:
            raise RefusedError(f"{file}:{line}", f"it isn't CSV: {error}") from None
        return Read(tuple(found), tuple(notes))

    def write(self, found: Sequence[Found]) -> bytes:
        """Return the questions as a file in UTF-8, with a mark by which spreadsheets know that."""
        out = io.StringIO(newline="")
        rows = [_row(each) for each in found]
        used = set[str]().union(*rows)
        width = sum(f"answer {number}" in used for number in range(1, PARTS + 1))
        writer = csv.DictWriter(out, columns(max(width, 1)), restval="", lineterminator="\r\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _guarded(cell) for name, cell in row.items()})
        return out.getvalue().encode("utf-8-sig")


def columns(answers: int) -> tuple[str, ...]:
    """Return the names of the columns of a file whose rows have so many answers."""
    numbers = range(1, answers + 1)
    parts = (f"{name} {number}" for number in numbers for name in ("answer", "right", "feedback"))
    return (*_PLAIN, *parts, *_MORE)


_KNOWN = frozenset(columns(PARTS))


def _names(row: list[str], place: str) -> list[str]:
    names = [" ".join(cell.lower().replace("_", " ").split()) for cell in row]
    if missing := [name for name in ("stem", "answer 1") if name not in names]:
        raise RefusedError(place, f"the first row has no column {missing[0]}")
    if twice := [name for name in names if name and names.count(name) > 1]:
        raise RefusedError(place, f"the first row has the column {twice[0][:40]} twice")
    return names


def _question(cells: dict[str, str], place: str) -> Found | Note:
    lost: list[str] = []

    def text(name: str) -> str:
        cleaned = from_markdown(cells.get(name, ""))
        lost.extend(cleaned.lost)
        return cleaned.text

    unknown = [name for name, cell in cells.items() if name and name not in _KNOWN and cell.strip()]
    lost += [f"the column {name[:40]}" for name in unknown]
    raw = [cells.get(f"answer {n}", "").strip() for n in range(1, PARTS + 1)]
    parts = [
        (text(f"answer {n}"), text(f"right {n}"), text(f"feedback {n}"))
        for n in range(1, PARTS + 1)
        if raw[n - 1]
    ]
    typed_texts = [each for each in raw if each]
    correct = {each.strip() for each in re.split(r"[,; ]+", cells.get("correct", "")) if each.strip()}
    try:
        kind = _kind(cells.get("type", ""), parts, correct)
        difficulty = int(cells["difficulty"]) if cells.get("difficulty", "").strip() else None
        value = _value(typed_texts) if kind is Aspect.NUMBER else None
        tolerance = Decimal(cells["tolerance"]) if cells.get("tolerance", "").strip() else None
        numbers = {int(each) for each in correct}
        if kind is Aspect.SHORT and not numbers:
            numbers = set(range(1, len(parts) + 1))
    except (InvalidOperation, ValueError) as error:
        message = str(error) if type(error) is ValueError else "a number in it can't be read"
        return Note(place, cells.get("id", "")[:60], f"left out, since {message}")
    source = cells.get("code", "").strip("\n")
    language = cells.get("language", "").strip().lower()
    typed = kind in {Aspect.SHORT, Aspect.NUMBER}
    choices = tuple(
        Choice(
            typed_texts[number - 1] if typed else answer,
            number in numbers or kind is Aspect.ORDER or (kind is Aspect.NUMBER and number == 1),
            feedback,
        )
        for number, (answer, _, feedback) in enumerate(parts, start=1)
    )
    return Found(
        place=place,
        kind=kind,
        stem=text("stem"),
        id=cells.get("id", "").strip(),
        topic=cells.get("topic", "").strip(),
        code=Snippet(language if language in LANGUAGES else "text", source) if source.strip() else None,
        choices=() if typed or kind is Aspect.MATCH else choices,
        pairs=tuple(Pair(*each) for each in parts) if kind is Aspect.MATCH else (),
        accept=tuple(each.text for each in choices if each.right) if kind is Aspect.SHORT else (),
        value=value,
        tolerance=tolerance or None,
        mistakes=tuple(each for each in choices if not each.right) if typed else (),
        hints=tuple(hint for hint in (text("hint 1"), text("hint 2")) if hint),
        explanation=text("explanation"),
        tags=tuple(each for each in re.split(r"[,; ]+", cells.get("tags", "")) if each),
        difficulty=difficulty,
        objective=text("objective"),
        bloom=cells.get("bloom", "").strip().lower(),
        lost=tuple(dict.fromkeys(lost)),
    )


def _value(texts: list[str]) -> Decimal:
    """Return the number that the first answer is. Raises ValueError, and decimal.InvalidOperation."""
    value = Decimal(texts[0]) if texts else Decimal("nan")
    if not value.is_finite():
        raise ValueError("it has no number to type")
    return value


def _kind(name: str, parts: list[tuple[str, str, str]], correct: set[str]) -> Aspect:
    """Return the kind that a row names; without a name, the one that its answers show."""
    if name := name.strip().lower():
        if name not in KINDS:
            raise ValueError(f"there is no kind {name[:40]}")
        return Aspect(name)
    if any(right for _, right, _ in parts):
        return Aspect.MATCH
    if len(correct) > 1:
        return Aspect.MULTI
    return Aspect.SINGLE if len(parts) > 1 else Aspect.SHORT


def _row(found: Found) -> dict[str, str]:
    answers = [(each.text, "", each.feedback, each.right) for each in found.choices]
    answers += [(each.left, each.right, each.feedback, False) for each in found.pairs]
    answers += [(each, "", "", True) for each in found.accept]
    answers += [(f"{found.value:f}", "", "", True)] if found.value is not None else []
    answers += [(each.text, "", each.feedback, False) for each in found.mistakes]
    row = {
        "id": found.id,
        "topic": found.topic,
        "type": str(found.kind),
        "stem": found.stem,
        "language": found.code.language if found.code else "",
        "code": found.code.source if found.code else "",
        "tolerance": f"{found.tolerance:f}" if found.tolerance else "",
        "explanation": found.explanation,
        "tags": " ".join(found.tags),
        "difficulty": "" if found.difficulty is None else str(found.difficulty),
        "objective": found.objective,
        "bloom": found.bloom,
    }
    correct = []
    for number, (answer, right, feedback, is_key) in enumerate(answers[:PARTS], start=1):
        row |= {f"answer {number}": answer, f"right {number}": right, f"feedback {number}": feedback}
        correct += [str(number)] if is_key and found.kind is not Aspect.ORDER else []
    row["correct"] = " ".join(correct)
    row |= {f"hint {number}": hint for number, hint in enumerate(found.hints[:2], start=1)}
    return row


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before such a sign."""
    return f"'{cell}" if _RISKY.match(cell) and not _is_number(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell[1:]) else cell


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", cell))
