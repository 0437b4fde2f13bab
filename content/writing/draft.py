"""Additions to a pack that are written together, or not at all."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Any

from pydantic import BaseModel

from content.checks.files import LOCK, PACK, ROADMAP, Files, present, read_files
from content.checks.folder import FileError, PackFolder
from content.checks.lock import Id, lock_text, read_lock, with_ids
from content.checks.schema import validate
from content.checks.yaml_source import Key, SourceError, parse_source
from content.model import Challenge, PackInfo, PromptFile, QuestionFile, Roadmap
from content.whole_files import write_whole
from content.writing.adding import CannotAddError, with_entries
from content.writing.yaml_text import as_yaml

MODELS: Mapping[str, type[BaseModel]] = {
    "pack.yaml": PackInfo,
    "roadmap.yaml": Roadmap,
    "questions": QuestionFile,
    "prompts": PromptFile,
    "challenges": Challenge,
}
"""The type of a file, by its name or by the folder that it is in."""


class CannotWriteError(Exception):
    """Error: nothing can be added, or nothing can be written; the text says why, and what to do."""


@dataclass
class Draft:
    """A pack with what is to be added to it. Nothing is on the disk before ``write``.

    ``topics`` and ``steps`` have titles by id, in the order of the roadmap. ``taken`` are ids that nothing
    new may have. ``hosts`` are those that references may point at; any, if there are none.
    """

    folder: Path
    topics: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    hosts: Collection[str] = ()
    _counts: Mapping[str, int] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _ids: dict[Id, str] = field(default_factory=dict)

    def questions(self, topic: str) -> int:
        """Return how many questions the topic has in its file."""
        return self._counts.get(topic, 0)

    def add_question(self, topic: str, question: Mapping[str, Any]) -> None:
        """Add a question to the file of its topic. Raises CannotWriteError."""
        self._append(f"questions/{topic}.yaml", ("questions",), question, {"topic": topic})
        self._ids["question", question["id"]] = "active"

    def add_prompt(self, topic: str, prompt: Mapping[str, Any]) -> None:
        """Add a prompt to the file of its topic. Raises CannotWriteError."""
        self._append(f"prompts/{topic}.yaml", ("prompts",), prompt, {"topic": topic})
        self._ids["prompt", prompt["id"]] = "active"

    def add_challenge(self, challenge: Mapping[str, Any]) -> None:
        """Add the file of a project. Raises CannotWriteError."""
        self._put(f"challenges/{challenge['step']}/{challenge['id']}.yaml", as_yaml(challenge))
        self._ids["challenge", challenge["id"]] = "active"

    def add_topic(self, topic: Mapping[str, Any]) -> None:
        """Add a topic to the last step of the roadmap. Raises CannotWriteError."""
        self._append(ROADMAP, ("steps", -1, "topics"), topic, {})
        self._ids["topic", topic["id"]] = "active"

    def add_step(self, step: Mapping[str, Any]) -> None:
        """Add a step with its topics at the end of the roadmap. Raises CannotWriteError."""
        self._append(ROADMAP, ("steps",), step, {})
        self._ids["step", step["id"]] = "active"
        for topic in step["topics"]:
            self._ids["topic", topic["id"]] = "active"

    def write(self) -> None:
        """Write every file that changed, each whole, the lock of ids last. Raises CannotWriteError."""
        files = dict(self._texts)
        try:
            files[LOCK] = with_ids(_lock(self.folder), self._ids)
            _write_all(self.folder, files)
        except OSError as error:
            why = error.strerror or "unknown error"
            raise CannotWriteError(
                f"{self.folder} can't be written in: {why}. Nothing was changed."
            ) from None

    def _append(
        self, file: str, path: tuple[Key, ...], entry: Mapping[str, Any], heading: Mapping[str, Any]
    ) -> None:
        text = _text(self.folder, file)
        if text is None:
            self._put(file, as_yaml({**heading, str(path[-1]): [entry]}))
            return
        try:
            self._put(file, with_entries(text, path, [entry], file))
        except (CannotAddError, SourceError) as error:
            raise CannotWriteError(f"Nothing was added. {error}") from None

    def _put(self, file: str, text: str) -> None:
        """Keep the text of a file for ``write``. Raises CannotWriteError for one that isn't a pack's."""
        model = MODELS.get(file) or MODELS[file.partition("/")[0]]
        _, problems = validate(parse_source(text, file), model)
        if problems:
            raise CannotWriteError(" ".join(f"{problem.advice.rstrip('.')}." for problem in problems[:3]))
        self._texts[file] = text


def start_pack(folder: Path, info: Mapping[str, Any], roadmap: Mapping[str, Any]) -> Draft:
    """Return a new pack to write into ``folder``. Raises CannotWriteError where something is there."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CannotWriteError(
                f"{folder} is there already, and isn't an empty folder. Choose another name."
            )
    except OSError as error:
        raise CannotWriteError(f"{folder} can't be read: {error.strerror}.") from None
    draft = Draft(folder)
    draft._put(PACK, as_yaml(info))  # noqa: SLF001  its own maker
    draft._put(ROADMAP, as_yaml(roadmap))  # noqa: SLF001
    for step in roadmap["steps"]:
        draft._ids["step", step["id"]] = "active"  # noqa: SLF001
        for topic in step["topics"]:
            draft._ids["topic", topic["id"]] = "active"  # noqa: SLF001
    return draft


