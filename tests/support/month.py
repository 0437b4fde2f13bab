"""A month of a study group with hundreds of learners, lived through the playground's own doors over HTTP.

Every learner has a window, a zone and habits. What each was *shown* is written into a log, from
which a recap can be recounted without asking the database or importing a rule of Milepost.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.playground import Person as Somebody
from adapters.playground import PlaygroundConfig
from adapters.playground import build as build_playground
from milepost.bootstrap import Application, build
from milepost.settings import ProgramSettings
from tests.adapters.contract.on_playground import Html
from tests.adapters.playground.conftest import Window, enter
from tests.support.questions import shipped_library
from tests.support.room import FakeClock, put_empty_database

SUNDAY = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)
ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Tokyo",
    "Asia/Kolkata", "Africa/Lagos", "Pacific/Auckland", "America/Sao_Paulo", "Pacific/Honolulu",
)  # fmt: skip
QUIZ, PROMPT, PROJECT, RECAP = "Question of the day", "Roadmap", "Project", "The week in review"
POINTS = {"right": 3, "tried": 1, "done": 1, "reply": 2, "built": 5}
"""As the leaderboard's footnote tells them."""


@dataclass(frozen=True, slots=True)
class LoggedAct:
    """Something that a learner did for the first time on a post, as Milepost confirmed it."""

    at: dt.datetime
    learner: str
    kind: str
    post: str


@dataclass(frozen=True, slots=True)
class Habits:
    """Habits of a learner: chance of taking part on a day, local hour, and what they do then."""

    zone: str
    attends: float
    hour: int
    writes: bool
    builds: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as a window shows it."""

    id: str
    at: dt.datetime
    page: Html
    line: str
    private: bool


@dataclass
class Month:
    """The group, its learners' windows, and the log of what they did."""

    clock: FakeClock
    application: Application
    habits: dict[str, Habits]
    dice: random.Random
    opens: Any
    log: list[LoggedAct] = field(default_factory=list)
    _windows: dict[str, Window] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)
    _public: dict[str, Entry] = field(default_factory=dict)
    _done: set[tuple[str, str, str]] = field(default_factory=set)

    async def founds(self, **options: str) -> None:
        """Set the group up by the command that an organiser types, and look at what it says."""
        typed = " ".join(f'{name}:"{value}"' for name, value in options.items())
        (said,) = await self._says("olga", f"/study setup {typed}")
        assert "set up" in said.page.words, said.page.words

    async def lives(self, days: int) -> None:
        """Live through this many days: every post at its time, every learner at theirs."""
        end = self.clock.now() + dt.timedelta(days=days)
        for at, learner in sorted(self._visits(days)):
            await self._comes(at)
            await self._takes_part(learner)
        await self._comes(end)

    async def posts(self, about: str) -> list[Entry]:
        """Return Milepost's posts with these words in their line, oldest first, as they are shown now."""
        for entry in await self._news("olga"):
            if not entry.private:
                self._public[entry.id] = entry
        ordered = sorted(self._public.values(), key=lambda entry: int(entry.id[1:]))
        return [entry for entry in ordered if about in entry.line]

    async def uses(self, person: str, typed: str) -> str:
        """Type a command and return the words of the private answer."""
        (said,) = await self._says(person, typed)
        return said.page.words

    def _visits(self, days: int) -> list[tuple[dt.datetime, str]]:
        first = self.clock.now()
        found = []
        for learner, habits in self.habits.items():
            for day in range(days):
                if self.dice.random() < habits.attends:
                    wall = (first + dt.timedelta(days=day)).astimezone(ZoneInfo(habits.zone))
                    wall = wall.replace(hour=habits.hour, minute=self.dice.randrange(60))
                    found.append((wall.astimezone(dt.UTC), learner))
        return [visit for visit in found if visit[0] > first]

    async def _comes(self, instant: dt.datetime) -> None:
        """Let time pass up to an instant, with a pass at everything that is due on the way."""
        while (due := await self.application.scheduler.next_due_at()) and due <= instant:
            self.clock.set(max(due, self.clock.now()))
            await self.application.scheduler.run_once()
        self.clock.set(max(instant, self.clock.now()))

    async def _takes_part(self, learner: str) -> None:
        habits = self.habits[learner]
        for question in (await self.posts(QUIZ))[-1:]:
            letters = [name for name in question.page.buttons if re.match(r"[A-D]\b|True|False", name)]
            if letters and not self._did(learner, question.id, "right", "tried"):
                await self._answers(learner, question, letters)
        for prompt in (await self.posts(PROMPT))[-1:]:
            if not self._did(learner, prompt.id, "done") and self.dice.random() < habits.attends:
                await self._finishes(learner, prompt)
            if habits.writes and not self._did(learner, prompt.id, "reply"):
                await self._replies(learner, prompt)
        if habits.builds and await self.posts(PROJECT) and self.dice.random() < 0.05:
            await self._builds(learner)

    async def _answers(self, learner: str, question: Entry, letters: list[str]) -> None:
        letter = self.dice.choice(letters)
        shown = await self._press(learner, question, question.page.buttons[letter])
        (verdict,) = (entry for entry in shown if entry.private)
        if verdict.line.startswith("This question is closed"):
            return
        assert verdict.line.startswith(("Correct", "Not quite")), verdict.line
        self._note(learner, "right" if verdict.line.startswith("Correct") else "tried", question.id)

    async def _finishes(self, learner: str, prompt: Entry) -> None:
        (button,) = (action for name, action in prompt.page.buttons.items() if name.startswith("Mark"))
        await self._press(learner, prompt, button)
        self._note(learner, "done", prompt.id)

    async def _replies(self, learner: str, prompt: Entry) -> None:
        window = await self._window(learner)
        await self._posts(window, "/say", text="A bool is an int.", message=prompt.id)
        self._note(learner, "reply", prompt.id)

    async def _builds(self, learner: str) -> None:
        typed = f"/challenge submit link:https://example.org/{learner} learned:much"
        (said,) = await self._says(learner, typed)
        if "Shared" in said.page.words:
            self._note(learner, "built", said.id)

    def _did(self, learner: str, post: str, *kinds: str) -> bool:
        return any((learner, kind, post) in self._done for kind in kinds)

    def _note(self, learner: str, kind: str, post: str) -> None:
        self._done.add((learner, kind, post))
        self.log.append(LoggedAct(self.clock.now(), learner, kind, post))

    async def _says(self, person: str, text: str) -> list[Entry]:
        """Type a line and return the private entries that came of it."""
        await self._news(person)
        await self._posts(await self._window(person), "/say", text=text)
        return [entry for entry in await self._news(person) if entry.private]

    async def _press(self, person: str, on: Entry, action: str) -> list[Entry]:
        await self._news(person)
        await self._posts(await self._window(person), "/press", message=on.id, action=action)
        return await self._news(person)

    async def _posts(self, window: Window, path: str, **parts: Any) -> None:
        status, answer = await window.post(path, **parts)
        assert status == 200, answer

    async def _window(self, person: str) -> Window:
        if person not in self._windows:
            self._windows[person] = await self.opens(person)
        return self._windows[person]

    async def _news(self, person: str) -> list[Entry]:
        """Return what changed for a person since they looked last; at the first look, everything."""
        window = await self._window(person)
        async with window.stream(self._seen.get(person, "")) as following:
            self._seen[person], data = await following()
        return [
            Entry(
                each["id"], dt.datetime.fromisoformat(each["at"]), Html(each["html"]), each["line"],
                each["private"],
            )
            for each in data["entries"]
            if not each.get("gone") and not each["author"]
        ]  # fmt: skip


