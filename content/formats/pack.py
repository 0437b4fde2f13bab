"""Between a pack and foreign files: questions added to a topic, or written out of all topics."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field, replace
from typing import Any

from content.checks.folder import MissingError, PackFolder
from content.checks.schema import validate
from content.checks.yaml_source import SourceError, parse_source
from content.errors import Problem
from content.formats.base import Format, Found, Note, RefusedError, Shelf
from content.formats.build import UnfitError, built, slug
from content.formats.carry import narrowed
from content.formats.flatten import flattened
from content.model import Pack, Question, QuestionFile, Status
from content.writing.adding import CannotAddError, with_entries
from content.writing.yaml_text import as_yaml

MOST = 200
"""Questions of one topic, at most."""


@dataclass
class Imported:
    """Questions that an import adds, by topic, and its report."""

    questions: dict[str, list[Question]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Number of questions that are added."""
        return sum(map(len, self.questions.values()))


@dataclass(frozen=True)
class Exported:
    """A foreign file, how many questions it holds, and what they left behind."""

    data: bytes
    count: int
    notes: tuple[Note, ...]


def imported(format_: Format, data: bytes, file: str, pack: Pack, topic: str = "") -> Imported:
    """Return the questions of a foreign file for a pack. Raises RefusedError.

    Without ``topic``, each goes to the topic that the file names for it; a pack of one topic needs none.
    """
    read = format_.read(data, file)
    result = Imported(notes=[*read.notes])
    topics = {each.id for each in pack.topics}
    alone = next(iter(topics)) if len(topics) == 1 else ""
    taken = _ids(pack)
    asked = {_asks(each): each.id for group in pack.questions.values() for each in group}
    for found in read.found:
        target = topic or _topic(found, topics) or alone
        try:
            question, lost = _added(found, target, taken, asked, result, pack)
        except UnfitError as error:
            result.notes.append(Note(found.place, found.stem[:60], f"left out: {error}"))
            continue
        taken.add(question.id)
        asked[_asks(question)] = question.id
        result.questions.setdefault(target, []).append(question)
        if lost:
            result.notes.append(Note(found.place, question.id, f"left out: {'; '.join(lost)}"))
        if question.status is Status.DRAFT:
            draft = f"added as a draft (status: draft), since {_missing(question)} is missing"
            result.notes.append(Note(found.place, question.id, draft))
    return result


def exported(format_: Format, pack: Pack, now: dt.datetime) -> Exported:
    """Return a foreign file with the active questions of a pack, in the order of the roadmap."""
    second = int(now.timestamp())
    kept: list[Found] = []
    notes: list[Note] = []
    for topic in pack.topics:
        shelf = Shelf(pack.info.id, pack.info.title, topic.title, second)
        for question in pack.questions[topic.id]:
            if question.status is not Status.ACTIVE:
                continue
            flat, lost = flattened(question, topic.id)
            narrow, more = narrowed(flat, format_.carries)
            if narrow is not None:
                kept.append(replace(narrow, shelf=shelf))
            if lost := [*more] if narrow is None else [*lost, *more]:
                notes.append(
                    Note(f"questions/{topic.id}.yaml", question.id, f"left out: {'; '.join(lost)}")
                )
    return Exported(format_.write(kept), len(kept), tuple(notes))


def appended(folder: PackFolder, topic: str, questions: list[Question]) -> str:
    """Return the text of a topic's file, new or old, with the questions at its end. Raises RefusedError.

    What is there stays as it is, comments too. The whole is read again before it is returned.
    """
    file = f"questions/{topic}.yaml"
    entries = [_entry(each) for each in questions]
    try:
        text = with_entries(folder.read(file).decode(), ("questions",), entries, file)
    except MissingError:
        text = as_yaml({"topic": topic, "questions": entries})
    except CannotAddError as error:
        raise _refused(error.problem) from None
    except SourceError as error:
        raise _refused(error.problems[0]) from None
    _, problems = validate(parse_source(text, file), QuestionFile)
    if problems:
        raise _refused(problems[0])
    return text


def _refused(problem: Problem) -> RefusedError:
    return RefusedError(problem.place, f"{problem.advice.rstrip('.')}. Nothing was added")


def _added(
    found: Found, target: str, taken: set[str], asked: dict[str, str], result: Imported, pack: Pack
) -> tuple[Question, list[str]]:
    if not target:
        named = f"the roadmap has no topic {found.topic[:60]}" if found.topic else "it names no topic"
        raise UnfitError(f"{named}; say which with --topic")
    if len(pack.questions[target]) + len(result.questions.get(target, ())) >= MOST:
        raise UnfitError(f"the topic {target} has {MOST} questions, which is all that it can have")
    question, lost = built(found, taken)
    if there := asked.get(_asks(question)):
        raise UnfitError(f"{there} asks the same already")
    return question, lost


def _asks(question: Question) -> str:
    """Return what members read before they answer, by which a question is known again."""
    options = "\n".join(sorted(each.text for each in question.choices))
    return f"{question.stem}\n{question.code.source if question.code else ''}\n{options}"


def _topic(found: Found, topics: set[str]) -> str:
    return name if (name := slug(found.topic)) in topics else ""


def _missing(question: Question) -> str:
    silent = any(not each.feedback and not each.correct for each in question.choices)
    return "feedback on a wrong option" if silent else "its explanation"


def _ids(pack: Pack) -> set[str]:
    """Return every id that is in use: questions, prompts, challenges and topics share one space."""
    return {
        *(each.id for each in pack.topics),
        *(each.id for group in pack.questions.values() for each in group),
        *(each.id for group in pack.prompts.values() for each in group),
        *(each.id for group in pack.challenges.values() for each in group),
    }


def _entry(question: Question) -> dict[str, Any]:
    """Return a question as an entry of the list in a file, its fields in the order of the model."""
    document = json.loads(question.model_dump_json(exclude_defaults=True))
    return {"id": document.pop("id"), "type": question.type, **document}
