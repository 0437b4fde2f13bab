"""Questions to the person at the terminal, each answer checked at once; options answer where nobody can."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import typer

from bot.errors import SetupError
from milepost.cli.output import say_aside

Check = Callable[[str], None]
"""Raises ValueError with a sentence for an answer that can't be taken."""

UNREADABLE = (
    "This terminal sent characters that can't be read. Set it to UTF-8, or give the answers as options."
)


def anything(_answer: str) -> None:
    """Take every answer."""


@dataclass(frozen=True)
class Asker:
    """Asks for answers by name. ``given`` has those that came as options; they are checked the same way.

    ``terminal`` says that somebody can be asked. Without, what isn't given must have a default.
    """

    given: Mapping[str, Sequence[str]]
    terminal: bool

    def one(
        self,
        name: str,
        question: str,
        check: Check = anything,
        default: str | None = None,
        *,
        index: int = 0,
    ) -> str:
        """Return one answer, for an option that may come several times its ``index``-th.

        Raises SetupError for a bad option, and for a needed one that is missing.
        """
        if index < len(given := self.given.get(name, ())):
            return self._option(name, given[index], check)
        if not self.terminal:
            if default is None:
                raise SetupError(f"{option(name)} is needed where nobody can be asked.")
            return default
        while True:
            answer = _typed(question, default)
            if answer == default or not (problem := _problem(answer, check)):
                return answer
            say_aside(problem)

    def many(
        self, name: str, question: str, check: Check = anything, *, least: int = 0, most: int
    ) -> list[str]:
        """Return ``least`` to ``most`` different answers; an empty one ends them. Raises SetupError."""
        if self.given.get(name) or not self.terminal:
            return self._options(name, check, least, most)
        answers: list[str] = []
        while len(answers) < most:
            enough = len(answers) >= least
            more = " (Enter: no more)" if answers and enough else " (Enter: none)" if enough else ""
            answer = _typed(f"{question} {len(answers) + 1}{more}", "" if enough else None)
            if not answer and enough:
                break
            if answer in answers:
                say_aside("That one is there already.")
            elif problem := _problem(answer, check):
                say_aside(problem)
            else:
                answers.append(answer)
        return answers

    def choice(
        self, name: str, question: str, choices: Mapping[str, str], default: str | None = None
    ) -> str:
        """Return one of several names, which is chosen by its number or by the name. Raises SetupError."""
        names = list(choices)
        if self.terminal and not self.given.get(name):
            for number, (each, says) in enumerate(choices.items(), start=1):
                say_aside(f"  {number}  {says or each}")

        def known(answer: str) -> None:
            if answer not in names and answer not in map(str, range(1, len(names) + 1)):
                number = f"a number from 1 to {len(names)}, or " if names[1:] else ""
                raise ValueError(f"Choose {number}{'one of ' if names[1:] else ''}{', '.join(names)}.")

        shown = str(names.index(default) + 1) if default and self.terminal else default
        answer = self.one(name, question, known, shown)
        return answer if answer in names else names[int(answer) - 1]

    def agrees(self, question: str) -> bool:
        """Ask whether to go on; where nobody can be asked, yes."""
        return not self.terminal or bool(_asked(lambda: typer.confirm(question, default=True, err=True)))

    def _option(self, name: str, answer: str, check: Check) -> str:
        if problem := _problem(answer, check):
            raise SetupError(f"{option(name)}: {problem}")
        return answer

    def _options(self, name: str, check: Check, least: int, most: int) -> list[str]:
        answers = [self._option(name, each, check) for each in self.given.get(name, ())]
        if len(set(answers)) < len(answers):
            raise SetupError(f"{option(name)}: the same is given twice.")
        if not least <= len(answers) <= most:
            raise SetupError(f"{option(name)} is needed {least} to {most} times where nobody can be asked.")
        return answers


def asker(given: Mapping[str, str | Sequence[str] | None], *, ask: bool = True) -> Asker:
    """Return an asker for these options, and for the terminal if there is one and ``ask`` is true."""
    listed = {
        name: [value] if isinstance(value, str) else list(value) for name, value in given.items() if value
    }
    return Asker(listed, terminal=ask and sys.stdin.isatty())


def option(name: str) -> str:
    """Return the option that gives an answer, such as ``--stem``."""
    return f"--{name.replace('_', '-')}"


def _typed(question: str, default: str | None) -> str:
    """Return what is typed, without space around it."""
    shown = bool(default)
    answer = _asked(lambda: typer.prompt(question, default=default, show_default=shown, err=True))
    return str(answer).strip()


def _asked(ask: Callable[[], object]) -> object:
    """Return what a prompt returns. Raises SetupError where it is broken off, or can't be read."""
    try:
        return ask()
    except typer.Abort:
        raise SetupError("Stopped. Nothing was written.") from None
    except UnicodeDecodeError:
        raise SetupError(UNREADABLE) from None


def _problem(answer: str, check: Check) -> str | None:
    """Return the sentence on an answer that can't be taken."""
    if any("\ud800" <= each <= "\udfff" for each in answer):
        return UNREADABLE
    if any(unicodedata.category(each) == "Cc" for each in answer):
        return "This has a character that shows nothing. Type it again."
    try:
        check(answer)
    except ValueError as error:
        return str(error)
    return None
