"""The shipped questions, and which of them a message asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat import Button, Text, decode
from bot.library import Library
from content.kinds import ChoiceQuestion
from content.loader import load_pack, shipped_packs_folder
from content.model import Pack, Question
from tests.support.room import Posted, items_of

if TYPE_CHECKING:
    from tests.support.people import World

_packs: dict[str, Library] = {}


def shipped_library(*, every_kind: bool = False) -> Library:
    """The shipped pack, loaded once for all tests: those that the press of a letter answers, or all."""
    if not _packs:
        pack = load_pack(shipped_packs_folder() / "backend-python")
        pressed = {
            topic: tuple(each for each in found if _has_letters(each))
            for topic, found in pack.questions.items()
        }
        fields = {name: getattr(pack, name) for name in type(pack).model_fields}
        _packs["every kind"] = Library({pack.info.id: pack})
        _packs["pressed"] = Library({pack.info.id: Pack.model_construct(**fields | {"questions": pressed})})
    return _packs["every kind" if every_kind else "pressed"]


def _has_letters(question: Question) -> bool:
    choice = isinstance(question, ChoiceQuestion) and bool(question.options)
    return choice and question.type != "truefalse"


def key_letter(world: World, posted: Posted, *, right: bool = True) -> str:
    """Label of the button of the right option, or of a wrong one, of a question that is shown."""
    question = question_in(world, posted)
    for item in items_of(posted.message):
        if isinstance(item, Button):
            option = question.option(decode(item.action).params.get("o", ""))
            if option and option.correct is right:
                return item.label
    raise AssertionError("no such option")


def question_in(world: World, posted: Posted) -> Question:
    """The question that a message asks: its stem and, while it has buttons, its options."""
    shown = {block.markdown for block in posted.message.blocks if isinstance(block, Text)}
    offered = {decode(item.action).params.get("o") for item in items_of(posted.message)} - {None}
    for pack in world.library.packs.values():
        for questions in pack.questions.values():
            for question in questions:
                if question.stem in shown and offered <= {option.id for option in question.choices}:
                    return question
    raise AssertionError("no question is asked")