@contextlib.asynccontextmanager
async def month_at(folder: Path, learners: int, seed: int) -> AsyncIterator[Month]:
    """Run Milepost on a real SQLite file with a playground of so many learners and one organiser."""
    dice, clock = random.Random(seed), FakeClock(SUNDAY)
    habits = {f"p{number}": _habits(dice) for number in range(learners)}
    people = (
        Somebody("olga", "Olga", organiser=True, zone="Europe/Berlin"),
        *(Somebody(each, f"Learner {each[1:]}", zone=habits[each].zone) for each in habits),
    )
    room = build_playground(PlaygroundConfig(port=0, people=people), clock, None)
    settings = ProgramSettings(database_url=f"sqlite:///{folder / 'milepost.db'}")
    await put_empty_database(folder / "milepost.db")
    async with (
        build(settings, clock, [room], shipped_library()) as application,
        contextlib.AsyncExitStack() as windows,
    ):

        async def opens(person: str) -> Window:
            return await enter(windows, room, person)

        yield Month(clock, application, habits, dice, opens)


def _habits(dice: random.Random) -> Habits:
    return Habits(
        zone=dice.choice(ZONES),
        attends=dice.choice((0.2, 0.5, 0.7, 0.9, 1.0)),
        hour=dice.randrange(6, 24),
        writes=dice.random() < 0.2,
        builds=dice.random() < 0.3,
    )
