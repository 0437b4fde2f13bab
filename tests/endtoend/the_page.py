"""Finding one's way about the demo's page in a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.chat import decode
from content.checks import write_lock
from content.loader import load_pack, shipped_packs_folder
from content.model import Option, Question
from tests.endtoend import chromium
from tests.endtoend.running import Demo
from tests.support.people import shipped_library

Page = Any

DAILY = "Question of the day"
LETTERED = ("single", "output")


def lettered_packs(folder: Path) -> str:
    """Make a folder of packs with one that the demo takes: the shipped questions with lettered buttons.

    A day then needs nothing but a press, whatever the shipped pack asks first.
    """
    pack = folder / "a-lettered"
    shutil.copytree(shipped_packs_folder() / "backend-python", pack)
    info = pack / "pack.yaml"
    info.write_text(info.read_text("utf-8").replace("id: backend-python", "id: a-lettered", 1), "utf-8")
    for file in (pack / "questions").iterdir():
        data = yaml.safe_load(file.read_text("utf-8"))
        lettered = [each for each in data["questions"] if each["type"] in LETTERED and "options" in each]
        file.write_text(yaml.safe_dump(data | {"questions": lettered}, allow_unicode=True), "utf-8")
    (pack / "ids.lock").unlink()
    (pack / "ids.lock").write_text(write_lock(load_pack(pack, needs_lock=False)), "utf-8")
    return str(folder)


def entered(
    context: Any, demo: Demo, person: str, prepare: Callable[[Page], None] = lambda _: None
) -> Page:
    """A new page of the context, opened as a person by the printed address; its messages are there."""
    context.set_default_timeout(chromium.PATIENCE)
    page = context.new_page()
    prepare(page)
    page.goto(f"{demo.address}&as={person}")
    daily(page).wait_for()
    return page


def daily(page: Page) -> Any:
    """The newest question of the day that can be answered."""
    return page.locator(f".entry:has(h3:text('{DAILY}')):has([data-action*='|quiz.answer|'])").last


def message_of(entry: Any) -> str:
    """The id of the message that an entry is. Looked up in one step: an edit may replace the entry."""
    return entry.locator("xpath=ancestor::li[1]").get_attribute("id")


def asked(entry: Any) -> tuple[str, Question]:
    """The id of the question's message, and the question by the options on its buttons."""
    first, *_ = entry.locator("[data-action*='|quiz.answer|']").all()
    option = decode(first.get_attribute("data-action")).params["o"]
    stem = entry.locator(".text").first.inner_text()
    plain = re.compile(r"\W+")
    for pack in shipped_library(every_kind=True).packs.values():
        for question in (q for questions in pack.questions.values() for q in questions):
            if question.option(option) and plain.sub("", question.stem) == plain.sub("", stem):
                return message_of(entry), question
    raise AssertionError(f"no question of the pack: {stem}")


def button_of(entry: Any, option: Option) -> Any:
    return entry.locator(f"[data-action*='|quiz.answer|'][data-action*='o={option.id};']")


def wrong(question: Question) -> Option:
    return next(option for option in question.choices if not option.correct)


def verdict(page: Page, message: str) -> Any:
    """The private reply under a question."""
    return page.locator(f".entry.private:has([data-jump={message}])").last


def write(page: Page, text: str) -> None:
    page.locator("#composer-text").fill(text)
    page.locator("#composer-text").press("Enter")
