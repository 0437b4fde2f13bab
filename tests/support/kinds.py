"""A question of each kind that is not one press, and how its form is filled in rightly or wrongly."""

from __future__ import annotations

from typing import Any

from bot.chat import Form
from bot.library import Library
from bot.views.common import plain
from content.model import Pack, Question, parse_question
from tests.support.questions import shipped_library


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


HEBREW = "שלום עולם 👩‍👩‍👧‍👦 "
"""Words that are written from the right, and an emoji of several characters."""


def wide(number: int, length: int) -> str:
    """A text of exactly this length that begins with its number and goes on from the right."""
    return f"{number} {HEBREW * length}"[: length - 1].rstrip("\u200d ").ljust(length, "ם")


def _widened(kind: str) -> dict[str, object]:
    """The parts of the kind, each as many and as long as content may have them."""
    options = [
        {"id": f"o{n}", "text": wide(n, 200), "correct": n in (1, 2), "feedback": wide(n, 320)}
        for n in range(1, 6)
    ]
    one = [{**option, "correct": option["id"] == "o1"} for option in options]
    told = {"text": wide(1, 200), "feedback": wide(1, 320)}
    mistakes = [
        {"answers": [f"{m}{n}{wide(n, 280)}" for n in range(10)], "feedback": wide(m, 320)}
        for m in range(8)
    ]
    unit = {"name": "ש" * 24, "required": True}
    code = {"language": "python", "source": "\n".join(f"x = '{'ש' * 37}'" for _ in range(20))}
    return {
        "single": {"options": one},
        "truefalse": {"options": [{**told, "id": "true", "correct": True}, {**told, "id": "false"}]},
        "multi": {"options": options},
        "output": {
            "code": code,
            "answer": {"form": "code", "accept": [wide(1, 300)]},
            "mistakes": mistakes,
        },
        "short": {"answer": {"accept": [wide(1, 300)]}, "mistakes": mistakes},
        "number": {
            "answer": {"value": "1" * 35, "unit": unit},
            "mistakes": [{"answers": ["1"], "feedback": wide(1, 320)}],
        },
        "order": {
            "items": [{"id": f"i{n}", "text": wide(n, 120), "feedback": wide(n, 320)} for n in range(1, 7)]
        },
        "match": {
            "pairs": [
                {"id": f"p{n}", "left": wide(n, 80), "right": wide(n, 120), "feedback": wide(n, 320)}
                for n in range(1, 6)
            ]
        },
        "line": {
            "code": code,
            "line": 1,
            "fixed": "x = '1'",
            "feedback": wide(1, 320),
            "others": [{"line": n, "feedback": wide(n, 320)} for n in range(2, 10)],
        },
    }[kind]


ALL = ("single", "truefalse", *KINDS)


def widest(kind: str) -> Question:
    """A question of this kind whose every text is as long as a text of content may be."""
    sources = [
        {
            "title": wide(n, 200),
            "url": f"https://example.org/{n}",
            "section": wide(n, 200),
            "as_of": "2026-11-29",
        }
        for n in range(4)
    ]
    source = {"language": "python", "source": "\n".join(f"x = '{'ש' * 37}'" for _ in range(20))}
    common = {
        "id": "q" * 60, "objective": wide(1, 200), "bloom": "apply", "difficulty": 3, "stem": wide(1, 300),
        "code": source, "hints": [wide(1, 200), wide(2, 200)], "explanation": wide(1, 700),
        "references": sources, "type": kind, **DOC,
    }  # fmt: skip
    return parse_question({**common, **_widened(kind)})


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


def filled_anyhow(form: Form) -> dict[str, str]:
    """The fields of the form with an answer, right or wrong: the entries in turn, a long text."""
    entries = {field.name: field.options for field in form.fields if field.options}
    chosen = {name: options[n].value for n, (name, options) in enumerate(entries.items())}
    return {
        field.name: chosen.get(field.name, "5 " + "ש" * 24 if field.placeholder else wide(7, 290))
        for field in form.fields
    }


def _things(question: Question) -> tuple[Any, ...]:
    return question.items if question.type == "order" else question.pairs


def _value(form: Form, name: str, text: str) -> str:
    """The value of the entry with this text in a menu of the form."""
    options = next(field for field in form.fields if field.name == name).options
    return next(option.value for option in options if option.label.endswith(f": {plain(text)}"))
