"""A question of each kind that is not one press, and how its form is filled in rightly or wrongly."""

from __future__ import annotations

from typing import Any

from bot.chat import Form
from bot.library import Library
from bot.views.common import plain
from content.model import Pack, Question, parse_question
from tests.questions import shipped_library


def _options(*texts: str, right: tuple[str, ...]) -> list[dict[str, object]]:
    return [
        {"id": text.lower(), "text": text, "correct": text in right, "feedback": f"A word on {text}."}
        for text in texts
    ]


MISTAKES = [{"answers": ["41", "7"], "feedback": "Count once more."}]
OWN = {"options", "answer", "mistakes", "code", "verify", "type"}
DOC = {"verify": {"kind": "doc"}}
KINDS: dict[str, dict[str, object]] = {
    "multi": {"options": _options("One", "Two", "Three", right=("One", "Three")), **DOC},
    "output": {
        "code": {"language": "python", "source": "print('a')\nprint('b')"},
        "answer": {"form": "code", "accept": ["a\nb"]},
        "mistakes": [{"answers": ["ab"], "feedback": "Each print ends its line."}],
        "verify": {"kind": "run"},
    },
    "short": {
        "answer": {"accept": ["mutable"]},
        "mistakes": [{"answers": ["frozen"], "feedback": "That is its opposite."}],
        **DOC,
    },
    "number": {"answer": {"value": 42, "unit": {"name": "ms"}}, "mistakes": MISTAKES, **DOC},
    "order": {
        "items": [{"id": c, "text": f"Step {c}", "feedback": f"{c} has its place."} for c in "abcdef"],
        **DOC,
    },
    "match": {
        "pairs": [
            {"id": f"p{n}", "left": f"`{n}`", "right": f"status {n}00", "feedback": f"{n} is {n}00."}
            for n in (2, 3, 4, 5, 1)
        ],
        **DOC,
    },
    "line": {
        "code": {"language": "python", "source": "def half(n):\n\n    part = n / 2\n    return part\n"},
        "line": 3,
        "fixed": "    part = n // 2",
        "feedback": "Floor division keeps integers.",
        "others": [{"line": 4, "feedback": "It only hands over the value."}],
        **DOC,
    },
}


def question_of(kind: str, **changes: object) -> Question:
    """A question of this kind, with the words of a shipped one."""
    shipped = next(iter(shipped_library().packs["backend-python"].questions.values()))[0]
    common = shipped.model_dump(mode="json", exclude=OWN)
    stem = "Something is asked here, and it is short."
    return parse_question({**common, "stem": stem, "type": kind, **KINDS[kind], **changes})


def library_asking(question: Question) -> Library:
    """The shipped pack with this one question alone."""
    pack = shipped_library().packs["backend-python"]
    fields = {name: getattr(pack, name) for name in type(pack).model_fields}
    only = Pack.model_construct(**fields | {"questions": {pack.topics[0].id: (question,)}})
    return Library({pack.info.id: only})


def filled(question: Question, form: Form, *, right: bool = True) -> dict[str, str]:
    """The fields of the form with the right answer, or with one that is wholly wrong."""
    names = [field.name for field in form.fields]
    match question.type:
        case "multi":
            wanted = [option.text for option in question.options if option.correct is right]
            return {"answer": ", ".join(_value(form, "answer", text) for text in wanted)}
        case "order" | "match":
            texts = [each.text if question.type == "order" else each.right for each in _things(question)]
            wanted = texts if right else [*texts[1:], texts[0]]
            pairs = zip(names, wanted, strict=False)
            return {name: _value(form, name, text) for name, text in pairs}
        case "output":
            return {"answer": "a\nb" if right else "ab"}
        case "number":
            return {"answer": "42 ms" if right else "41"}
    return {"answer": "Mutable" if right else "frozen"}


def _things(question: Question) -> tuple[Any, ...]:
    return question.items if question.type == "order" else question.pairs


def _value(form: Form, name: str, text: str) -> str:
    """The value of the entry with this text in a menu of the form."""
    options = next(field for field in form.fields if field.name == name).options
    return next(option.value for option in options if option.label.endswith(f": {plain(text)}"))
