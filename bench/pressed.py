"""The shipped pack with those of its questions that one press answers: the measurements press buttons."""

from __future__ import annotations

from bot.library import Library
from content.kinds import ChoiceQuestion
from content.loader import load_pack, shipped_packs_folder
from content.model import Pack

PACK = "backend-python"


def pressed_library() -> Library:
    pack = load_pack(shipped_packs_folder() / PACK)
    pressed = {
        topic: tuple(each for each in found if isinstance(each, ChoiceQuestion) and each.options)
        for topic, found in pack.questions.items()
    }
    fields = {name: getattr(pack, name) for name in type(pack).model_fields}
    return Library({PACK: Pack.model_construct(**fields | {"questions": pressed})})
