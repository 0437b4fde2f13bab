"""Questions with a wrong key, for the test that proofs notice one."""

from __future__ import annotations

import random
from decimal import Decimal

from content.kinds import (
    LineQuestion,
    MatchQuestion,
    MultiQuestion,
    NumberQuestion,
    OrderQuestion,
    OutputQuestion,
    Question,
    ShortQuestion,
)
from content.parts import Option


def with_wrong_key(question: Question, chance: random.Random) -> Question:
    """Return the question with something else for its key. The new one is not validated."""
    match question:
        case ShortQuestion(answer=answer) | OutputQuestion(answer=answer) if answer is not None:
            mistake = chance.choice([text for each in question.mistakes for text in each.answers])
            only = {"accept": (mistake,), "pattern": None, "typos": 0, "refuse": ()}
            return question.model_copy(update={"answer": answer.model_copy(update=only)})
        case NumberQuestion(answer=answer):
            wrong = answer.value * 3 + Decimal(7)
            return question.model_copy(update={"answer": answer.model_copy(update={"value": wrong})})
        case OrderQuestion(items=items):
            return question.model_copy(update={"items": (*items[1:], items[0])})
        case MatchQuestion(pairs=pairs):
            rights = [pair.right for pair in (*pairs[1:], pairs[0])]
            moved = (pair.model_copy(update={"right": r}) for pair, r in zip(pairs, rights, strict=True))
            return question.model_copy(update={"pairs": tuple(moved)})
        case LineQuestion(line=line):
            other = chance.choice([number for number in question.code_lines if number != line])
            return question.model_copy(update={"line": other})
        case MultiQuestion():
            turned = chance.choice(question.options).id
            options = tuple(_turned(each) if each.id == turned else each for each in question.options)
            return question.model_copy(update={"options": options})
    wrong_id = chance.choice([option.id for option in question.choices if not option.correct])
    options = tuple(each.model_copy(update={"correct": each.id == wrong_id}) for each in question.choices)
    return question.model_copy(update={"options": options})


def _turned(option: Option) -> Option:
    return option.model_copy(update={"correct": not option.correct})