def open_draft(folder: Path) -> Draft:
    """Return the pack in ``folder``, as far as it is written, to add to. Raises CannotWriteError."""
    if not os.path.isfile(folder / PACK):  # noqa: PTH113  a name that is too long is none
        hint = f"Make one with: milepost content new pack {quote(str(folder))}"
        raise CannotWriteError(f"{folder} isn't the folder of a pack: it has no {PACK}. {hint}")
    files, problems = read_files(PackFolder(folder))
    if problems or files.info is None or files.roadmap is None:
        told = "\n".join(map(str, problems[:3]))
        raise CannotWriteError(f"Something in {folder} has to be fixed first:\n{told}")
    topics = [topic for step in files.roadmap.value.steps for topic in step.topics]
    return Draft(
        folder.resolve(),
        topics={topic.id: topic.title for topic in topics},
        steps={step.id: step.title for step in files.roadmap.value.steps},
        taken=_taken(files) | {name for _, name in read_lock(_lock(folder))[0]},
        hosts=files.info.value.reference_hosts,
        _counts={read.value.topic: len(read.value.questions) for read in present(files.questions).values()},
    )


def _taken(files: Files) -> set[str]:
    """Return every id in the files. Steps may share theirs with other things, but it would confuse."""
    assert files.roadmap is not None, "there was no problem"
    steps = files.roadmap.value.steps
    return {
        *(step.id for step in steps),
        *(topic.id for step in steps for topic in step.topics),
        *(each.id for read in present(files.questions).values() for each in read.value.questions),
        *(each.id for read in present(files.prompts).values() for each in read.value.prompts),
        *(read.value.id for read in present(files.challenges).values()),
    }


def _text(folder: Path, file: str) -> str | None:
    """Return the text of a file of the pack, None if there is none. Raises CannotWriteError."""
    if not (folder / file).exists():
        return None
    try:
        return PackFolder(folder).read(file).decode()
    except FileError as error:
        raise CannotWriteError(f"{file}: {error.advice}") from None
    except UnicodeDecodeError:
        raise CannotWriteError(f"{file}: the file is not UTF-8. Save it as UTF-8.") from None


def _lock(folder: Path) -> str:
    """Return the text of the lock; empty if there is none. Raises CannotWriteError."""
    try:
        return lock_text(folder)
    except FileError as error:
        raise CannotWriteError(f"{LOCK}: {error.advice}") from None


def _write_all(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files, all of them or none; folders are made where they are missing. Raises OSError."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    write_whole({folder / name: text.encode() for name, text in files.items()})
