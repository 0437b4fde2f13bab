"""A tiny valid pack on disk, in which a test changes one thing."""

from pathlib import Path

import pytest
import yaml

from bot.domain.questions.matching import judge
from content.checks import check_pack, write_lock
from content.errors import PackError
from content.loader import load_pack

REFERENCE = {
    "title": "Python documentation",
    "url": "https://docs.python.org/3/tutorial/",
    "as_of": "2026-11-22",
}

EXPLANATION = (
    "The built-in function writes its arguments to standard output, separated by a blank and "
    "ended by a new line. That is why the figure appears on a line of its own in the terminal."
)

CODES = (
    "total = 40 + {n}\nprint(total)",
    "word = 'a' * {n}\nprint(len(word) + 40)",
    "stack = [0] * {n}\nstack.append(7)\nprint(39 + len(stack))",
)


STEMS = (
    "A shop adds up what it sold this week. What is shown?",
    "A train leaves the station late in the evening. Which number follows?",
    "The gardener counts each tree twice before noon. Say what the program prints.",
    "Somebody else wrote these lines years ago: what do they give today?",
    "Two cooks share one oven and a clock. What appears on standard output?",
    "Rain fell on the northern coast. How many drops does the script report?",
)


def a_question(id_, number=2, code=CODES[0]):
    """An output question whose code prints 40 + number."""
    answers = {"sum": 40 + number, "low": 39 + number, "high": 50 + number, "text": f"40{number}"}
    return {
        "id": id_,
        "type": "output",
        "objective": "Predict what a short program prints.",
        "bloom": "apply",
        "difficulty": 1,
        "stem": STEMS[number % len(STEMS)],
        "code": {"language": "python", "source": code.format(n=number)},
        "options": [
            {"id": name, "text": f"`{value}`", "correct": name == "sum", "feedback": f"It is {name}."}
            for name, value in answers.items()
        ],
        "hints": ["Read the last line.", "Work out the sum in your head."],
        "explanation": EXPLANATION,
        "references": [dict(REFERENCE)],
        "verify": {"kind": "run"},
    }


def a_prompt(topic, name="prompt"):
    return {
        "id": f"{topic}-{name}",
        "title": f"About {topic}",
        "why_it_matters": (
            "Every program that you will ever write for the web rests upon this one idea, in part."
        ),
        "task_minutes": 5,
        "task": "Open the interpreter, type three expressions, and say what each of them gives.",
        "discuss": "When did this last surprise you?",
        "answer_sketch": (
            "A good answer names one surprise, why it came about, and how to avoid it next time."
        ),
        "references": [dict(REFERENCE)],
    }


def a_challenge(step):
    return {
        "id": f"{step}-project",
        "step": step,
        "title": "A small project",
        "summary": "Build a small command-line tool that adds figures up and tells the total of them.",
        "hours": {"low": 2, "high": 4},
        "days": 3,
        "prerequisites": ["ints"],
        "starter": "Create a folder and a file, and write a first failing test.",
        "milestones": [
            {"day": day, "deliverable": f"Part {day} works.", "check_in": "How did it go?"}
            for day in (1, 2)
        ],
        "acceptance": [f"Check number {number} passes." for number in range(5)],
        "pitfalls": ["Doing too much at once.", "Leaving tests for later."],
        "stretch": ["Add subtraction."],
        "share_template": "I built a tool that adds figures up, and I learnt this:",
        "alone": "Review your own work a day later, with the checks next to it.",
        "references": [dict(REFERENCE)],
    }


def _yaml(data):
    return yaml.safe_dump(data, sort_keys=False)


class TinyPack:
    """Two topics in one step, as plain data to change, then written to a folder.

    ``files`` maps a file's name to its data; a str is written as it stands.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pack = {
            "id": "tiny",
            "title": "A tiny pack",
            "version": "1.0.0",
            "schema": 1,
            "licence": "CC-BY-4.0",
            "as_of": "2026-11-22",
            "environment": {},
            "reference_hosts": ["docs.python.org"],
        }
        self.topics = [
            {"id": "ints", "title": "Integers", "article_term": "Numbers"},
            {
                "id": "strings",
                "title": "Strings",
                "article_term": "Text",
                "prerequisites": ["ints"],
                "confusable_with": ["ints"],
            },
        ]
        steps = [
            {"id": "basics", "title": "Basics", "goal": "Know the basic types.", "topics": self.topics}
        ]
        self.roadmap = {"source": "An article", "steps": steps}
        self.ints = [a_question(f"ints-{n}", n, code) for n, code in enumerate(CODES, 2)]
        self.strings = [a_question(f"strings-{n}", n, code) for n, code in enumerate(CODES, 23)]
        self.prompt = a_prompt("ints")
        self.challenge = a_challenge("basics")
        self.files = {
            "pack.yaml": self.pack,
            "roadmap.yaml": self.roadmap,
            "questions/ints.yaml": {"topic": "ints", "questions": self.ints},
            "questions/strings.yaml": {"topic": "strings", "questions": self.strings},
            "prompts/ints.yaml": {"topic": "ints", "prompts": [self.prompt]},
            "prompts/strings.yaml": {"topic": "strings", "prompts": [a_prompt("strings")]},
            "challenges/basics/basics-project.yaml": self.challenge,
        }
        self.lock = None

    @property
    def question(self):
        """The first question, for a test that changes one."""
        return self.ints[0]

    def write(self):
        for name, data in self.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(data if isinstance(data, str) else _yaml(data), encoding="utf-8")

    def load(self):
        """Write the files, then load them with a lock that fits unless the test gave another."""
        self.write()
        lock = self.lock
        if lock is None:
            lock = write_lock(load_pack(self.folder, needs_lock=False))
        (self.folder / "ids.lock").write_text(lock, encoding="utf-8")
        return load_pack(self.folder)

    def problems(self):
        """The problems that keep the pack from loading, as text without the lock's own."""
        self.write()
        with pytest.raises(PackError) as caught:
            load_pack(self.folder, needs_lock=False)
        return [str(problem) for problem in caught.value.problems]

    def check(self, **options):
        return check_pack(self.load(), self.folder, judge, **options)

    def found(self, **options):
        """The findings of a whole check, as text."""
        return [str(finding) for finding in self.check(**options).findings]


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    monkeypatch.delenv("MILEPOST_TEST_POSTGRES_URL", raising=False)
    return TinyPack(tmp_path / "tiny")


@pytest.fixture
def line_of(tiny):
    """The line of the first place in a file of the pack where ``text`` stands."""

    def find(file, text):
        lines = (tiny.folder / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)

    return find
