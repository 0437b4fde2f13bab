"""The shipped pack with those of its questions that the press of a letter answers."""

from __future__ import annotations

from bot.library import Library
from content.kinds import ChoiceQuestion
from content.loader import load_pack, shipped_packs_folder
from content.model import Pack, Question

PACK = "backend-python"


def pressed_library() -> Library:
    pack = load_pack(shipped_packs_folder() / PACK)
    pressed = {
        topic: tuple(each for each in found if _has_letters(each))
        for topic, found in pack.questions.items()
    }
    fields = {name: getattr(pack, name) for name in type(pack).model_fields}
    return Library({PACK: Pack.model_construct(**fields | {"questions": pressed})})


def _has_letters(question: Question) -> bool:
    return isinstance(question, ChoiceQuestion) and bool(question.options) and question.type != "truefalse"
